// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/values/values.h"

namespace tapeline::app::values {

struct UrlKind {
  std::string_view secure;  // "wss"
  std::string_view plain;   // "ws": only to this machine
};

inline constexpr UrlKind kWebSocketUrl{"wss", "ws"};
inline constexpr UrlKind kHttpUrl{"https", "http"};

// SCHEME://HOST[:PORT][/...]. What is said over the plain scheme anybody between may read and
// change, so it is refused to any other machine; a user or a password is refused too.
Value<std::string> read_url(std::string_view text, UrlKind kind);

// http://[USER:PASSWORD@]HOST:PORT
Value<std::string> read_proxy(std::string_view text);

// "http://***@HOST:PORT": what may stand before an '@' is a secret.
std::string without_user(std::string_view text);

// HOST:PORT; port 0 is any that is free.
Value<std::string> read_listen(std::string_view text);

}  // namespace tapeline::app::values
