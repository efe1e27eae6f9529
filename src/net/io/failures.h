// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/io/asio.h"

namespace tapeline::net {

// What went wrong, as one sentence for a person: `where` is "host:port", and the end says what to
// do about it.

Error resolve_failed(std::string_view where, const ErrorCode& why);
Error connect_failed(std::string_view where, const ErrorCode& why);
// The connection ended, or failed, "while connecting" or the like.
Error broken(std::string_view where, std::string_view when, const ErrorCode& why);
// An answer that refuses; `asked_for` is "the WebSocket".
Error refused(std::string_view where, std::string_view asked_for, unsigned status,
              std::string_view reason);

// What others sent, made fit for a message: ASCII, and not too long.
std::string printable(std::string_view text);

}  // namespace tapeline::net
