// SPDX-License-Identifier: Apache-2.0
#include "decode/candle_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "decode/text_lines.h"

namespace tapeline::decode {
namespace {

constexpr std::string_view kCandlesMark = "candles: ";

std::string in_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string encode_wish(std::string_view venue, const venue::CandleWish& wish) {
  return fmt::format("{}{}\nsymbol: {}\nfrom: {}\nto: {}\n", kCandlesMark, venue,
                     in_one_line(wish.symbol), wish.from.unix_ns(), wish.to.unix_ns());
}

template <typename Number>
bool take_number(std::string_view text, Number& out) {
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && at == text.data() + text.size();
}

bool take_time(std::string_view text, EventTime& out) {
  std::int64_t unix_ns = 0;
  if (!take_number(text, unix_ns)) return false;
  out = EventTime(unix_ns);
  return true;
}

bool set_field(CandleAnswer& answer, std::string_view key, std::string_view value) {
  if (key == "candles") {
    answer.venue = value;
  } else if (key == "symbol") {
    answer.wish.symbol = value;
  } else if (key == "from") {
    return take_time(value, answer.wish.from);
  } else if (key == "to") {
    return take_time(value, answer.wish.to);
  } else if (key == "status") {
    return take_number(value, answer.status);
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
  std::string out =
      encode_wish(answer.venue, answer.wish) + fmt::format("status: {}\n", answer.status);
  if (!answer.error.empty()) out += "error: " + in_one_line(answer.error) + '\n';
  out += '\n';
  out += answer.body;
  return out;
}

Result<std::optional<CandleAnswer>> parse_candle_answer(std::string_view bytes) {
  if (!bytes.starts_with(kCandlesMark)) return std::nullopt;
  const std::size_t end = bytes.find("\n\n");
  if (end == std::string_view::npos) {
    return fail(Fault::kTheirs, "the answer record has no end of its lines");
  }
  CandleAnswer answer;
  const auto set = [&](std::string_view key, std::string_view value) {
    return set_field(answer, key, value);
  };
  if (auto done = read_text_lines(bytes.substr(0, end + 1), "answer", set); !done) {
    return tl::make_unexpected(done.error());
  }
  answer.body = bytes.substr(end + 2);
  return answer;
}

}  // namespace tapeline::decode
