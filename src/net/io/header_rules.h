// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/http.h"

namespace tapeline::net {

// Whether all of them can be sent as they are: a line break in a value would begin another header.
bool are_sendable(const Headers& headers);

}  // namespace tapeline::net
