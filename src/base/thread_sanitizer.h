// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tapeline {

// For tests: this build is watched for races. Code runs some ten times as slow, and threads that
// hand over to each other more so; each byte has four of shadow.
#ifdef __SANITIZE_THREAD__
inline constexpr bool kHasThreadSanitizer = true;
#else
inline constexpr bool kHasThreadSanitizer = false;
#endif

}  // namespace tapeline
