// SPDX-License-Identifier: Apache-2.0
#include "venue/okx/kind.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tapeline::venue::okx {
namespace {

using Row = std::pair<std::string_view, Kind>;

// The frequent ones first.
constexpr std::array<Row, 23> kChannels{{
    {"trades", Kind::kTrades},
    {"trades-all", Kind::kTrades},
    {"tickers", Kind::kTickers},
    {"books", Kind::kUnparsed},
    {"books5", Kind::kUnparsed},
    {"bbo-tbt", Kind::kUnparsed},
    {"books-l2-tbt", Kind::kUnparsed},
    {"books50-l2-tbt", Kind::kUnparsed},
    {"option-trades", Kind::kUnparsed},
    {"call-auction-details", Kind::kUnparsed},
    {"instruments", Kind::kUnparsed},
    {"open-interest", Kind::kUnparsed},
    {"funding-rate", Kind::kUnparsed},
    {"price-limit", Kind::kUnparsed},
    {"opt-summary", Kind::kUnparsed},
    {"estimated-price", Kind::kUnparsed},
    {"mark-price", Kind::kUnparsed},
    {"index-tickers", Kind::kUnparsed},
    {"status", Kind::kUnparsed},
    {"liquidation-orders", Kind::kUnparsed},
    {"adl-warning", Kind::kUnparsed},
    {"block-tickers", Kind::kUnparsed},
    {"public-block-trades", Kind::kUnparsed},
}};

constexpr std::array<Row, 6> kEvents{{
    {"subscribe", Kind::kAck},
    {"unsubscribe", Kind::kAck},
    {"error", Kind::kError},
    {"notice", Kind::kNotice},
    {"login", Kind::kAck},
    {"channel-conn-count", Kind::kUnparsed},
}};

template <std::size_t N>
Kind find(const std::array<Row, N>& rows, std::string_view word) {
  const auto* row = std::find_if(rows.begin(), rows.end(),
                                 [word](const Row& entry) { return entry.first == word; });
  return row == rows.end() ? Kind::kUnknown : row->second;
}

}  // namespace

Kind kind_of_channel(std::string_view channel) {
  // candle1m, mark-price-candle1m, index-candle1m and so on.
  if (channel.find("candle") != std::string_view::npos) return Kind::kUnparsed;
  return find(kChannels, channel);
}

Kind kind_of_event(std::string_view event) { return find(kEvents, event); }

Channel channel_of(Kind kind) {
  switch (kind) {
    case Kind::kTrades:
      return Channel::kTrades;
    case Kind::kTickers:
      return Channel::kQuotes;
    case Kind::kUnparsed:
    case Kind::kUnknown:
    case Kind::kAck:
    case Kind::kError:
    case Kind::kNotice:
    case Kind::kNone:
      break;
  }
  return Channel::kOther;
}

}  // namespace tapeline::venue::okx
