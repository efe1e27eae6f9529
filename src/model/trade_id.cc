// SPDX-License-Identifier: Apache-2.0
#include "model/trade_id.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <iterator>

namespace tapeline {
namespace {

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_leading_zeros(std::string_view digits) {
  const auto first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? digits.substr(digits.size() - 1) : digits.substr(first);
}

}  // namespace

std::optional<TradeId> TradeId::parse(std::string_view text) {
  if (text.empty() || text.size() > kTextBytesMax) return std::nullopt;
  if (is_digits(text) && (text.size() == 1 || text[0] != '0')) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{}) return TradeId(number);
  }
  const auto is_plain = [](char c) { return c > ' ' && c != ',' && c != '"' && c != '\x7f'; };
  if (!std::all_of(text.begin(), text.end(), is_plain)) return std::nullopt;
  TradeId id;
  id.length_ = static_cast<std::uint8_t>(text.size());
  const std::size_t head = std::min(text.size(), sizeof(id.number_));
  std::memcpy(&id.number_, text.data(), head);
  std::memcpy(id.tail_.data(), text.data() + head, text.size() - head);
  return id;
}

std::string TradeId::text() const {
  if (is_number()) return fmt::format("{}", number_);
  const std::size_t head = std::min<std::size_t>(length_, sizeof(number_));
  std::string out(length_, '\0');
  std::memcpy(out.data(), &number_, head);
  std::memcpy(out.data() + head, tail_.data(), length_ - head);
  return out;
}

void TradeId::append_to(std::string& out) const {
  if (is_number()) {
    fmt::format_to(std::back_inserter(out), "{}", number_);
  } else {
    out += text();
  }
}

std::strong_ordering TradeId::compare_text(const TradeId& a, const TradeId& b) {
  const std::string left = a.text();
  const std::string right = b.text();
  const bool left_digits = is_digits(left);
  if (left_digits != is_digits(right)) {
    return left_digits ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  if (left_digits) {
    const auto x = without_leading_zeros(left);
    const auto y = without_leading_zeros(right);
    if (x.size() != y.size()) return x.size() <=> y.size();
    if (const int order = x.compare(y); order != 0) return order <=> 0;
  }
  return left.compare(right) <=> 0;
}

void TradeId::save_text(ByteWriter& out) const {
  std::array<char, kTextBytesMax> bytes{};
  std::memcpy(bytes.data(), &number_, sizeof(number_));
  std::memcpy(bytes.data() + sizeof(number_), tail_.data(), tail_.size());
  out.text({bytes.data(), length_});
}

void TradeId::load(ByteReader& in) {
  const std::string_view text = in.text();
  if (text.empty()) {
    *this = TradeId(in.number<std::uint64_t>());
    return;
  }
  const auto id = parse(text);
  in.require(id && !id->is_number(), "an id is none");
  *this = in.failed() ? TradeId() : *id;
}

std::uint64_t TradeId::hash() const {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;
  if (is_number()) return number_ * kMix;
  return std::hash<std::string>{}(text()) * kMix;
}

}  // namespace tapeline
