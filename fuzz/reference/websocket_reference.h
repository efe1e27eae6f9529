// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tapeline::fuzz {

// The messages in what a server says (RFC 6455, without extensions), up to its good-bye, to the
// first bytes that are wrong, or to a message of more than that: slow and simple.
struct Heard {
  std::vector<std::string> messages{};
  // The next one is a text that is no UTF-8 and whose last frame is empty: there Beast does not
  // look whether it ends within a character, and begins the next text as if that went on.
  bool may_go_on = false;
};
Heard messages_of(std::string_view bytes, std::size_t message_bytes_max);

}  // namespace tapeline::fuzz
