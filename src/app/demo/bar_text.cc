// SPDX-License-Identifier: Apache-2.0
#include "app/demo/bar_text.h"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "base/decimal.h"
#include "base/int128.h"
#include "sim/market/text.h"

namespace tapeline::app::demo {
namespace {

// The stored value in the pipeline's words, the right one in the simulator's: neither can hide a
// mistake of the other.
std::string stored_text(const std::optional<Int128>& value) {
  std::string text;
  if (value) append_scaled(text, *value, Decimal::kScaleMax);
  return text;
}

std::string stored_text(const TradeId& id) {
  std::string text;
  id.append_to(text);
  return text;
}

std::string right_text(Int128 units, int places) {
  std::string text;
  sim::append_exact(text, units, places);
  return text;
}

class ColumnTexts {
 public:
  void compare(std::string_view column, const std::string& stored, const std::string& right) {
    if (stored == right) return;
    fmt::format_to(std::back_inserter(text_), " {} {} (should be {})", column,
                   stored.empty() ? "empty" : stored, right.empty() ? "empty" : right);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string right_vwap(const sim::TruthBar& bar, const sim::Instrument& instrument) {
  std::string text;
  if (bar.volume == 0) return text;
  sim::append_quotient(text, {.numerator = bar.notional,
                              .numerator_places = instrument.price_places + instrument.size_places,
                              .denominator = bar.volume,
                              .denominator_places = instrument.size_places});
  return text;
}

}  // namespace

std::string difference(const BarColumns& stored, const sim::TruthBar& right,
                       const sim::Instrument& instrument, const Unsaid& unsaid) {
  const int price = instrument.price_places;
  const int size = instrument.size_places;
  ColumnTexts columns;
  const auto unless = [](bool is_unsaid, std::string text) {
    return is_unsaid ? std::string() : std::move(text);
  };
  const bool has_none = !right.has_prices();
  columns.compare("open", stored_text(stored.open),
                  unless(has_none, right_text(right.open, price)));
  columns.compare("high", stored_text(stored.high),
                  unless(has_none, right_text(right.high, price)));
  columns.compare("low", stored_text(stored.low), unless(has_none, right_text(right.low, price)));
  columns.compare("close", stored_text(stored.close),
                  unless(has_none, right_text(right.close, price)));
  columns.compare("volume", stored_text(stored.volume),
                  unless(unsaid.sizes, right_text(right.volume, size)));
  columns.compare("buy_volume", stored_text(stored.buy_volume),
                  unless(unsaid.sizes || unsaid.sides, right_text(right.buy_volume, size)));
  columns.compare("notional", stored_text(stored.notional),
                  unless(unsaid.sizes, right_text(right.notional, price + size)));
  columns.compare("vwap", stored_text(stored.vwap),
                  unless(unsaid.sizes, right_vwap(right, instrument)));
  columns.compare("trades", fmt::format("{}", stored.trades), fmt::format("{}", right.trades));
  if (unsaid.ids) return columns.text();
  columns.compare("first_id", stored_text(stored.first_id), fmt::format("{}", right.first_id));
  columns.compare("last_id", stored_text(stored.last_id), fmt::format("{}", right.last_id));
  return columns.text();
}

}  // namespace tapeline::app::demo
