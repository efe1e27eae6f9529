// SPDX-License-Identifier: Apache-2.0
#include "venue/binance/parse.h"

#include <gtest/gtest.h>

#include <string>

#include "reference/venue_reference.h"

namespace tapeline::venue::binance {
namespace {

using namespace std::string_literals;

std::string said(const std::string& frame) {
  FrameParser parser;
  return reference::describe(parser, frame);
}

// A payload of that kind with one field put differently, or left out.
std::string payload_with(const std::string& event, const std::string& name,
                         const std::string& value) {
  std::string frame = R"({"e":")" + event + "\"";
  const auto add = [&](const std::string& field, const std::string& usual) {
    const std::string& text = field == name ? value : usual;
    if (!text.empty()) frame += ",\"" + field + "\":" + text;
  };
  add("s", "\"ABUSDT\"");
  add(event == "trade" ? "t" : "a", "17");
  add("p", "\"3\"");
  add("q", "\"2\"");
  if (event == "aggTrade") {
    add("f", "5");
    add("l", "6");
  }
  add("T", "1709251200000");
  add("m", "false");
  return frame + "}";
}

std::string said_with(const std::string& name, const std::string& value) {
  return said(payload_with("trade", name, value));
}

std::string trade(const std::string& id, const std::string& fraction = "000000000") {
  return "trade trades ABUSDT buy id=" + id + " price=3 size=2 time=2024-03-01T00:00:00." +
         fraction + "Z order=0 flags=[] has_id=true\n";
}

std::string rejected(const std::string& why, const std::string& field) {
  return "reject " + why + " trades [" + field + "]\n";
}

TEST(BinanceParser, a_buyer_who_is_the_maker_was_sold_to) {
  EXPECT_NE(said_with("m", "true").find(" sell "), std::string::npos);
  EXPECT_NE(said_with("m", "false").find(" buy "), std::string::npos);
  // The same in the form the venue writes, which takes another way.
  const std::string front = R"({"e":"trade","E":1709251200000,"s":"ABUSDT","t":17,"p":"3","q":"2",)"
                            R"("T":1709251200000,"m":)";
  EXPECT_NE(said(front + R"(true,"M":true})").find(" sell "), std::string::npos);
  EXPECT_NE(said(front + R"(false,"M":true})").find(" buy "), std::string::npos);
}

TEST(BinanceParser, keys_differ_by_case) {
  EXPECT_EQ(
      said(R"({"e":"trade","E":1,"s":"ABUSDT","S":"x","t":17,"p":"3","P":"9","q":"2","Q":"9",)"
           R"("T":1709251200000,"m":false,"M":true})"),
      trade("17"));
}

TEST(BinanceParser, ids_stay_exact) {
  EXPECT_EQ(said_with("t", "9007199254740993"), trade("9007199254740993"));
  EXPECT_EQ(said_with("t", "9223372036854775809"), trade("9223372036854775809"));
  EXPECT_EQ(said_with("t", "18446744073709551621"), trade("text 18446744073709551621"));
  for (const char* bad : {"-1", "1.0", "1e3", "null", "\"\""}) {
    EXPECT_EQ(said_with("t", bad), rejected("bad_id", "t")) << bad;
  }
}

TEST(BinanceParser, times_are_in_milliseconds_or_microseconds) {
  EXPECT_EQ(said_with("T", "1709251200123"), trade("17", "123000000"));
  EXPECT_EQ(said_with("T", "1709251200123456"), trade("17", "123456000"));
  for (const char* bad : {"-1", "1.5", "1e12", "\"1709251200000\"", "null", "99999999999999",
                          "9223372036854776", "18446744073709551616"}) {
    EXPECT_EQ(said_with("T", bad), rejected("bad_time", "T")) << bad;
  }
}

TEST(BinanceParser, every_field_of_a_trade_is_needed) {
  for (const char* name : {"t", "s", "p", "q", "T", "m"}) {
    EXPECT_EQ(said_with(name, ""), rejected("missing_field", name));
  }
  EXPECT_EQ(said_with("m", "1"), rejected("bad_field", "m"));
  EXPECT_EQ(said_with("p", "\"1e400\""), rejected("bad_price", "p"));
  EXPECT_EQ(said_with("q", "\"\""), rejected("bad_size", "q"));
  EXPECT_EQ(said_with("s", "\"A B\""), rejected("bad_symbol", "s"));
}

TEST(BinanceParser, symbols_may_be_of_any_script) {
  const std::string expected = trade("17");
  const auto renamed = [&](const std::string& symbol) {
    return std::string(expected).replace(expected.find("ABUSDT"), 6, symbol);
  };
  EXPECT_EQ(said_with("s", "\"\xe5\xb8\x81USDT\""), renamed("\xe5\xb8\x81USDT"));
  EXPECT_EQ(said_with("s", "\"\\u5e01USDT\""), renamed("\xe5\xb8\x81USDT"));
}

TEST(BinanceParser, an_aggregated_trade_has_its_fills) {
  EXPECT_EQ(said(payload_with("aggTrade", "", "")),
            "trade agg_trades ABUSDT buy id=17 price=3 size=2 time=2024-03-01T00:00:00.000000000Z "
            "order=0 flags=[] has_id=true fills=5..6\n");
  EXPECT_EQ(said(payload_with("aggTrade", "l", "4")), "reject bad_id agg_trades [l]\n");
  EXPECT_EQ(said(payload_with("aggTrade", "f", "-1")), "reject bad_id agg_trades [f]\n");
  EXPECT_EQ(said(payload_with("aggTrade", "l", "")), "reject missing_field agg_trades [l]\n");
  EXPECT_EQ(said(payload_with("aggTrade", "l", "18446744073709551616")),
            "reject bad_id agg_trades [l]\n");
}

TEST(BinanceParser, quotes_are_known_by_name_or_shape) {
  EXPECT_EQ(said(R"({"A":"4","u":9,"s":"ABUSDT","b":"1","B":"2","a":"3"})"),
            "quote ABUSDT id=9 bid=1x2 ask=3x4\n");
  EXPECT_EQ(said(R"({"e":"bookTicker","u":9,"E":1,"T":1709251200000,"s":"ABUSDT","b":"1","B":"2",)"
                 R"("a":"3","A":"4"})"),
            "quote ABUSDT id=9 bid=1x2 ask=3x4 time=2024-03-01T00:00:00.000000000Z\n");
  EXPECT_EQ(said(R"({"u":9,"s":"ABUSDT","b":"1","B":"2","a":"3"})"), "reject no_kind other [e]\n");
}

TEST(BinanceParser, a_repeated_key_is_refused) {
  const std::string frame = payload_with("trade", "", "");
  const std::string open = frame.substr(0, frame.size() - 1);
  for (const char* again : {"\"p\":\"3\"", "\"\\u0070\":\"3\"", "\"e\":\"trade\"", "\"t\":17"}) {
    EXPECT_EQ(said(open + "," + again + "}"), rejected("repeated_key", "")) << again;
  }
  EXPECT_EQ(said(open + R"(,"X":"MARKET","X":1})"), trade("17"));
}

TEST(BinanceParser, a_payload_beside_data_is_refused) {
  const std::string payload = payload_with("trade", "", "");
  const std::string open = payload.substr(0, payload.size() - 1);
  EXPECT_EQ(said(R"({"stream":"any","data":)" + payload + "}"), trade("17"));
  EXPECT_EQ(said(R"({"data":)" + payload + R"(,"s":"X"})"), rejected("no_kind", "data"));
  EXPECT_EQ(said(open + R"(,"data":{"s":"X"}})"), rejected("no_kind", "data"));
  EXPECT_EQ(said(R"({"data":)" + payload + R"(,"data":)" + payload + "}"),
            rejected("no_kind", "data"));
  EXPECT_EQ(said(open + R"(,"data":null})"), trade("17"));
}

TEST(BinanceParser, answers_and_errors_are_controls) {
  EXPECT_EQ(said(R"({"result":null,"id":1})"), "control ack other []\n");
  EXPECT_EQ(said(R"({"id":"a","result":[]})"), "control ack other []\n");
  EXPECT_EQ(said(R"({"code":2,"msg":"n\u006f"})"), "control venue_error other [no]\n");
  EXPECT_EQ(said(R"({"error":{"code":3,"msg":"bad"},"id":1})"),
            "control venue_error other [bad]\n");
  EXPECT_EQ(said(R"({"error":{}})"), "control venue_error other []\n");
  EXPECT_EQ(said(R"({"error":"x"})"), "control venue_error other [x]\n");
  EXPECT_EQ(said(R"({"e":"serverShutdown","E":1})"),
            "control venue_error other [serverShutdown]\n");
  EXPECT_EQ(said(R"({"code":2})"), "reject no_kind other [e]\n");
}

TEST(BinanceParser, a_kind_that_is_not_parsed_is_not_read_to_its_end) {
  for (const char* frame :
       {R"({"e":"depthUpdate","b":[[)", R"({"stream":"x","data":{"e":"kline","k":)",
        R"({"lastUpdateId":1,"bids":[)", R"({"stream":"x","data":{"lastUpdateId":1,)",
        R"({"stream":"x","data":[{"e")", R"([{"e":"24hrMiniTicker")",
        R"({"E":1,"e":"depthUpdate","b":[}]})"}) {
    EXPECT_EQ(said(frame), "control unparsed other []\n") << frame;
  }
  EXPECT_EQ(said(R"({"e":"brandNew","b":[[)"), "control unknown_kind other []\n");
}

TEST(BinanceParser, nothing_may_follow_a_frame) {
  const std::string frame = payload_with("trade", "", "");
  EXPECT_EQ(said(frame + " \n"), trade("17"));
  for (const std::string& more : {"x"s, "}"s, "{}"s, ","s, "\0"s, frame}) {
    EXPECT_EQ(said(frame + more).substr(0, 15), "reject bad_json") << more;
  }
  EXPECT_EQ(said(R"({"data":)" + frame), rejected("bad_json", ""));
}

TEST(BinanceParser, deep_or_broken_frames_are_refused) {
  const std::string frame = payload_with("trade", "", "");
  const std::string open = frame.substr(0, frame.size() - 1);
  EXPECT_EQ(said(open + ",\"x\":" + std::string(10'000, '[') + std::string(10'000, ']') + "}"),
            rejected("bad_json", ""));
  EXPECT_EQ(said(payload_with("trade", "s", "\"A\xff\"")).substr(0, 15), "reject bad_json");
  EXPECT_EQ(said(payload_with("trade", "s", "\"A\0\""s)).substr(0, 15), "reject bad_json");
  EXPECT_EQ(said("").substr(0, 15), "reject bad_json");
}

TEST(BinanceParser, another_venues_frames_have_no_kind) {
  for (const char* other :
       {R"({"type":"match","trade_id":1,"side":"buy","size":"1","price":"2","product_id":"A-B"})",
        R"({"type":"error","message":"no","reason":"none"})", R"({"type":"subscriptions"})", "{}",
        R"({"e":null})"}) {
    EXPECT_EQ(said(other).substr(0, 14), "reject no_kind") << other;
  }
}

}  // namespace
}  // namespace tapeline::venue::binance
