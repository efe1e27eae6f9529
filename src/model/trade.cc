// SPDX-License-Identifier: Apache-2.0
#include "model/trade.h"

#include <array>
#include <string_view>
#include <utility>

namespace tapeline {
namespace {

constexpr std::array<std::pair<Flag, std::string_view>, 6> kFlagNames{{
    {Flag::kSnapshot, "snapshot"},
    {Flag::kBackfill, "backfill"},
    {Flag::kSyntheticId, "synthetic_id"},
    {Flag::kCoarseTime, "coarse_time"},
    {Flag::kNoEventTime, "no_event_time"},
    {Flag::kNoSize, "no_size"},
}};

}  // namespace

TradeId late_id(const Trade& trade) {
  if (trade.contiguous) return TradeId(trade.first_fill);
  if (!trade.id.is_number()) return trade.id;
  std::string text = "~";
  trade.id.append_to(text);
  return *TradeId::parse(text);
}

const char* name_of(Side side) {
  switch (side) {
    case Side::kBuy:
      return "buy";
    case Side::kSell:
      return "sell";
    case Side::kUnknown:
      break;
  }
  return "unknown";
}

const char* name_of(Channel channel) {
  switch (channel) {
    case Channel::kTrades:
      return "trades";
    case Channel::kAggTrades:
      return "agg_trades";
    case Channel::kQuotes:
      return "quotes";
    case Channel::kHeartbeat:
      return "heartbeat";
    case Channel::kCandles:
      return "candles";
    case Channel::kOther:
    case Channel::kEnd:
      break;
  }
  return "other";
}

void append_flags(std::string& out, Flags flags) {
  bool first = true;
  for (const auto& [flag, name] : kFlagNames) {
    if (!flags.has(flag)) continue;
    if (!first) out.push_back(' ');
    out.append(name);
    first = false;
  }
}

}  // namespace tapeline
