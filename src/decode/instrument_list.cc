// SPDX-License-Identifier: Apache-2.0
#include "decode/instrument_list.h"

namespace tapeline::decode {

std::string encode_instrument_list(const InstrumentList& list) {
  std::string out(list.venue);
  out += '\n';
  out += list.json;
  return out;
}

Result<InstrumentList> parse_instrument_list(std::string_view bytes) {
  const auto end = bytes.find('\n');
  if (end == std::string_view::npos) {
    return fail(Fault::kTheirs, "the instruments record names no venue");
  }
  return InstrumentList{bytes.substr(0, end), bytes.substr(end + 1)};
}

}  // namespace tapeline::decode
