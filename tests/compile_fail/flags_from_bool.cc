// expect: no matching function for call|no matching conversion
// SPDX-License-Identifier: Apache-2.0
// A flag has a name.
#include "model/trade.h"

#ifdef TAPELINE_EXPECT_COMPILES
inline constexpr auto kFlags = tapeline::Flags(tapeline::Flag::kSnapshot);
#else
inline constexpr auto kFlags = tapeline::Flags(true);
#endif
