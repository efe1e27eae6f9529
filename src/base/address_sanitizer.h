// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tapeline {

// For tests: this build is watched for wrong use of memory. What is freed is kept for a while, and
// eight bytes have one of shadow.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kHasAddressSanitizer = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kHasAddressSanitizer = true;
#else
inline constexpr bool kHasAddressSanitizer = false;
#endif
#else
inline constexpr bool kHasAddressSanitizer = false;
#endif

}  // namespace tapeline
