// SPDX-License-Identifier: Apache-2.0
#include "serve/encode.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/decimal.h"

namespace tapeline::serve {
namespace {

constexpr int kScale = Decimal::kScaleMax;
constexpr std::size_t kGapsMax = 1000;

std::string text_of(const TradeId& id) {
  std::string text;
  id.append_to(text);
  return text;
}

void write_decimal(JsonWriter& json, std::string_view name, Decimal value, bool is_known = true) {
  json.key(name);
  is_known ? json.decimal(value.mantissa, value.scale) : json.null();
}

void write_trade_fields(JsonWriter& json, const Trade& trade) {
  json.text("trade_id", text_of(trade.id));
  json.time("ts_event", trade.ts_event.unix_ns());
  json.time("ts_recv", trade.ts_recv.unix_ns());
  write_decimal(json, "price", trade.price);
  write_decimal(json, "size", trade.size, !trade.flags.has(Flag::kNoSize));
  json.text("side", name_of(trade.side));
}

// A list of texts, of words with a blank between.
void write_words(JsonWriter& json, std::string_view name, std::string_view words) {
  json.key(name);
  json.open_array();
  for (std::size_t from = 0; from < words.size();) {
    const std::size_t to = std::min(words.find(' ', from), words.size());
    json.text(words.substr(from, to - from));
    from = to + 1;
  }
  json.close_array();
}

void write_traits(JsonWriter& json, const Trade& trade) {
  std::string words;
  append_flags(words, trade.flags);
  write_words(json, "flags", words);
  words.clear();
  append_conditions(words, trade.conditions);
  write_words(json, "conditions", words);
  json.text("counts", name_of(trade.counts));
}

void write_change(JsonWriter& json, const Change& change) {
  json.open_object();
  json.decimal_or_null("from", change.from.price, kScale);
  json.time("since", change.from.start.unix_ns());
  json.text("over", change.over());
  json.text_or_null("percent", change.percent);
  json.close_object();
}

// With two decimals, rounded down: a hole never reads as 100.
std::string percent_of(std::uint64_t received, std::uint64_t missing) {
  const Int128 all = static_cast<Int128>(received) + missing;
  const auto hundredths = static_cast<std::uint64_t>(static_cast<Int128>(received) * 10'000 / all);
  return fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
}

}  // namespace

void write_bar(JsonWriter& json, const store::BarRow& bar, std::optional<std::uint64_t> position) {
  const BarColumns& c = bar.columns;
  json.open_object();
  json.time("start", bar.start.unix_ns());
  json.decimal_or_null("open", c.open, kScale);
  json.decimal_or_null("high", c.high, kScale);
  json.decimal_or_null("low", c.low, kScale);
  json.decimal_or_null("close", c.close, kScale);
  json.decimal_or_null("volume", c.volume, kScale);
  json.decimal_or_null("buy_volume", c.buy_volume, kScale);
  json.decimal_or_null("notional", c.notional, kScale);
  json.decimal_or_null("vwap", c.vwap, kScale);
  json.number("trades", c.trades);
  json.text("first_id", text_of(c.first_id));
  json.text("last_id", text_of(c.last_id));
  json.text("state", name_of(bar.state));
  json.text("quality", name_of(bar.quality));
  json.number("revision", bar.revision);
  json.text_or_null("cause", bar.cause == Cause::kNone ? "" : name_of(bar.cause));
  if (position) json.number("position", *position);
  json.close_object();
}

void write_trade(JsonWriter& json, const Trade& trade) {
  json.open_object();
  write_trade_fields(json, trade);
  write_traits(json, trade);
  json.close_object();
}

void write_trade_behind(JsonWriter& json, const Trade& trade, std::uint64_t position, bool late) {
  json.open_object();
  write_trade_fields(json, trade);
  write_traits(json, trade);
  json.number("position", position);
  json.boolean("late", late);
  json.close_object();
}

void write_gap(JsonWriter& json, std::string_view instrument, Channel channel, const IdGap& gap) {
  json.open_object();
  json.text("instrument", instrument);
  json.text("channel", name_of(channel));
  json.id("from_id", gap.first);
  json.id("to_id", gap.last);
  json.number("ids", gap.last - gap.first + 1);
  json.time("from_time", gap.from_time.unix_ns());
  json.time("to_time", gap.to_time.unix_ns());
  json.text("cause", name_of(gap.cause));
  json.text("state", name_of(gap.state));
  json.close_object();
}

void write_instrument(JsonWriter& json, const Instrument& instrument, RecvTime now) {
  const std::string_view name = instrument.name;
  const std::size_t colon = name.find(':');
  json.open_object();
  json.text("instrument", name);
  json.text("venue", name.substr(0, colon));
  json.text("symbol", name.substr(colon + 1));
  json.number("price_decimals", static_cast<std::uint64_t>(instrument.price_decimals));
  json.number("size_decimals", static_cast<std::uint64_t>(instrument.size_decimals));
  json.key("last");
  if (instrument.last) {
    json.open_object();
    write_trade_fields(json, *instrument.last);
    json.close_object();
  } else {
    json.null();
  }
  json.key("change");
  if (const auto change = instrument.change()) {
    write_change(json, *change);
  } else {
    json.null();
  }
  json.key("trades_per_second");
  json.raw(fmt::format("{:.1f}", instrument.rate(now)));
  json.text_or_null("quality", instrument.quality ? name_of(*instrument.quality) : "");
  json.number("missing_ids", instrument.missing());
  json.number("unrecoverable_ids", instrument.unrecoverable());
  json.close_object();
}

void write_coverage(JsonWriter& json, std::string_view instrument, const LedgerNews& ledger) {
  json.open_object();
  json.text("instrument", instrument);
  json.text("channel", name_of(ledger.channel));
  json.number("received", ledger.received);
  json.number("repaired", ledger.repaired);
  json.number("missing", ledger.missing);
  json.number("unrecoverable", ledger.unrecoverable);
  json.text_or_null("percent",
                    ledger.received == 0 ? "" : percent_of(ledger.received, ledger.missing));
  json.time("from_time", ledger.from_time.unix_ns());
  json.time("to_time", ledger.to_time.unix_ns());
  json.key("runs");
  json.open_array();
  for (const IdRun& run : ledger.runs) {
    json.open_object();
    json.id("from_id", run.first);
    json.id("to_id", run.last);
    json.time("from_time", run.first_time.unix_ns());
    json.time("to_time", run.last_time.unix_ns());
    json.number("repaired", run.repaired);
    json.close_object();
  }
  json.close_array();
  json.number("runs_left_out", ledger.runs_in_all - ledger.runs.size());
  json.close_object();
}

void write_feed(JsonWriter& json, const FeedLine& feed) {
  json.open_object();
  json.text("venue", feed.venue);
  json.text_or_null("endpoint", feed.endpoint);
  json.number("line", feed.line);
  json.text("state", feed.state);
  json.time_or_null("since", feed.since);
  json.time_or_null("last_frame", feed.last_frame);
  json.number("frames", feed.frames);
  json.number("reconnects", feed.reconnects);
  json.text_or_null("last_error", feed.last_error);
  json.boolean("needs_a_person", feed.needs_a_person);
  json.text_or_null("clock_warning", feed.clock_warning);
  json.key("streams");
  json.open_array();
  for (const FeedStream& stream : feed.streams) {
    json.open_object();
    json.text("symbol", stream.symbol);
    json.text("channel", stream.channel);
    json.text("state", stream.state);
    json.time_or_null("since", stream.since);
    json.time_or_null("last_frame", stream.last_frame);
    json.number("frames", stream.frames);
    json.text_or_null("last_error", stream.last_error);
    json.close_object();
  }
  json.close_array();
  json.close_object();
}

void write_gaps(JsonWriter& json, const Market& market, std::string_view instrument,
                std::uint64_t& left_out) {
  struct Hole {
    std::string_view instrument;
    Channel channel;
    const IdGap* gap;
  };
  std::vector<Hole> holes;
  std::uint64_t in_all = 0;
  for (const Instrument& known : market.instruments()) {
    if (!instrument.empty() && known.name != instrument) continue;
    for (const auto& [channel, ledger] : known.ledgers) {
      in_all += ledger.gaps_in_all;
      for (const IdGap& gap : ledger.gaps) holes.push_back({known.name, channel, &gap});
    }
  }
  // By their times, the newest last; the ids make the order one.
  std::sort(holes.begin(), holes.end(), [](const Hole& a, const Hole& b) {
    return std::tuple(a.gap->from_time, a.instrument, a.channel, a.gap->first) <
           std::tuple(b.gap->from_time, b.instrument, b.channel, b.gap->first);
  });
  const std::size_t shown = std::min(holes.size(), kGapsMax);
  left_out = in_all - shown;
  json.open_array();
  for (std::size_t i = holes.size() - shown; i < holes.size(); ++i) {
    write_gap(json, holes[i].instrument, holes[i].channel, *holes[i].gap);
  }
  json.close_array();
}

}  // namespace tapeline::serve
