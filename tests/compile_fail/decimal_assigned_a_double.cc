// expect: no match for 'operator='|no viable overloaded '='
// SPDX-License-Identifier: Apache-2.0
// Money is not a double, later either.
#include "base/decimal.h"

#ifdef TAPELINE_EXPECT_COMPILES
void set(tapeline::Decimal& price) { price = {40'023, 2}; }
#else
void set(tapeline::Decimal& price) { price = 400.23; }
#endif
