// SPDX-License-Identifier: Apache-2.0
#include "reference/venue_reference.h"

#include <fmt/format.h>

#include <iterator>
#include <variant>
#include <vector>

#include "base/decimal.h"
#include "base/padding.h"
#include "base/time.h"

namespace tapeline::reference {
namespace {

using namespace venue;

std::string text_of(const TradeId& id) {
  std::string out = id.is_number() ? "" : "text ";
  id.append_to(out);
  return out;
}

struct Append {
  std::string& out;
  bool with_reasons;

  void operator()(const WireTrade& trade) const {
    std::string flags;
    append_flags(flags, trade.flags);
    fmt::format_to(std::back_inserter(out),
                   "trade {} {} {} id={} price={} size={} time={} order={}", name_of(trade.channel),
                   trade.symbol, name_of(trade.side), text_of(trade.id), to_string(trade.price),
                   to_string(trade.size), format_rfc3339(trade.ts_event.unix_ns()), trade.order);
    fmt::format_to(std::back_inserter(out), " flags=[{}] has_id={}", flags, trade.has_id);
    if (!trade.conditions.empty()) {
      std::string codes;
      append_conditions(codes, trade.conditions);
      fmt::format_to(std::back_inserter(out), " conditions=[{}]", codes);
    }
    if (trade.has_fills) {
      fmt::format_to(std::back_inserter(out), " fills={}..{}", trade.first_fill, trade.last_fill);
    }
  }
  void operator()(const WireQuote& quote) const {
    fmt::format_to(std::back_inserter(out), "quote {} id={} bid={}", quote.symbol, quote.id,
                   to_string(quote.bid_price));
    if (quote.has_bid_size)
      fmt::format_to(std::back_inserter(out), "x{}", to_string(quote.bid_size));
    fmt::format_to(std::back_inserter(out), " ask={}", to_string(quote.ask_price));
    if (quote.has_ask_size)
      fmt::format_to(std::back_inserter(out), "x{}", to_string(quote.ask_size));
    if (quote.has_event_time) out += " time=" + format_rfc3339(quote.ts_event.unix_ns());
  }
  void operator()(const WireHeartbeat& heartbeat) const {
    fmt::format_to(std::back_inserter(out), "heartbeat {} last_id={} time={}", heartbeat.symbol,
                   heartbeat.last_id, format_rfc3339(heartbeat.time.unix_ns()));
  }
  void operator()(const Control& control) const {
    fmt::format_to(std::back_inserter(out), "control {} {} [{}]", name_of(control.reason),
                   name_of(control.channel), control.text);
  }
  void operator()(const Reject& reject) const {
    out += "reject";
    if (!with_reasons) return;
    fmt::format_to(std::back_inserter(out), " {} {} [{}]", name_of(reject.reason),
                   name_of(reject.channel), reject.detail);
  }
};

// A frame and what a parser makes of it, which may point into it.
struct Parsed {
  std::vector<char> bytes;
  Items items;
};

Parsed parse(Parser& parser, std::string_view frame) {
  Parsed parsed;
  std::string padded(frame);
  padded += "\"}}]}},\"e\":\"trade\"}";
  padded.resize(frame.size() + kReadPadding, '}');
  parsed.bytes.assign(padded.begin(), padded.end());
  parser.parse({parsed.bytes.data(), frame.size()}, parsed.items);
  return parsed;
}

bool may_come_of_no_json(const Item& item) {
  if (std::holds_alternative<Reject>(item)) return true;
  const auto* control = std::get_if<Control>(&item);
  if (control == nullptr) return false;
  return control->reason == ControlReason::kUnparsed ||
         control->reason == ControlReason::kUnknownKind || control->text == "serverShutdown";
}

}  // namespace

void append_item(std::string& out, const Item& item, bool with_reasons) {
  std::visit(Append{out, with_reasons}, item);
  out += '\n';
}

std::string describe(Parser& parser, std::string_view frame) {
  const Parsed parsed = parse(parser, frame);
  std::string out;
  for (const Item& item : parsed.items) append_item(out, item, true);
  return out;
}

std::string difference(Parser& parser, Expected (*read)(std::string_view), std::string_view frame) {
  const Parsed parsed = parse(parser, frame);
  const Items& items = parsed.items;
  if (items.empty()) return "no items";

  std::string found;
  for (const Item& item : items) append_item(found, item, false);
  const Expected expected = read(frame);
  if (!expected.is_json) {
    const bool is_right = items.size() == 1 && may_come_of_no_json(items[0]);
    return is_right ? "" : "no JSON, but found: " + found;
  }
  constexpr int kDepthCertain = 60;
  if (expected.depth > kDepthCertain && found == "reject\n") return "";
  if (found == expected.items) return "";
  return "expected: " + expected.items + "found:    " + found;
}

}  // namespace tapeline::reference
