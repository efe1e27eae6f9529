// SPDX-License-Identifier: Apache-2.0
// One planted bug per sanitizer, chosen by the argument. Without a sanitizer none is noticed.
#include <cstddef>
#include <iostream>
#include <limits>
#include <memory>
#include <string_view>
#include <thread>

namespace {

int read_past_the_end() {
  const auto numbers = std::make_unique<int[]>(4);
  volatile std::size_t index = 4;
  return numbers[index];
}

int overflow() {
  volatile int largest = std::numeric_limits<int>::max();
  return largest + 1;
}

int race() {
  int shared = 0;
  {
    const std::jthread writer([&shared] { ++shared; });
    ++shared;
  }
  return shared;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view bug = argc == 2 ? argv[1] : "";
  if (bug == "address") std::cout << read_past_the_end();
  if (bug == "undefined") std::cout << overflow();
  if (bug == "thread") std::cout << race();
  return 0;
}
