// SPDX-License-Identifier: Apache-2.0
#include "decode/csv_row.h"
#include "base/padding.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <string>

#include "venue/venue.h"

namespace tapeline::decode {
namespace {

using venue::RejectReason;

constexpr std::string_view kHeader = "symbol,trade_id,ts_event,price,size,side";
constexpr std::string_view kFullHeader =
    "ts_recv,side,x,venue,size,price,ts_event,y,trade_id,symbol";

CsvLayout layout_of(std::string_view header, TimeUnit unit) {
  const auto layout = parse_csv_header(header, unit);
  EXPECT_TRUE(layout) << layout.error().text;
  return *layout;
}

// Parses rows that are padded as the reader pads them, and nothing more, so that a sanitizer sees
// a read too far.
class Rows {
 public:
  explicit Rows(std::string_view header = kHeader, TimeUnit unit = TimeUnit::kMicros)
      : parser_(layout_of(header, unit)) {}

  bool parse(std::string_view row) {
    buffer_ = std::make_unique<char[]>(row.size() + kReadPadding);
    row.copy(buffer_.get(), row.size());
    // What stands behind a row is the next row.
    for (std::size_t i = 0; i < kReadPadding; ++i) buffer_[row.size() + i] = "9,\".\n0"[i % 6];
    return parser_.parse({buffer_.get(), row.size()}, row_);
  }

  // "reason: detail" of a refused row, "" of a good one.
  std::string refusal(std::string_view row) {
    if (parse(row)) return "";
    EXPECT_EQ(row_.reject.channel, Channel::kTrades);
    return fmt::format("{}: {}", venue::name_of(row_.reject.reason), row_.reject.detail);
  }

  CsvRow& operator*() { return row_; }
  CsvRow* operator->() { return &row_; }

