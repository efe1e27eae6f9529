// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace tapeline::decode {

// A venue's own instrument list: the bytes of a journal record of type kInstruments, as the venue's
// name, a newline, and what its REST interface gave.
struct InstrumentList {
  std::string_view venue{};
  std::string_view json{};
};

std::string encode_instrument_list(const InstrumentList& list);
// Views into `bytes`.
[[nodiscard]] Result<InstrumentList> parse_instrument_list(std::string_view bytes);

}  // namespace tapeline::decode
