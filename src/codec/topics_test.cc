// SPDX-License-Identifier: Apache-2.0
#include "codec/topics.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "codec/avro.h"

namespace tapeline::codec {
namespace {

using std::string_view_literals::operator""sv;

// Through bytes and back, by name: what another program sees.
std::string shown(const Row& row) {
  const Schema& schema = schema_of(row.topic());
  std::string bytes;
  append_avro(bytes, schema, row.cells());
  std::vector<Cell> cells(schema.fields.size());
  EXPECT_TRUE(AvroReader::create(schema, schema).value().read(bytes, cells));
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out += (i > 0 ? " " : "") + schema.fields[i].name + "=";
    if (const auto* flag = std::get_if<bool>(&cells[i])) out += *flag ? "true" : "false";
    if (const auto* text = std::get_if<std::string_view>(&cells[i])) out += *text;
    if (const auto* whole = std::get_if<std::int64_t>(&cells[i])) out += std::to_string(*whole);
    if (const auto* decimal = std::get_if<Int128>(&cells[i])) {
      append_scaled(out, *decimal, schema.fields[i].scale);
    }
  }
  return out;
}

constexpr Origin kOrigin{.position = {JournalId(UINT64_MAX), 70}, .ordinal = 3};

Trade trade() {
  Trade trade;
  trade.side = Side::kSell;
  trade.feeds_bars = true;
  trade.ts_event = EventTime(1'600'000'000'123'456'789);
  trade.ts_recv = RecvTime(1'600'000'000'200'000'001);
  trade.price = parse_decimal("9223372036854775807").value();
  trade.size = parse_decimal("0.000000000000000001").value();
  trade.id = TradeId(UINT64_MAX);
  trade.first_fill = 5;
  trade.last_fill = UINT64_MAX;
  trade.contiguous = true;
  return trade;
}

TEST(Topics, trade_keeps_every_digit) {
  Row row;
  row.fill(trade(), "coinbase:BTC-USD", kOrigin);
  EXPECT_EQ(shown(row),
            "instrument=coinbase:BTC-USD channel=trades trade_id=18446744073709551615 "
            "ts_event=1600000000123456789 ts_recv=1600000000200000001 price=9223372036854775807 "
            "size=0.000000000000000001 side=sell flags= conditions= counts=all first_fill=5 "
            "last_fill=18446744073709551615 feeds_bars=true journal=18446744073709551615 "
            "position=70 ordinal=3");
}

TEST(Topics, trade_shows_what_it_lacks) {
  Trade bare = trade();
  bare.flags.set(Flag::kNoSize);
  bare.flags.set(Flag::kBackfill);
  bare.ts_recv = RecvTime(0);
  Row row;
  row.fill(bare, "a:B", kOrigin);
  const std::string text = shown(row);
  EXPECT_NE(text.find(" ts_recv= "), std::string::npos) << text;
  EXPECT_NE(text.find(" size= "), std::string::npos) << text;
  EXPECT_NE(text.find(" flags=backfill no_size "), std::string::npos) << text;
}

TEST(Topics, quote_without_a_size_has_none) {
  Quote quote;
  quote.has_ask_size = true;
  quote.ts_event = EventTime(1);
  quote.bid_price = parse_decimal("1.5").value();
  quote.bid_size = parse_decimal("7").value();
  quote.ask_price = parse_decimal("1.75").value();
  quote.ask_size = parse_decimal("2").value();
  Row row;
  row.fill(quote, "a:B", {});
  EXPECT_EQ(shown(row),
            "instrument=a:B ts_event=1 ts_recv= bid_price=1.5 bid_size= ask_price=1.75 ask_size=2 "
            "flags= journal=0 position=0 ordinal=0");
}

TEST(Topics, bar_shows_the_columns_of_its_partial) {
  BarRevision bar;
  bar.interval = std::chrono::minutes(1);
  bar.start = EventTime(60'000'000'000);
  Trade one = trade();
  one.price = parse_decimal("10").value();
  one.size = parse_decimal("1").value();
  one.first_fill = one.last_fill = 8;
  one.id = TradeId(8);
  bar.partial.add(one);
  one.price = parse_decimal("12.5").value();
  one.first_fill = one.last_fill = 9;
  one.id = TradeId(9);
  one.side = Side::kBuy;
  bar.partial.add(one);
  bar.quality = Quality::kRepaired;
  bar.revision = 2;
  bar.cause = Cause::kBackfill;
  bar.position = kOrigin.position;
  Row row;
  std::uint32_t unshown = 0;
  row.fill(bar, "a:B", unshown);
  EXPECT_EQ(shown(row),
            "instrument=a:B interval_ns=60000000000 start=60000000000 open=10 high=12.5 low=10 "
            "close=12.5 volume=2 buy_volume=1 notional=22.5 vwap=11.25 trades=2 first_id=8 "
            "last_id=9 state=final quality=repaired revision=2 cause=backfill "
            "journal=18446744073709551615 position=70 ordinal=0");
  EXPECT_EQ(unshown, 0U);
}

TEST(Topics, trade_shows_its_conditions_and_what_it_counts_for) {
  Trade odd_lot = trade();
  odd_lot.conditions.add(24);
  odd_lot.conditions.add(12);
  odd_lot.counts = Counts::kVolume;
  Row row;
  row.fill(odd_lot, "a:B", {});
  EXPECT_NE(shown(row).find(" conditions=12 24 counts=volume "), std::string::npos) << shown(row);
  row.fill(trade(), "a:B", {});
  EXPECT_NE(shown(row).find(" conditions= counts=all "), std::string::npos) << shown(row);
}

TEST(Topics, bar_without_a_price_has_none) {
  Trade odd_lot = trade();
  odd_lot.counts = Counts::kVolume;
  BarRevision bar;
  bar.partial.add(odd_lot);
  Row row;
  std::uint32_t unshown = 0;
  row.fill(bar, "a:B", unshown);
  EXPECT_NE(shown(row).find(" open= high= low= close= volume=0.000000000000000001 "),
            std::string::npos)
      << shown(row);
}

TEST(Topics, ledger_and_bytes) {
  Row row;
  row.fill(IdGap{.first = 4,
                 .last = UINT64_MAX,
                 .from_time = EventTime(1),
                 .to_time = EventTime(2),
                 .cause = GapCause::kHeartbeat,
                 .state = GapState::kUnrecoverable},
           "a:B", Channel::kAggTrades, {});
  EXPECT_EQ(shown(row),
            "instrument=a:B channel=agg_trades from_id=4 to_id=18446744073709551615 from_time=1 "
            "to_time=2 cause=heartbeat state=unrecoverable journal=0 position=0 ordinal=0");
  row.fill(IdRun{.first = 4,
                 .last = 6,
                 .first_time = EventTime(1),
                 .last_time = EventTime(2),
                 .repaired = 1},
           "a:B", Channel::kTrades, {});
  EXPECT_EQ(shown(row),
            "instrument=a:B channel=trades from_id=4 to_id=6 from_time=1 to_time=2 repaired=1 "
            "journal=0 position=0 ordinal=0");
  row.fill(RawFrame{.venue = "a",
                    .position = {JournalId(1), 2},
                    .kind = "frame",
                    .connection = 3,
                    .ts_recv = RecvTime(4),
                    .bytes = "\0\xFF"sv});
  EXPECT_EQ(shown(row),
            "venue=a journal=1 position=2 kind=frame connection=3 ts_recv=4 frame=\0\xFF"sv);
  row.fill(DeadLetter{.topic = "t", .partition = 1, .offset = 2, .reason = "why", .bytes = "x"});
  EXPECT_EQ(shown(row), "topic=t partition=1 offset=2 reason=why message=x");
}

// The same bytes for ever: who wrote them yesterday is read today.
TEST(Topics, bytes_of_a_trade_stay) {
  Row row;
  Trade small = trade();
  small.price = parse_decimal("0.000000000000000255").value();
  small.first_fill = 1;
  small.last_fill = 1;
  small.id = TradeId(1);
  small.ts_event = EventTime(1);
  small.ts_recv = RecvTime(0);
  row.fill(small, "a:B", {.position = {JournalId(2), 3}, .ordinal = 4});
  std::string bytes;
  append_avro(bytes, schema_of(Topic::kTrades), row.cells());
  EXPECT_EQ(bytes,
            "\x06"
            "a:B"
            "\x0C"
            "trades"
            "\x02"
            "1"
            "\x02"
            "\x00"
            "\x04\x00\xFF"
            "\x02\x02\x01"
            "\x08"
            "sell"
            "\x00"
            "\x00"
            "\x06"
            "all"
            "\x02\x01"
            "\x02\x01"
            "\x01"
            "\x02\x02"
            "\x06"
            "\x08"sv);
}

// A field of a row as text, read by today's schema.
std::string read_back(const Schema& writer, Topic topic, std::string_view bytes,
                      std::string_view name) {
  const Schema& reader = schema_of(topic);
  std::vector<Cell> cells(reader.fields.size());
  const auto made = AvroReader::create(writer, reader);
  EXPECT_TRUE(made) << made.error().text;
  EXPECT_TRUE(made->read(bytes, cells));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (reader.fields[i].name != name) continue;
    if (const auto* text = std::get_if<std::string_view>(&cells[i])) return std::string(*text);
    if (const auto* decimal = std::get_if<Int128>(&cells[i])) {
      std::string out;
      append_scaled(out, *decimal, reader.fields[i].scale);
      return out;
    }
  }
  return "none";
}

TEST(Topics, rows_from_before_there_were_conditions_are_read) {
  Schema older = schema_of(Topic::kTrades);
  std::erase_if(older.fields, [](const Field& field) {
    return field.name == "conditions" || field.name == "counts";
  });
  const auto bytes =
      "\x06"
      "a:B"
      "\x0C"
      "trades"
      "\x02"
      "1"
      "\x02\x00\x04\x00\xFF\x02\x02\x01\x08"
      "sell"
      "\x00\x02\x01\x02\x01\x01\x02\x02\x06\x08"sv;
  EXPECT_EQ(read_back(older, Topic::kTrades, bytes, "trade_id"), "1");
  EXPECT_EQ(read_back(older, Topic::kTrades, bytes, "conditions"), "");
  EXPECT_EQ(read_back(older, Topic::kTrades, bytes, "counts"), "all");
  Schema bars = schema_of(Topic::kBars);
  for (Field& field : bars.fields) {
    const bool is_price = field.name == "open" || field.name == "high" || field.name == "low" ||
                          field.name == "close";
    if (is_price)
      field = {.name = field.name, .type = Type::kDecimal, .precision = 38, .scale = 18};
  }
  BarRevision bar;
  bar.partial.add(trade());
  Row row;
  std::uint32_t unshown = 0;
  row.fill(bar, "a:B", unshown);
  std::string written;
  append_avro(written, bars, row.cells());
  EXPECT_EQ(read_back(bars, Topic::kBars, written, "open"), "9223372036854775807");
}

// TAPELINE_WRITE_SCHEMAS=1 writes them.
TEST(Topics, schema_files_are_those_of_the_table) {
  for (const Topic topic : kTopics) {
    const std::string path = std::string("schemas/") + name_of(topic) + ".avsc";
    if (std::getenv("TAPELINE_WRITE_SCHEMAS") != nullptr) {
      std::ofstream(path) << schema_text(schema_of(topic));
    }
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(text, schema_text(schema_of(topic))) << path;
  }
}

}  // namespace
}  // namespace tapeline::codec