 private:
  CsvRowParser parser_;
  std::unique_ptr<char[]> buffer_;
  CsvRow row_;
};

TEST(CsvRow, usual_row_is_exact) {
  Rows row;
  ASSERT_TRUE(row.parse("SYM037-USD,38000123,1700000000000720,1234.5678,1.2345,buy"));
  const venue::WireTrade& trade = row->trade;
  EXPECT_EQ(trade.symbol, "SYM037-USD");
  EXPECT_EQ(trade.channel, Channel::kTrades);
  EXPECT_EQ(trade.side, Side::kBuy);
  EXPECT_EQ(trade.flags, Flags());
  EXPECT_TRUE(trade.has_id);
  EXPECT_EQ(trade.id, TradeId(38'000'123));
  EXPECT_EQ(trade.ts_event, EventTime(1'700'000'000'000'720'000));
  EXPECT_EQ(trade.order, 0U);
  EXPECT_EQ(trade.price, (Decimal{12'345'678, 4}));
  EXPECT_EQ(trade.size, (Decimal{12'345, 4}));
  EXPECT_FALSE(trade.has_fills);
  EXPECT_EQ(row->venue, "");
  EXPECT_EQ(row->ts_recv, std::nullopt);
}

TEST(CsvRow, columns_come_in_any_order_among_others) {
  Rows row(kFullHeader, TimeUnit::kNanos);
  ASSERT_TRUE(
      row.parse("1700000000000000002,sell,,binance,0.5,100,1700000000000000001,,7,BTCUSDT"));
  EXPECT_EQ(row->trade.symbol, "BTCUSDT");
  EXPECT_EQ(row->trade.side, Side::kSell);
  EXPECT_EQ(row->trade.ts_event, EventTime(1'700'000'000'000'000'001));
  EXPECT_EQ(row->trade.price, (Decimal{100, 0}));
  EXPECT_EQ(row->trade.size, (Decimal{5, 1}));
  EXPECT_EQ(row->venue, "binance");
  EXPECT_EQ(row->ts_recv, RecvTime(1'700'000'000'000'000'002));
}

TEST(CsvRow, nothing_stays_from_the_row_before) {
  Rows row(kFullHeader, TimeUnit::kNanos);
  ASSERT_TRUE(row.parse("5,sell,,binance,,100,4,,,A"));
  EXPECT_TRUE(row->trade.flags.has(Flag::kNoSize));
  EXPECT_FALSE(row->trade.has_id);
  ASSERT_TRUE(row.parse(",,,,0,-1,4,,abc,A"));
  EXPECT_EQ(row->trade.flags, Flags());
  EXPECT_TRUE(row->trade.has_id);
  EXPECT_EQ(row->trade.side, Side::kUnknown);
  EXPECT_EQ(row->venue, "");
  EXPECT_EQ(row->ts_recv, std::nullopt);
  ASSERT_TRUE(row.parse("5,,,v,,100,4,,,A"));
  EXPECT_EQ(row->trade.size, Decimal{});
  EXPECT_EQ(row->trade.id, TradeId());
}

TEST(CsvRow, missing_size_is_flagged_and_zero_size_is_not) {
  Rows row;
  ASSERT_TRUE(row.parse("A,1,1,1,,buy"));
  EXPECT_TRUE(row->trade.flags.has(Flag::kNoSize));
  EXPECT_EQ(row->trade.size, Decimal{});
  ASSERT_TRUE(row.parse("A,1,1,1,0.000,buy"));
  EXPECT_FALSE(row->trade.flags.has(Flag::kNoSize));
}

TEST(CsvRow, sides_by_any_of_their_names) {
  Rows row;
  const auto side_of = [&](const std::string& text) {
    EXPECT_EQ(row.refusal("A,1,1,1,1," + text), "");
    return row->trade.side;
  };
  for (const auto* text : {"buy", "BUY", "Buy", "b", "B"}) EXPECT_EQ(side_of(text), Side::kBuy);
  for (const auto* text : {"sell", "SELL", "sElL", "s", "S"}) EXPECT_EQ(side_of(text), Side::kSell);
  for (const auto* text : {"", "unknown", "Unknown"}) EXPECT_EQ(side_of(text), Side::kUnknown);
  for (const auto* text : {"x", "bu", "buyy", "buy ", " buy", "bid", "u", "sel", "unknow",
                           "unknownx", "2", "\"", "buysell", "\x02uy", "B\x55\x19"}) {
    EXPECT_NE(row.refusal(std::string("A,1,1,1,1,") + text), "") << text;
  }
  EXPECT_EQ(row.refusal("A,1,1,1,1,maker"), "bad_field: side");
}

TEST(CsvRow, ids_are_numbers_or_texts) {
  Rows row;
  const auto id_of = [&](const std::string& text) {
    EXPECT_EQ(row.refusal("A," + text + ",1,1,1,"), "");
    std::string out;
    row->trade.id.append_to(out);
    return out;
  };
  for (const auto* text : {"0", "7", "12345678", "123456789", "1234567890123456",
                           "12345678901234567", "18446744073709551615", "18446744073709551616",
                           "007", "00", "a-b:c", "0f8fad5b-d9cb-469f-a165-70867728950e"}) {
    EXPECT_EQ(id_of(text), text);
  }
  EXPECT_EQ(row.refusal("A,a b,1,1,1,"), "bad_id: trade_id");
  EXPECT_EQ(row.refusal("A," + std::string(40, '1') + ",1,1,1,"), "bad_id: trade_id");
}

TEST(CsvRow, times_with_a_unit) {
  const auto ns_of = [](std::string_view text, TimeUnit unit) {
    Rows row(kHeader, unit);
    EXPECT_EQ(row.refusal(fmt::format("A,1,{},1,1,", text)), "") << text;
    return row->trade.ts_event.unix_ns();
  };
  EXPECT_EQ(ns_of("1700000000", TimeUnit::kSeconds), 1'700'000'000'000'000'000);
  EXPECT_EQ(ns_of("1700000000123", TimeUnit::kMillis), 1'700'000'000'123'000'000);
  EXPECT_EQ(ns_of("1700000000123456", TimeUnit::kMicros), 1'700'000'000'123'456'000);
  EXPECT_EQ(ns_of("1700000000123456789", TimeUnit::kNanos), 1'700'000'000'123'456'789);
  EXPECT_EQ(ns_of("0", TimeUnit::kSeconds), 0);
  EXPECT_EQ(ns_of("000000000000000000000001", TimeUnit::kNanos), 1);
  EXPECT_EQ(ns_of("-1", TimeUnit::kMillis), -1'000'000) << "refused later, by the accept window";
  EXPECT_EQ(ns_of("9223372036854775807", TimeUnit::kNanos), INT64_MAX);
  EXPECT_EQ(ns_of("-9223372036854775808", TimeUnit::kNanos), INT64_MIN);
  EXPECT_EQ(ns_of("9223372036", TimeUnit::kSeconds), 9'223'372'036'000'000'000);
  EXPECT_EQ(ns_of("2023-11-14T22:13:20.123456789Z", TimeUnit::kSeconds), 1'700'000'000'123'456'789);
  EXPECT_EQ(ns_of("2023-11-14T22:13:20Z", TimeUnit::kNone), 1'700'000'000'000'000'000);
}

TEST(CsvRow, times_that_are_none) {
  Rows seconds(kHeader, TimeUnit::kSeconds);
  for (const auto* text : {"", "-", "+1", "1.5", "1e9", " 1", "1 ", "9223372037", "-9223372037",
                           "9223372036854775808", "99999999999999999999999999", "1-1", "--1",
                           "2023-11-14", "2023-11-14T22:13:20", "2023-02-29T00:00:00Z", "now"}) {
    EXPECT_EQ(seconds.refusal(fmt::format("A,1,{},1,1,", text)), "bad_time: ts_event") << text;
  }
  Rows recv(kFullHeader, TimeUnit::kSeconds);
  EXPECT_EQ(recv.refusal("x,,,,1,1,1,,1,A"), "bad_time: ts_recv");
}

TEST(CsvRow, integer_time_without_a_unit_says_what_to_do) {
  Rows row(kHeader, TimeUnit::kNone);
  EXPECT_EQ(row.refusal("A,1,1700000000,1,1,"), "bad_time: ts_event: an integer needs --time-unit");
  EXPECT_EQ(row.refusal("A,1,-17,1,1,"), "bad_time: ts_event: an integer needs --time-unit");
  EXPECT_EQ(row.refusal("A,1,17x,1,1,"), "bad_time: ts_event");
  Rows recv(kFullHeader, TimeUnit::kNone);
  EXPECT_EQ(recv.refusal("17,,,,1,1,2023-11-14T22:13:20Z,,1,A"),
            "bad_time: ts_recv: an integer needs --time-unit");
}

TEST(CsvRow, prices_and_sizes_are_read_as_decimals_only) {
  Rows row;
  for (const auto* text :
       {"", "-", ".", "1.", ".5", "+1", "1e5", "1,", " 1", "1 ", "0x1", "nan", "1.2.3", "--1",
        "9223372036854775808", "0.0000000000000000001", "1_000", "1-2"}) {
    const std::string field = std::string(text) == "1," ? "\"1,\"" : text;
    EXPECT_EQ(row.refusal("A,1,1," + field + ",1,"), "bad_price: price") << text;
    if (field.empty()) continue;
    EXPECT_EQ(row.refusal("A,1,1,1," + field + ","), "bad_size: size") << text;
  }
  ASSERT_TRUE(row.parse("A,1,1,-12345678.12345678,-0.10,"));
  EXPECT_EQ(row->trade.price, (Decimal{-1'234'567'812'345'678, 8}));
  EXPECT_EQ(row->trade.size, (Decimal{-1, 1})) << "refused later, with its own reason";
}

TEST(CsvRow, symbols_hold_no_separators) {
  Rows row;
  for (const auto* text : {"A", "BTC-USD", "btc_usdt", "BRK.B", "EUR/USD", "\xC3\x89T\xC3\x89-EUR",
                           "\xE2\x82\xAC", "\xF0\x9F\x92\xB0"}) {
    EXPECT_EQ(row.refusal(std::string(text) + ",1,1,1,1,"), "") << text;
    EXPECT_EQ(row->trade.symbol, text);
  }
  const std::string longest(64, 'x');
  EXPECT_EQ(row.refusal(longest + ",1,1,1,1,"), "");
  EXPECT_EQ(row.refusal(longest.substr(0, 33) + ",1,1,1,1,"), "");
  for (const std::string& text :
       {std::string(), longest + "x", std::string("A B"), std::string("A:B"), std::string("A\tB"),
        std::string("A\0B", 3), std::string("A\x7F"), std::string("\xC3"), std::string("\x80"),
        std::string("\xC0\x80"), std::string("\xED\xA0\x80"), std::string("\xF4\x90\x80\x80"),
        std::string("\xE0\x80\xAF"), std::string("\xC2\x85"), std::string("\xFF"),
        longest.substr(0, 40) + ":"}) {
    EXPECT_EQ(row.refusal(text + ",1,1,1,1,"), "bad_symbol: symbol") << text;
  }
  EXPECT_EQ(row.refusal("\"A,B\",1,1,1,1,"), "bad_symbol: symbol");
  EXPECT_EQ(row.refusal("\"A\"\"B\",1,1,1,1,"), "bad_symbol: symbol");
}

TEST(CsvRow, venue_is_as_plain_as_a_symbol_or_empty) {
  Rows row(kFullHeader);
  EXPECT_EQ(row.refusal(",,,coin base,1,1,1,,1,A"), "bad_field: venue");
  EXPECT_EQ(row.refusal(",,,,1,1,1,,1,A"), "");
}

TEST(CsvRow, wrong_number_of_columns_is_a_bad_row) {
  Rows row;
  for (const auto* text :
       {"", ",", "A", "A,1,1,1,1", "A,1,1,1,1,buy,", "A,1,1,1,1,\"buy\",x", "\"A\",1,1,1,1"}) {
    EXPECT_EQ(row.refusal(text), "bad_row: number of columns") << text;
  }
  EXPECT_EQ(row.refusal(std::string(1000, ',')), "bad_row: number of columns");
}

TEST(CsvRow, quotes_by_rfc_4180) {
  Rows row;
  ASSERT_TRUE(row.parse("\"SYM\",\"12\",\"1700000000000720\",\"1234.5\",\"1\",\"buy\""));
  EXPECT_EQ(row->trade.symbol, "SYM");
  EXPECT_EQ(row->trade.id, TradeId(12));
  EXPECT_EQ(row->trade.price, (Decimal{12'345, 1}));
  EXPECT_EQ(row->trade.side, Side::kBuy);
  ASSERT_TRUE(row.parse("A,\"\",1,1,\"\",\"\""));
  EXPECT_FALSE(row->trade.has_id);
  EXPECT_TRUE(row->trade.flags.has(Flag::kNoSize));
  Rows wide("symbol,note,trade_id,ts_event,price,size,side");
  EXPECT_EQ(wide.refusal("A,\"a, \"\"b\"\",,,,,,,,,,,,\",1,1,1,1,buy"), "");
  EXPECT_EQ(wide->trade.side, Side::kBuy);
}

TEST(CsvRow, quotes_that_do_not_match_are_a_bad_row) {
  Rows row;
  for (const auto* text :
       {"\"", "A,1,1,1,1,\"buy", "A,1,1,1,1,bu\"y", "A,1,1,1,1,\"buy\"x", "\"A\" ,1,1,1,1,buy",
        "A,1,1,1,1,\"buy\"\"", "A,1,1,1,1,,,,,,\"", "A\"B\",1,1,1,1,"}) {
    EXPECT_EQ(row.refusal(text), "bad_row: quotes") << text;
  }
}

TEST(CsvRow, rows_longer_than_a_block_are_read_alike) {
  for (std::size_t width = 0; width < 200; ++width) {
    Rows row("note,symbol,trade_id,ts_event,price,size,side");
    ASSERT_TRUE(row.parse(std::string(width, 'n') + ",SYM,12,1700000000000720,1234.5,1.25,sell"));
    EXPECT_EQ(row->trade.symbol, "SYM");
    EXPECT_EQ(row->trade.size, (Decimal{125, 2}));
    EXPECT_EQ(row->trade.side, Side::kSell);
  }
}

TEST(CsvRow, files_of_many_columns_are_read) {
  std::string header(kHeader);
  std::string row = "A,1,1,1.5,1,buy";
  for (int i = 0; i < 300; ++i) {
    header += fmt::format(",c{}", i);
    row += i % 7 == 0 ? ",x" : ",";
  }
  Rows rows(header);
  EXPECT_EQ(rows.refusal(row), "");
  EXPECT_EQ(rows->trade.price, (Decimal{15, 1}));
  EXPECT_EQ(rows.refusal(row + ","), "bad_row: number of columns");
}

RC_GTEST_PROP(CsvRow, every_trade_comes_back, (std::uint64_t id, bool quoted)) {
  const auto ts_us = *rc::gen::inRange<std::int64_t>(-9'223'372'036'854'775, 9'223'372'036'854'775);
  const auto price = *rc::gen::arbitrary<std::int64_t>();
  const auto size = *rc::gen::inRange<std::int64_t>(0, INT64_MAX);
  const auto scale = *rc::gen::inRange(0, 19);
  RC_PRE(price != INT64_MIN);
  std::string price_text;
  append_scaled(price_text, price, scale);
  std::string size_text;
  append_scaled(size_text, size, scale);
  const char* q = quoted ? "\"" : "";
  Rows row;
  RC_ASSERT(row.parse(
      fmt::format("A,{0}{1}{0},{2},{0}{3}{0},{4},sell", q, id, ts_us, price_text, size_text)));
  RC_ASSERT(row->trade.id == TradeId(id));
  RC_ASSERT(row->trade.ts_event == EventTime(ts_us * 1000));
  RC_ASSERT(to_string(row->trade.price) == price_text);
  RC_ASSERT(to_string(row->trade.size) == size_text);
}

}  // namespace
}  // namespace tapeline::decode
