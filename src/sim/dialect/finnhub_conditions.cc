// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/finnhub_conditions.h"

namespace tapeline::sim {
namespace {

// As where no condition is told: most of FX and crypto.
bool is_without(const TruthTrade& trade) { return trade.size % 8 == 1; }
bool is_odd_lot(const TruthTrade& trade) { return !is_without(trade) && trade.size % 4 == 2; }
bool is_extended(const TruthTrade& trade) {
  constexpr std::int64_t kSecondNs = 1'000'000'000;
  return !is_without(trade) && trade.ts_event.unix_ns() / kSecondNs % 10 >= 7;
}
bool is_sweep(const TruthTrade& trade) { return !is_without(trade) && trade.price % 5 == 0; }
bool is_of_unknown_code(const TruthTrade& trade) { return trade.size % 16 == 4; }
bool is_of_no_number(const TruthTrade& trade) { return trade.size % 64 == 12; }

}  // namespace

std::string finnhub_codes(const TruthTrade& trade) {
  if (is_without(trade)) return "null";
  std::string text = R"(["1")";
  if (is_sweep(trade)) text += R"(,"8")";
  if (is_extended(trade)) text += R"(,"24")";
  if (is_odd_lot(trade)) text += R"(,"12")";
  if (is_of_unknown_code(trade)) text += R"(,"37")";
  if (is_of_no_number(trade)) text += R"(,"T")";
  return text + "]";
}

std::string finnhub_codes_text(const TruthTrade& trade) {
  if (is_without(trade)) return {};
  std::string text = "1";
  if (is_sweep(trade)) text += " 8";
  if (is_odd_lot(trade)) text += " 12";
  if (is_extended(trade)) text += " 24";
  if (is_of_unknown_code(trade)) text += " 37";
  if (is_of_no_number(trade)) text += " other";
  return text;
}

CountsFor finnhub_counts_for(const TruthTrade& trade) {
  if (is_odd_lot(trade)) return CountsFor::kVolume;
  return is_extended(trade) ? CountsFor::kFallback : CountsFor::kAll;
}

}  // namespace tapeline::sim
