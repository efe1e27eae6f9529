// SPDX-License-Identifier: Apache-2.0
#include "venue/bitstamp/symbol.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tapeline::venue::bitstamp {
namespace {

// Those of other than three letters; the others need no list.
constexpr std::array<std::string_view, 7> kLongQuotes{"usdt",  "usdc",  "eurc", "rlusd",
                                                      "pyusd", "eurcv", "usdg"};
constexpr std::size_t kQuoteUsual = 3;

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string canonical_symbol(std::string_view symbol) {
  const std::string_view pair = symbol.substr(0, symbol.find('-'));
  std::size_t quote = std::min(kQuoteUsual, pair.size());
  for (const std::string_view name : kLongQuotes) {
    if (pair.ends_with(name) && pair.size() > name.size()) quote = std::max(quote, name.size());
  }
  std::string out(symbol);
  std::transform(out.begin(), out.end(), out.begin(), upper);
  if (quote < pair.size()) out.insert(pair.size() - quote, "-");
  return out;
}

std::string venue_symbol(std::string_view canonical) {
  std::string out(canonical);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  if (const std::size_t dash = out.find('-'); dash != std::string::npos) out.erase(dash, 1);
  return out;
}

}  // namespace tapeline::venue::bitstamp
