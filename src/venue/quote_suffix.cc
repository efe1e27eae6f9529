// SPDX-License-Identifier: Apache-2.0
#include "venue/quote_suffix.h"

#include <array>

namespace tapeline::venue {
namespace {

constexpr std::array<std::string_view, 47> kQuoteAssets{
    "USDT", "USDC", "FDUSD", "TUSD", "BUSD", "USDP", "USDS", "DAI", "USD1", "USDE", "BFUSD", "BTC",
    "ETH",  "BNB",  "XRP",   "TRX",  "DOGE", "DOT",  "SOL",  "EUR", "EURI", "AEUR", "GBP",   "TRY",
    "RUB",  "UAH",  "AUD",   "BRL",  "BIDR", "BKRW", "IDRT", "NGN", "ZAR",  "PLN",  "RON",   "ARS",
    "JPY",  "MXN",  "COP",   "CZK",  "VAI",  "UST",  "USD",  "MNT", "USDQ", "USDR", "BRZ"};

}  // namespace

std::string dashed_before_quote(std::string_view symbol) {
  // These venues write no dash: this one is canonical already, as in a CSV file.
  if (symbol.find('-') != std::string_view::npos) return std::string(symbol);
  std::string_view quote;
  for (const std::string_view asset : kQuoteAssets) {
    const bool is_longer = asset.size() > quote.size() && asset.size() < symbol.size();
    if (is_longer && symbol.ends_with(asset)) quote = asset;
  }
  if (quote.empty()) return std::string(symbol);
  std::string canonical(symbol.substr(0, symbol.size() - quote.size()));
  canonical += '-';
  canonical += quote;
  return canonical;
}

}  // namespace tapeline::venue
