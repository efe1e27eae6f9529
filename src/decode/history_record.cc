// SPDX-License-Identifier: Apache-2.0
#include "decode/history_record.h"

#include <fmt/format.h>

#include "decode/text_lines.h"

namespace tapeline::decode {
namespace {

constexpr std::string_view kMark = "history: ";
constexpr std::string_view kYes = "yes";

constexpr std::string_view yes_or_no(bool is) { return is ? kYes : "no"; }

std::string encode_question(const HistoryQuestion& question) {
  const venue::HistoryWish& wish = question.wish;
  std::string out = fmt::format(
      "{}{}\nsymbol: {}\nchannel: {}\nfirst: {}\nlast: {}\nfrom: {}\nto: {}\ncursor: {}\n"
      "repair: {}\nfinal: {}\n",
      kMark, question.venue, one_line(wish.symbol), name_of(wish.channel), wish.first_id,
      wish.last_id, wish.from_time.unix_ns(), wish.to_time.unix_ns(), one_line(wish.cursor),
      yes_or_no(question.is_repair), yes_or_no(question.is_final));
  if (question.is_beginning) out += "beginning: yes\n";
  return out;
}

bool read_channel(std::string_view text, Channel& out) {
  for (const Channel channel : {Channel::kTrades, Channel::kAggTrades}) {
    if (text == name_of(channel)) {
      out = channel;
      return true;
    }
  }
  return false;
}

bool set_answer_field(HistoryAnswer& answer, std::string_view key, std::string_view value) {
  HistoryQuestion& question = answer.question;
  venue::HistoryWish& wish = question.wish;
  if (key == "history") {
    question.venue = value;
  } else if (key == "symbol") {
    wish.symbol = value;
  } else if (key == "channel") {
    return read_channel(value, wish.channel);
  } else if (key == "first") {
    return read_number(value, wish.first_id);
  } else if (key == "last") {
    return read_number(value, wish.last_id);
  } else if (key == "from") {
    return read_time(value, wish.from_time);
  } else if (key == "to") {
    return read_time(value, wish.to_time);
  } else if (key == "cursor") {
    wish.cursor = value;
  } else if (key == "repair") {
    question.is_repair = value == kYes;
  } else if (key == "final") {
    question.is_final = value == kYes;
  } else if (key == "beginning") {
    question.is_beginning = value == kYes;
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

std::string encode_history_request(const HistoryQuestion& question, std::string_view target) {
  return encode_question(question) + fmt::format("method: GET\ntarget: {}\n", target);
}

std::string encode_history_answer(const HistoryAnswer& answer) {
  std::string out = encode_question(answer.question);
  append_answer(out, answer.status, answer.error, answer.body);
  return out;
}

Result<std::optional<HistoryAnswer>> parse_history_answer(std::string_view bytes) {
  if (!bytes.starts_with(kMark)) return std::nullopt;
  HistoryAnswer answer{.question = {.is_final = true}};  // as all were that did not say it yet
  const auto body = read_text_head(
      bytes, "answer", [&](auto key, auto value) { return set_answer_field(answer, key, value); });
  if (!body) return tl::make_unexpected(body.error());
  answer.body = *body;
  return answer;
}

}  // namespace tapeline::decode
