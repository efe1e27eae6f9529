// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/server.h"

namespace tapeline::serve {

// An address that nobody else's machine reaches; anything else is refused until there are tokens.
[[nodiscard]] Result<void> check_listen(std::string_view listen);

// Why a request is refused, by whom it says it is for and who sent it: a page of somebody else's
// must neither read nor do anything here, whatever names it makes point to this machine.
// `is_act`: a WebSocket, or something that changes something.
[[nodiscard]] std::optional<std::string> refuse_access(const net::ServerRequest& request,
                                                       bool is_act);

}  // namespace tapeline::serve
