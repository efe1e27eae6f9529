// expect: no match for 'operator=='|invalid operands to binary expression
// SPDX-License-Identifier: Apache-2.0
// An instrument is never equal to a connection.
#include "base/ids.h"

inline constexpr tapeline::InstrumentId kInstrument(1);
inline constexpr tapeline::ConnectionId kConnection(1);

#ifdef TAPELINE_EXPECT_COMPILES
inline constexpr bool kSame = kInstrument.value() == kConnection.value();
#else
inline constexpr bool kSame = kInstrument == kConnection;
#endif
