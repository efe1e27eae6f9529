// SPDX-License-Identifier: Apache-2.0
#include "decode/candle_record.h"

#include <fmt/format.h>

#include "decode/text_lines.h"

namespace tapeline::decode {
namespace {

constexpr std::string_view kCandlesMark = "candles: ";

std::string encode_wish(std::string_view venue, const venue::CandleWish& wish) {
  return fmt::format("{}{}\nsymbol: {}\nfrom: {}\nto: {}\n", kCandlesMark, venue,
                     one_line(wish.symbol), wish.from.unix_ns(), wish.to.unix_ns());
}

bool set_field(CandleAnswer& answer, std::string_view key, std::string_view value) {
  if (key == "candles") {
    answer.venue = value;
  } else if (key == "symbol") {
    answer.wish.symbol = value;
  } else if (key == "from") {
    return read_time(value, answer.wish.from);
  } else if (key == "to") {
    return read_time(value, answer.wish.to);
  } else if (key == "status") {
    return read_number(value, answer.status);
  } else if (key == "error") {
    answer.error = value;
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string encode_candle_request(std::string_view venue, const venue::CandleWish& wish,
                                  std::string_view target) {
  return encode_wish(venue, wish) + fmt::format("method: GET\ntarget: {}\n", target);
}

std::string encode_candle_answer(const CandleAnswer& answer) {
  std::string out = encode_wish(answer.venue, answer.wish);
  append_answer(out, answer.status, answer.error, answer.body);
  return out;
}

Result<std::optional<CandleAnswer>> parse_candle_answer(std::string_view bytes) {
  if (!bytes.starts_with(kCandlesMark)) return std::nullopt;
  CandleAnswer answer;
  const auto body = read_text_head(
      bytes, "answer", [&](auto key, auto value) { return set_field(answer, key, value); });
  if (!body) return tl::make_unexpected(body.error());
  answer.body = *body;
  return answer;
}

}  // namespace tapeline::decode
