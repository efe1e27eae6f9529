// SPDX-License-Identifier: Apache-2.0
#include "venue/finnhub/parse.h"

#include <gtest/gtest.h>

#include <string>

#include "base/padding.h"
#include "reference/venue_reference.h"
#include "venue/finnhub/scan_frame.h"

namespace tapeline::venue::finnhub {
namespace {

std::string said(const std::string& frame) {
  FrameParser parser;
  return reference::describe(parser, frame);
}

std::string frame_of(const std::string& rows) {
  return R"({"data":[)" + rows + R"(],"type":"trade"})";
}

// A row with one field put differently, or left out.
std::string row_with(const std::string& name, const std::string& value) {
  std::string row = "{";
  const auto add = [&](const std::string& field, const std::string& usual) {
    const std::string& text = field == name ? value : usual;
    if (!text.empty()) row += (row.size() > 1 ? ",\"" : "\"") + field + "\":" + text;
  };
  add("p", "3");
  add("s", "\"AAA\"");
  add("t", "1709251200000");
  add("v", "2");
  return row + "}";
}

std::string said_with(const std::string& name, const std::string& value) {
  return said(frame_of(row_with(name, value)));
}

std::string trade(const std::string& price, const std::string& size) {
  return "trade trades AAA unknown id=0 price=" + price + " size=" + size +
         " time=2024-03-01T00:00:00.000000000Z order=0 flags=[] has_id=false\n";
}

std::string rejected(const std::string& reason, const std::string& field) {
  return "reject " + reason + " trades [" + field + "]\n";
}

TEST(FinnhubParser, equal_rows_are_separate_trades) {
  const std::string row = row_with("", "");
  EXPECT_EQ(said(frame_of(row + "," + row + "," + row)),
            trade("3", "2") + trade("3", "2") + trade("3", "2"));
}

TEST(FinnhubParser, nobody_traded_where_the_volume_is_zero) {
  for (const char* zero : {"0", "0.0", "0.000", "0e5", "-0", "\"0\""}) {
    EXPECT_EQ(said_with("v", zero), "control no_trade trades []\n") << zero;
  }
  EXPECT_EQ(said_with("v", "0.00000001"), trade("3", "0.00000001"));
}

TEST(FinnhubParser, numbers_are_exact_with_an_exponent_too) {
  EXPECT_EQ(said_with("p", "164.0601"), trade("164.0601", "2"));
  EXPECT_EQ(said_with("p", "164.06010"), trade("164.0601", "2"));
  EXPECT_EQ(said_with("p", "0.1"), trade("0.1", "2"));
  EXPECT_EQ(said_with("v", "5e-7"), trade("3", "0.0000005"));
  EXPECT_EQ(said_with("v", "1.25E+3"), trade("3", "1250"));
  EXPECT_EQ(said_with("v", "1200e-2"), trade("3", "12"));
  EXPECT_EQ(said_with("v", "-1"), trade("3", "-1"));  // decode refuses it
  for (const char* bad : {"1e400", "1e19", "1e-19", "99999999999999999999", "true", "null", "[]",
                          "\"1e3\"", "\"\""}) {
    EXPECT_EQ(said_with("p", bad), rejected("bad_price", "p")) << bad;
    EXPECT_EQ(said_with("v", bad), rejected("bad_size", "v")) << bad;
  }
}

TEST(FinnhubParser, one_bad_row_spoils_no_other) {
  EXPECT_EQ(said(frame_of(row_with("p", "") + "," + row_with("", "") + ",7")),
            rejected("missing_field", "p") + trade("3", "2") + rejected("bad_field", "data"));
}

TEST(FinnhubParser, every_field_of_a_trade_is_needed) {
  for (const char* name : {"p", "s", "t", "v"}) {
    EXPECT_EQ(said_with(name, ""), rejected("missing_field", name));
  }
}

TEST(FinnhubParser, symbols_may_name_their_exchange) {
  EXPECT_NE(said_with("s", "\"BINANCE:BTCUSDT\"").find(" BINANCE:BTCUSDT "), std::string::npos);
  for (const char* bad : {"\"\"", "\"A B\"", "\"A,B\"", "7"}) {
    EXPECT_EQ(said_with("s", bad), rejected("bad_symbol", "s")) << bad;
  }
}

// Of a trade whose `c` is written so; by the scan, and by the JSON reader, for which a blank does.
std::string said_of_codes(const std::string& codes) {
  const std::string row = row_with("", "").substr(1);
  const std::string scanned = said(frame_of("{\"c\":" + codes + "," + row));
  EXPECT_EQ(said(frame_of("{ \"c\":" + codes + "," + row)), scanned) << codes;
  return scanned;
}

TEST(FinnhubParser, condition_codes_are_kept_as_they_are) {
  EXPECT_EQ(said(frame_of(row_with("", ""))), trade("3", "2"));
  for (const char* none : {"null", "[]"}) EXPECT_EQ(said_of_codes(none), trade("3", "2")) << none;
  const auto kept = [](const char* codes) {
    std::string with = trade("3", "2");
    return with.insert(with.size() - 1, std::string(" conditions=[") + codes + "]");
  };
  EXPECT_EQ(said_of_codes(R"(["1","24","12"])"), kept("1 12 24"));
  EXPECT_EQ(said_of_codes(R"(["8","8"])"), kept("8"));
  EXPECT_EQ(said_of_codes(R"(["0","62"])"), kept("0 62"));
  EXPECT_EQ(said_of_codes("[1,24]"), kept("1 24"));
  EXPECT_EQ(said_of_codes(R"(["\u0031"])"), kept("1"));
}

TEST(FinnhubParser, what_is_no_code_is_marked_and_spoils_no_trade) {
  const std::string row = trade("3", "2");
  const auto other = [&](const char* codes) {
    return row.substr(0, row.size() - 1) + " conditions=[" + codes + "]\n";
  };
  for (const char* codes : {R"("1")", "1", "true", "{}", R"({"c":[1]})", R"(["63"])", R"(["01"])",
                            R"([""])", R"(["T"])", "[1.0]", "[1e0]", "[-1]", "[null]", "[[1]]",
                            "[{}]", R"(["18446744073709551617"])", R"(["1 "])"}) {
    EXPECT_EQ(said_of_codes(codes), other("other")) << codes;
  }
  EXPECT_EQ(said_of_codes(R"(["1","100","12"])"), other("1 12 other"));
}

TEST(FinnhubParser, codes_that_stand_there_twice_spoil_their_row) {
  const std::string row = row_with("", "").substr(1);
  EXPECT_EQ(said(frame_of(R"({"c":["1"],"c":["12"],)" + row)), rejected("repeated_key", ""));
}

// What the fast scan takes, and what it leaves to the JSON reader: else nobody would notice that it
// takes nothing.
TEST(FinnhubParser, the_scan_takes_what_the_venue_writes) {
  const auto is_taken = [](std::string frame) {
    frame.append(kReadPadding, '\0');
    Items items;
    const bool taken =
        scan_frame(std::string_view(frame).substr(0, frame.size() - kReadPadding), items);
    EXPECT_EQ(taken, !items.empty()) << frame;
    return taken;
  };
  const std::string row = R"({"c":["1","8","12"],"p":164.06,"s":"AAPL","t":1680286538064,"v":4})";
  EXPECT_TRUE(is_taken(frame_of(row + "," + row)));
  EXPECT_TRUE(is_taken(frame_of(R"({"c":null,"p":0.5,"s":"BINANCE:AUSDT","t":1,"v":0.00139})")));
  EXPECT_TRUE(is_taken(frame_of(R"({"p":7296.89,"s":"A","t":1575526691134,"v":0})")));
  EXPECT_TRUE(is_taken(R"({"type":"ping"})"));
  EXPECT_FALSE(is_taken(frame_of(R"({"p":1e5,"s":"A","t":1575526691134,"v":0})")));
  EXPECT_FALSE(is_taken(frame_of(row + "," + row_with("v", ""))));
}

}  // namespace
}  // namespace tapeline::venue::finnhub
