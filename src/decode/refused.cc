// SPDX-License-Identifier: Apache-2.0
#include "decode/refused.h"

#include <fmt/format.h>

#include <cstdint>

namespace tapeline::decode {

std::string encode_refused(const Refused& refused) {
  std::string out = name_of(refused.reason);
  out += '\n';
  out += refused.line;
  return out;
}

Result<Refused> parse_refused(std::string_view bytes) {
  const std::string_view name = bytes.substr(0, bytes.find('\n'));
  for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(venue::RejectReason::kEnd); ++i) {
    const auto reason = static_cast<venue::RejectReason>(i);
    if (name != name_of(reason) || name.size() == bytes.size()) continue;
    return Refused{reason, bytes.substr(name.size() + 1)};
  }
  return fail(Fault::kTheirs, fmt::format("the refused record says \"{}\", which this version of "
                                          "tapeline does not know; a newer one wrote it",
                                          name));
}

}  // namespace tapeline::decode
