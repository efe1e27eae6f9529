// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tapeline::app::live {

// Gives back what only the start needed: memory that is free by now, and the pages of the program
// and of its libraries, most of which no run touches again; those that are come back from the page
// cache. For any thread.
void give_back_memory();

// Gives back what the allocator holds and nobody uses: after a flood that is as much as the flood
// needed. For any thread.
void give_back_free_memory();

}  // namespace tapeline::app::live
