// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "venue/candles.h"

namespace tapeline::decode {

// The bytes of a journal record of type kAnswer, where a venue's candles were asked for: all that
// decode has to know to read the body.
struct CandleAnswer {
  std::string venue{};  // a name of the venue table
  venue::CandleWish wish{};
  int status = 0;       // of HTTP; 0: there was no answer
  std::string error{};  // then, or of a body that is none; one line
  std::string_view body{};
};

// Of a kRequest: text lines, where `target` is path and query.
std::string encode_candle_request(std::string_view venue, const venue::CandleWish& wish,
                                  std::string_view target);
// Text lines, an empty line, and the body.
std::string encode_candle_answer(const CandleAnswer& answer);
// Nothing where the record is the answer to something else. The body is a view into `bytes`.
[[nodiscard]] Result<std::optional<CandleAnswer>> parse_candle_answer(std::string_view bytes);

}  // namespace tapeline::decode
