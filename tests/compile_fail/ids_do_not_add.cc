// expect: no match for 'operator\+'|invalid operands to binary expression
// SPDX-License-Identifier: Apache-2.0
// A sum of two ids names nothing.
#include "base/ids.h"

inline constexpr tapeline::InstrumentId kFirst(1);
inline constexpr tapeline::InstrumentId kSecond(2);

#ifdef TAPELINE_EXPECT_COMPILES
inline constexpr auto kSum = kFirst.value() + kSecond.value();
#else
inline constexpr auto kSum = kFirst + kSecond;
#endif
