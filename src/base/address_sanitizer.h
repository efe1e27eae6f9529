// SPDX-License-Identifier: Apache-2.0
#pragma once

// There where the program is linked with AddressSanitizer, whatever this file is compiled with.
extern "C" __attribute__((weak)) void __asan_init();

namespace tapeline {

// For tests: this program is watched for wrong use of memory. What is freed is kept for a while,
// and eight bytes have one of shadow.
inline bool has_address_sanitizer() { return __asan_init != nullptr; }

}  // namespace tapeline
