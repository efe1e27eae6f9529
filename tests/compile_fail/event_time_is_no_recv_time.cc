// expect: no match for 'operator<'|invalid operands to binary expression
// SPDX-License-Identifier: Apache-2.0
// The venue's clock and ours are not compared by accident.
#include "base/time.h"

inline constexpr tapeline::EventTime kEvent(1);
inline constexpr tapeline::RecvTime kRecv(2);

#ifdef TAPELINE_EXPECT_COMPILES
inline constexpr bool kEarlier = kEvent.unix_ns() < kRecv.unix_ns();
#else
inline constexpr bool kEarlier = kEvent < kRecv;
#endif
