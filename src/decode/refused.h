// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "venue/venue.h"

namespace tapeline::decode {

// A line of a foreign input that is no frame and no row: the bytes of a journal record of type
// kRefused, as the reason's name, a newline, and the line itself.
struct Refused {
  venue::RejectReason reason = venue::RejectReason::kBadRow;
  std::string_view line{};
};

std::string encode_refused(const Refused& refused);
// The line is a view into `bytes`.
[[nodiscard]] Result<Refused> parse_refused(std::string_view bytes);

}  // namespace tapeline::decode
