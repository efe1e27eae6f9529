// expect: ignoring return(ed)? value
// SPDX-License-Identifier: Apache-2.0
// A failure is handled, or dropped with a reason.
#include "replay/byte_source.h"

#ifdef TAPELINE_EXPECT_COMPILES
void run() { tapeline::ignore(tapeline::replay::open_byte_source("trades.csv"), "only a test"); }
#else
void run() { tapeline::replay::open_byte_source("trades.csv"); }
#endif
