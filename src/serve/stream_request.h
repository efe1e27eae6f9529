// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tapeline::serve {

// What a client of the push stream asks for.
struct StreamRequest {
  static constexpr std::size_t kBytesMax = std::size_t{16} << 10;
  static constexpr std::size_t kTopicsMax = 64;
  static constexpr std::size_t kTopicBytesMax = 200;

  bool subscribes = true;  // else it unsubscribes
  std::vector<std::string> topics{};
  std::string epoch{};                         // of the numbers; empty: it resumes nothing
  std::map<std::string, std::uint64_t> seq{};  // by topic: the number that the client has
};

// An Error of the caller says what is wrong with it.
[[nodiscard]] Result<StreamRequest> parse_stream_request(std::string_view json);

}  // namespace tapeline::serve
