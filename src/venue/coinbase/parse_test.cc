// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase/parse.h"

#include <gtest/gtest.h>

#include <string>

#include "reference/venue_reference.h"

namespace tapeline::venue::coinbase {
namespace {

using namespace std::string_literals;

std::string said(const std::string& frame) {
  FrameParser parser;
  return reference::describe(parser, frame);
}

// A match with one field put differently, or left out.
std::string match_with(const std::string& name, const std::string& value) {
  std::string frame = R"({"type":"match")";
  const auto add = [&](const std::string& field, const std::string& usual) {
    const std::string& text = field == name ? value : usual;
    if (!text.empty()) frame += ",\"" + field + "\":" + text;
  };
  add("trade_id", "17");
  add("side", "\"sell\"");
  add("size", "\"2\"");
  add("price", "\"3\"");
  add("product_id", "\"A-B\"");
  add("time", "\"2024-03-01T00:00:00Z\"");
  return frame + "}";
}

std::string said_with(const std::string& name, const std::string& value) {
  return said(match_with(name, value));
}

std::string trade(const std::string& id, const std::string& fraction = "000000000") {
  return "trade trades A-B buy id=" + id + " price=3 size=2 time=2024-03-01T00:00:00." + fraction +
         "Z order=0 flags=[] has_id=true\n";
}

std::string rejected(const std::string& why, const std::string& field) {
  return "reject " + why + " trades [" + field + "]\n";
}

TEST(CoinbaseParser, the_taker_is_the_other_side_than_the_makers) {
  EXPECT_NE(said_with("side", "\"sell\"").find(" buy "), std::string::npos);
  EXPECT_NE(said_with("side", "\"buy\"").find(" sell "), std::string::npos);
  // The same in the form the venue writes, which takes another way.
  const std::string front =
      R"({"type":"match","trade_id":1,"maker_order_id":"00000000-0000-4000-8000-00000000000a",)"
      R"("taker_order_id":"00000000-0000-4000-8000-00000000000b","side":)";
  const std::string back = R"(,"size":"2","price":"3","product_id":"A-B","sequence":1,)"
                           R"("time":"2024-03-01T00:00:00.000000Z"})";
  EXPECT_NE(said(front + "\"sell\"" + back).find(" buy "), std::string::npos);
  EXPECT_NE(said(front + "\"buy\"" + back).find(" sell "), std::string::npos);
}

TEST(CoinbaseParser, the_last_match_is_a_snapshot) {
  const std::string frame = match_with("", "");
  EXPECT_NE(said("{\"type\":\"last_match\"" + frame.substr(15)).find("flags=[snapshot]"),
            std::string::npos);
}

TEST(CoinbaseParser, ids_stay_exact) {
  EXPECT_EQ(said_with("trade_id", "9007199254740993"), trade("9007199254740993"));
  EXPECT_EQ(said_with("trade_id", "9223372036854775809"), trade("9223372036854775809"));
  EXPECT_EQ(said_with("trade_id", "18446744073709551615"), trade("18446744073709551615"));
  EXPECT_EQ(said_with("trade_id", "18446744073709551621"), trade("text 18446744073709551621"));
  EXPECT_EQ(said_with("trade_id", "\"17\""), trade("17"));
  EXPECT_EQ(said_with("trade_id", "\"017\""), trade("text 017"));
  EXPECT_EQ(said_with("trade_id", "\"a-\\u0062\""), trade("text a-b"));
  EXPECT_EQ(said_with("trade_id", "0"), trade("0"));
}

TEST(CoinbaseParser, refuses_ids_that_are_none) {
  for (const char* bad : {"-1", "1.0", "1e3", "null", "true", "\"\"", "\"a b\"", "[1]", "{}",
                          "1234567890123456789012345678901234567890"}) {
    EXPECT_EQ(said_with("trade_id", bad), rejected("bad_id", "trade_id")) << bad;
  }
  EXPECT_EQ(said_with("trade_id", "017"), rejected("bad_json", ""));
}

TEST(CoinbaseParser, prices_and_sizes_are_exact_or_refused) {
  EXPECT_NE(said_with("price", "\"0.00001305\"").find("price=0.00001305 "), std::string::npos);
  EXPECT_NE(said_with("price", "12.340").find("price=12.34 "), std::string::npos);
  EXPECT_NE(said_with("price", "\"-37.63\"").find("price=-37.63 "), std::string::npos);
  EXPECT_NE(said_with("size", "\"-1\"").find("size=-1 "), std::string::npos);
  EXPECT_NE(said_with("size", "\"\\u0031\"").find("size=1 "), std::string::npos);
  for (const char* bad : {"\"1e3\"", "1e30", "\"\"", "\" 1\"", "\"+1\"", "\".5\"", "null", "[]",
                          "\"99999999999999999999\"", "\"0.0000000000000000001\"", "\"NaN\""}) {
    EXPECT_EQ(said_with("price", bad), rejected("bad_price", "price")) << bad;
    EXPECT_EQ(said_with("size", bad), rejected("bad_size", "size")) << bad;
  }
}

TEST(CoinbaseParser, times_have_up_to_nine_digits) {
  const std::string digits = "123456789";
  EXPECT_EQ(said_with("time", "\"2024-03-01T00:00:00Z\""), trade("17"));
  for (std::size_t n = 1; n <= 9; ++n) {
    std::string fraction = digits.substr(0, n);
    EXPECT_EQ(said_with("time", "\"2024-03-01T00:00:00." + fraction + "Z\""),
              trade("17", fraction + std::string(9 - n, '0')));
  }
  for (const char* bad :
       {"\"9999-12-31T23:59:59Z\"", "\"2024-03-01T00:00:00.1234567890Z\"",
        "\"2024-02-30T00:00:00Z\"", "\"2024-03-01T00:00:00\"", "\"\"", "1709251200", "null"}) {
    EXPECT_EQ(said_with("time", bad), rejected("bad_time", "time")) << bad;
  }
}

TEST(CoinbaseParser, symbols_may_be_of_any_script_but_not_of_separators) {
  EXPECT_NE(said_with("product_id", "\"\xe5\xb8\x81-USD\"").find("\xe5\xb8\x81-USD"),
            std::string::npos);
  EXPECT_NE(said_with("product_id", "\"\\u5e01-USD\"").find("\xe5\xb8\x81-USD"), std::string::npos);
  for (const std::string& bad : {"\"\""s, "\"A B\""s, "\"A,B\""s, "\"A\\\"B\""s, "7"s,
                                 "\"A\\u0000\""s, "null"s, "\"" + std::string(65, 'A') + "\""}) {
    EXPECT_EQ(said_with("product_id", bad), rejected("bad_symbol", "product_id")) << bad;
  }
}

TEST(CoinbaseParser, every_field_of_a_trade_is_needed) {
  for (const char* name : {"trade_id", "side", "size", "price", "product_id", "time"}) {
    EXPECT_EQ(said_with(name, ""), rejected("missing_field", name));
  }
  EXPECT_EQ(said_with("side", "\"BUY\""), rejected("bad_field", "side"));
  EXPECT_EQ(said_with("side", "1"), rejected("bad_field", "side"));
}

TEST(CoinbaseParser, a_repeated_key_is_refused) {
  const std::string frame = match_with("", "");
  const std::string open = frame.substr(0, frame.size() - 1);
  for (const char* again : {"\"price\":\"3\"", "\"pric\\u0065\":\"3\"", "\"type\":\"match\"",
                            "\"trade_id\":17", "\"sequence\":1,\"sequence\":1"}) {
    EXPECT_EQ(said(open + "," + again + "}"), rejected("repeated_key", "")) << again;
  }
  EXPECT_EQ(said(open + R"(,"new":1,"new":2,"Price":"4"})"), trade("17"));
}

TEST(CoinbaseParser, unknown_fields_say_nothing_but_are_json) {
  const std::string frame = match_with("", "");
  const std::string open = frame.substr(0, frame.size() - 1);
  EXPECT_EQ(said(open + R"(,"user_id":"x","fees":{"price":[1,{"size":null}]}})"), trade("17"));
  EXPECT_EQ(said(open + R"(,"fees":{"price":[1,}]})"), rejected("bad_json", ""));
  EXPECT_EQ(said(open + ",\"x\":" + std::string(10'000, '[') + std::string(10'000, ']') + "}"),
            rejected("bad_json", ""));
}

TEST(CoinbaseParser, nothing_may_follow_a_frame) {
  const std::string frame = match_with("", "");
  EXPECT_EQ(said(frame + " \r\n"), trade("17"));
  for (const std::string& more : {"x"s, "}"s, "{}"s, ","s, "\0"s, frame}) {
    EXPECT_EQ(said(frame + more).substr(0, 15), "reject bad_json") << more;
  }
}

TEST(CoinbaseParser, bytes_that_are_no_text_are_refused) {
  EXPECT_EQ(said(match_with("product_id", "\"A\xff\"")).substr(0, 15), "reject bad_json");
  EXPECT_EQ(said(match_with("product_id", "\"A\0B\""s)).substr(0, 15), "reject bad_json");
  EXPECT_EQ(said("").substr(0, 15), "reject bad_json");
  EXPECT_EQ(said("   ").substr(0, 15), "reject bad_json");
}

TEST(CoinbaseParser, an_escaped_type_is_the_type) {
  std::string frame = match_with("", "");
  frame.replace(frame.find("match"), 5, "m\\u0061tch");
  EXPECT_EQ(said(frame), trade("17"));
}

TEST(CoinbaseParser, a_venue_error_carries_its_text_and_no_more_than_200_bytes) {
  const std::string text(300, 'x');
  EXPECT_EQ(said(R"({"type":"error","message":"no","reason":")" + text + "\"}"),
            "control venue_error other [no: " + std::string(196, 'x') + "]\n");
  EXPECT_EQ(said(R"({"type":"error"})"), "control venue_error other []\n");
}

TEST(CoinbaseParser, a_kind_that_is_not_parsed_is_not_read_to_its_end) {
  EXPECT_EQ(said(R"({"type":"l2update","changes":[[)"), "control unparsed other []\n");
  EXPECT_EQ(said(R"({"product_id":"A-B","type":"snapshot","bids":[}]})"),
            "control unparsed other []\n");
}

TEST(CoinbaseParser, what_has_no_type_is_no_frame_of_this_venue) {
  for (const char* bad : {"{}", "[]", R"({"e":"trade","s":"AB","t":1})", R"({"type":null})",
                          R"({"type":{"type":"match"}})"}) {
    EXPECT_EQ(said(bad).substr(0, 14), "reject no_kind") << bad;
  }
}

}  // namespace
}  // namespace tapeline::venue::coinbase
