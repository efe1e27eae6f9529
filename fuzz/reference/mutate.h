// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace tapeline::reference {

// Spoils a frame in one to four places: bytes changed, cut, repeated or put in, parts of others
// moved over. The same seed spoils it in the same way.
class Mutator {
 public:
  Mutator(std::vector<std::string> frames, std::uint32_t seed);

  std::string next();

 private:
  std::size_t below(std::size_t bound);
  void mutate_once(std::string& frame);

  std::vector<std::string> frames_;
  std::mt19937 random_;
};

// The lines of a file without their ends; none when it does not open.
std::vector<std::string> read_lines(const std::string& path);

}  // namespace tapeline::reference
