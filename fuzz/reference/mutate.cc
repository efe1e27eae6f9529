// SPDX-License-Identifier: Apache-2.0
#include "reference/mutate.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

namespace tapeline::reference {
namespace {

using namespace std::string_view_literals;

constexpr std::array kPieces{"\""sv,
                             ","sv,
                             ":"sv,
                             "{"sv,
                             "}"sv,
                             "["sv,
                             "]"sv,
                             "{}"sv,
                             "[[]]"sv,
                             "null"sv,
                             "true"sv,
                             "-1"sv,
                             "1e5"sv,
                             "0"sv,
                             "01"sv,
                             "1.5"sv,
                             " "sv,
                             "\n"sv,
                             "\t"sv,
                             "\0"sv,
                             "\x0c"sv,
                             "\x1a"sv,
                             "\\"sv,
                             "\\\""sv,
                             "\\u0041"sv,
                             "\\ud800"sv,
                             "\\u0000"sv,
                             "\xc3\xa9"sv,
                             "\xff"sv,
                             "\xed\xa0\x80"sv,
                             "\"e\":\"trade\","sv,
                             "\"type\":\"match\","sv,
                             "\"data\":{"sv,
                             "\"price\":\"1\","sv,
                             "18446744073709551616"sv};

}  // namespace

Mutator::Mutator(std::vector<std::string> frames, std::uint32_t seed)
    : frames_(std::move(frames)), random_(seed) {}

std::size_t Mutator::below(std::size_t bound) {
  return bound == 0 ? 0 : static_cast<std::size_t>(random_()) % bound;
}

std::string Mutator::next() {
  std::string frame = frames_[below(frames_.size())];
  for (std::size_t times = 1 + below(4); times > 0; --times) mutate_once(frame);
  return frame;
}

void Mutator::mutate_once(std::string& frame) {
  const std::size_t at = below(frame.size() + 1);
  const std::size_t length = std::min(below(12), frame.size() - at);
  switch (below(8)) {
    case 0:
      if (at < frame.size()) frame[at] = static_cast<char>(random_());
      break;
    case 1:
      frame.erase(at, length);
      break;
    case 2:
      frame.insert(below(frame.size()), frame.substr(at, length));
      break;
    case 3:
      frame.insert(at, kPieces[below(kPieces.size())]);
      break;
    case 4:
      frame.replace(at, length, kPieces[below(kPieces.size())]);
      break;
    case 5: {
      const std::string& other = frames_[below(frames_.size())];
      frame.insert(at, other.substr(below(other.size()), below(60)));
      break;
    }
    case 6:
      frame += kPieces[below(kPieces.size())];
      break;
    default:
      frame.resize(at);
      break;
  }
}

std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

}  // namespace tapeline::reference
