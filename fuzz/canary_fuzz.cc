// SPDX-License-Identifier: Apache-2.0
// A planted bug. The fuzzer must find it; a fuzzer that does not is broken, and ctest says so.
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size >= 3 && data[0] == 'B' && data[1] == 'U' && data[2] == 'G') __builtin_trap();
  return 0;
}
