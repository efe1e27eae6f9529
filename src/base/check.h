// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tapeline {

// Logs the broken invariant and stops the process. Never for input: only for our own bugs.
[[noreturn]] void check_failed(const char* condition, const char* why, const char* file, int line);

}  // namespace tapeline

// On in production too: a process that goes on after a broken invariant shows wrong numbers.
#define TAPELINE_CHECK(condition, why)                 \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::tapeline::check_failed(#condition, why, __FILE__, __LINE__))
