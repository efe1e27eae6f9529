// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace tapeline::app {

// From now on the first SIGINT or SIGTERM sets the flag, and the second one ends the process at
// once with status 130. Blocking reads return with EINTR. The flag lives as long as the process.
const std::atomic<bool>& stop_on_signals();

// From now on a SIGHUP sets the flag, which whoever takes it sets back, and no longer ends the
// process; unless standard error was a terminal and is none any more: that one was closed.
std::atomic<bool>& reread_on_hangup();

// For a process that works whether somebody reads what it says or not: a pipe of its output that is
// closed costs the output and no more. Others end with it, as `... | head` wants.
void outlive_readers();

}  // namespace tapeline::app
