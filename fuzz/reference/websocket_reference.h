// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tapeline::fuzz {

// The messages in what a server says (RFC 6455, without extensions), up to its good-bye, to the
// first bytes that are wrong, or to a message of more than that: slow and simple.
std::vector<std::string> messages_of(std::string_view bytes, std::size_t message_bytes_max);

}  // namespace tapeline::fuzz
