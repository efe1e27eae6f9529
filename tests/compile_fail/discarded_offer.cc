// expect: ignoring return(ed)? value
// SPDX-License-Identifier: Apache-2.0
// A full ring is an answer.
#include "base/spsc_ring.h"

#ifdef TAPELINE_EXPECT_COMPILES
tapeline::Offer push(tapeline::SpscRing<int>& ring) { return ring.offer(1); }
#else
void push(tapeline::SpscRing<int>& ring) { ring.offer(1); }
#endif
