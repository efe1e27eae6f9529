// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace tapeline {

// Whose fault a failure is: decides who is told and who has to act.
enum class Fault : std::uint8_t {
  kOurs,    // this program or this machine: disk full, out of memory
  kTheirs,  // a peer: venue, broker, a damaged file
  kCaller,  // wrong use: unknown option, missing file, bad configuration
};

enum class Retry : std::uint8_t { kNever, kAfterBackoff };

// A failure of the outside world. Never used for bad data (that is a counted outcome) nor for
// bugs (TAPELINE_CHECK). The text grows a prefix at each level that knows more.
struct Error {
  Fault fault = Fault::kOurs;
  Retry retry = Retry::kNever;
  std::string text;

  [[nodiscard]] Error within(std::string_view where) const {
    return Error{fault, retry, std::string(where) + ": " + text};
  }
};

template <typename T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Fault fault, std::string text,
                                                Retry retry = Retry::kNever) {
  return tl::make_unexpected(Error{fault, retry, std::move(text)});
}

// Says in code why a result may be dropped; the reason is for the reader.
template <typename T>
void ignore(const Result<T>& /*result*/, std::string_view /*why*/) {}

}  // namespace tapeline
