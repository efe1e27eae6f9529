// SPDX-License-Identifier: Apache-2.0
#include "codec/topics.h"

#include <utility>

#include "base/check.h"
#include "model/bar_columns.h"

namespace tapeline::codec {
namespace {

Field of(const char* name, Type type) { return {.name = name, .type = type}; }
Field text(const char* name) { return of(name, Type::kString); }
Field whole(const char* name) { return of(name, Type::kLong); }
Field flag(const char* name) { return of(name, Type::kBoolean); }
Field time(const char* name) { return of(name, Type::kTimeNanos); }
Field bytes(const char* name) { return of(name, Type::kBytes); }
// Prices, sizes and sums, as in the store.
Field number(const char* name) {
  return {.name = name, .type = Type::kDecimal, .precision = 38, .scale = 18};
}
// Ids and counts of 64 bits without a sign, which a long does not hold.
Field id(const char* name) { return {.name = name, .type = Type::kDecimal, .precision = 20}; }
Field or_null(Field field) {
  field.optional = true;
  field.fallback = NullDefault{};
  return field;
}

// A text that earlier writers did not know.
Field word_or(const char* name, const char* otherwise) {
  Field field = text(name);
  field.fallback = std::string(otherwise);
  return field;
}

Schema make(const char* name, std::vector<Field> fields) {
  return {.space = "tapeline", .name = name, .fields = std::move(fields)};
}

Schema make_schema(Topic topic) {
  switch (topic) {
    case Topic::kTrades:
      return make("Trade",
                  {text("instrument"), text("channel"), text("trade_id"), time("ts_event"),
                   or_null(time("ts_recv")), number("price"), or_null(number("size")), text("side"),
                   text("flags"), word_or("conditions", ""), word_or("counts", "all"),
                   id("first_fill"), id("last_fill"), flag("feeds_bars"), id("journal"),
                   whole("position"), whole("ordinal")});
    case Topic::kQuotes:
      return make("Quote", {text("instrument"), time("ts_event"), or_null(time("ts_recv")),
                            number("bid_price"), or_null(number("bid_size")), number("ask_price"),
                            or_null(number("ask_size")), text("flags"), id("journal"),
                            whole("position"), whole("ordinal")});
    case Topic::kBars:
      return make("Bar", {text("instrument"),
                          whole("interval_ns"),
                          time("start"),
                          or_null(number("open")),
                          or_null(number("high")),
                          or_null(number("low")),
                          or_null(number("close")),
                          or_null(number("volume")),
                          or_null(number("buy_volume")),
                          or_null(number("notional")),
                          or_null(number("vwap")),
                          id("trades"),
                          text("first_id"),
                          text("last_id"),
                          text("state"),
                          text("quality"),
                          whole("revision"),
                          text("cause"),
                          id("journal"),
                          whole("position"),
                          whole("ordinal")});
    case Topic::kGaps:
      return make("Gap", {text("instrument"), text("channel"), id("from_id"), id("to_id"),
                          time("from_time"), time("to_time"), text("cause"), text("state"),
                          id("journal"), whole("position"), whole("ordinal")});
    case Topic::kCoverage:
      return make("Coverage", {text("instrument"), text("channel"), id("from_id"), id("to_id"),
                               time("from_time"), time("to_time"), id("repaired"), id("journal"),
                               whole("position"), whole("ordinal")});
    case Topic::kRaw:
      return make("RawFrame", {text("venue"), id("journal"), whole("position"), text("kind"),
                               whole("connection"), or_null(time("ts_recv")), bytes("frame")});
    case Topic::kDeadLetters:
      return make("DeadLetter", {text("topic"), of("partition", Type::kInt), whole("offset"),
                                 text("reason"), bytes("message")});
  }
  return {};
}

Cell id_cell(std::uint64_t value) { return static_cast<Int128>(value); }
Cell whole_cell(std::uint64_t value) {
  TAPELINE_CHECK(value <= INT64_MAX, "no journal has so many records");
  return static_cast<std::int64_t>(value);
}
Cell number_cell(Decimal value) { return value.at_scale_18(); }
Cell number_cell(const std::optional<Int128>& value) { return value ? Cell(*value) : Cell(); }
Cell text_cell(const char* text) { return std::string_view(text); }
Cell time_cell(EventTime time) { return time.unix_ns(); }

}  // namespace

const char* name_of(Topic topic) {
  switch (topic) {
    case Topic::kTrades:
      return "trades";
    case Topic::kQuotes:
      return "quotes";
    case Topic::kBars:
      return "bars";
    case Topic::kGaps:
      return "gaps";
    case Topic::kCoverage:
      return "coverage";
    case Topic::kRaw:
      return "raw";
    case Topic::kDeadLetters:
      return "dead_letters";
  }
  return "";
}

const Schema& schema_of(Topic topic) {
  static const std::array<Schema, kTopics.size()> schemas = [] {
    std::array<Schema, kTopics.size()> made;
    for (const Topic each : kTopics) made[static_cast<std::size_t>(each)] = make_schema(each);
    return made;
  }();
  return schemas[static_cast<std::size_t>(topic)];
}

void Row::begin(Topic topic) {
  topic_ = topic;
  size_ = 0;
  first_id_.clear();
  last_id_.clear();
  words_.clear();
  codes_.clear();
}

void Row::add(Cell cell) { cells_.at(size_++) = cell; }

// 0 stands for a receipt that nobody knows.
void Row::add_time(RecvTime time) { add(time.unix_ns() == 0 ? Cell() : Cell(time.unix_ns())); }

void Row::add_origin(const Origin& origin) {
  add(id_cell(origin.position.journal.value()));
  add(whole_cell(origin.position.ordinal));
  add(whole_cell(origin.ordinal));
}

void Row::fill(const Trade& trade, std::string_view instrument, const Origin& origin) {
  begin(Topic::kTrades);
  trade.id.append_to(first_id_);
  append_flags(words_, trade.flags);
  append_conditions(codes_, trade.conditions);
  add(instrument);
  add(text_cell(tapeline::name_of(trade.channel)));
  add(std::string_view(first_id_));
  add(time_cell(trade.ts_event));
  add_time(trade.ts_recv);
  add(number_cell(trade.price));
  add(trade.flags.has(Flag::kNoSize) ? Cell() : number_cell(trade.size));
  add(text_cell(tapeline::name_of(trade.side)));
  add(std::string_view(words_));
  add(std::string_view(codes_));
  add(text_cell(tapeline::name_of(trade.counts)));
  add(id_cell(trade.first_fill));
  add(id_cell(trade.last_fill));
  add(trade.feeds_bars);
  add_origin(origin);
}

void Row::fill(const Quote& quote, std::string_view instrument, const Origin& origin) {
  begin(Topic::kQuotes);
  append_flags(words_, quote.flags);
  add(instrument);
  add(time_cell(quote.ts_event));
  add_time(quote.ts_recv);
  add(number_cell(quote.bid_price));
  add(quote.has_bid_size ? number_cell(quote.bid_size) : Cell());
  add(number_cell(quote.ask_price));
  add(quote.has_ask_size ? number_cell(quote.ask_size) : Cell());
  add(std::string_view(words_));
  add_origin(origin);
}

void Row::fill(const BarRevision& bar, std::string_view instrument, std::uint32_t& unshown) {
  const BarColumns columns = columns_of(bar.partial, unshown);
  begin(Topic::kBars);
  columns.first_id.append_to(first_id_);
  columns.last_id.append_to(last_id_);
  add(instrument);
  add(std::int64_t{bar.interval.count()});
  add(time_cell(bar.start));
  for (const auto& price : {columns.open, columns.high, columns.low, columns.close}) {
    add(number_cell(price));
  }
  add(number_cell(columns.volume));
  add(number_cell(columns.buy_volume));
  add(number_cell(columns.notional));
  add(number_cell(columns.vwap));
  add(id_cell(columns.trades));
  add(std::string_view(first_id_));
  add(std::string_view(last_id_));
  add(text_cell(tapeline::name_of(bar.state)));
  add(text_cell(tapeline::name_of(bar.quality)));
  add(std::int64_t{bar.revision});
  add(text_cell(tapeline::name_of(bar.cause)));
  add_origin({bar.position, bar.ordinal});
}

void Row::fill(const IdGap& gap, std::string_view instrument, Channel channel,
               const Origin& origin) {
  begin(Topic::kGaps);
  add(instrument);
  add(text_cell(tapeline::name_of(channel)));
  add(id_cell(gap.first));
  add(id_cell(gap.last));
  add(time_cell(gap.from_time));
  add(time_cell(gap.to_time));
  add(text_cell(tapeline::name_of(gap.cause)));
  add(text_cell(tapeline::name_of(gap.state)));
  add_origin(origin);
}

void Row::fill(const IdRun& run, std::string_view instrument, Channel channel,
               const Origin& origin) {
  begin(Topic::kCoverage);
  add(instrument);
  add(text_cell(tapeline::name_of(channel)));
  add(id_cell(run.first));
  add(id_cell(run.last));
  add(time_cell(run.first_time));
  add(time_cell(run.last_time));
  add(id_cell(run.repaired));
  add_origin(origin);
}

void Row::fill(const RawFrame& frame) {
  begin(Topic::kRaw);
  add(frame.venue);
  add(id_cell(frame.position.journal.value()));
  add(whole_cell(frame.position.ordinal));
  add(frame.kind);
  add(std::int64_t{frame.connection});
  add_time(frame.ts_recv);
  add(frame.bytes);
}

void Row::fill(const DeadLetter& letter) {
  begin(Topic::kDeadLetters);
  add(letter.topic);
  add(std::int64_t{letter.partition});
  add(letter.offset);
  add(letter.reason);
  add(letter.bytes);
}

}  // namespace tapeline::codec
