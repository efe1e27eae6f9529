// SPDX-License-Identifier: Apache-2.0
#include "venue/instruments.h"

#include <gtest/gtest.h>

#include <string>

#include "model/asset.h"
#include "venue/instruments_fixture.h"

namespace tapeline::venue {
namespace {

// "SYMBOL=BASE/QUOTE;" of each row.
std::string rows_of(std::string_view text, InstrumentFields fields) {
  fields.name = [](const InstrumentRow& row, Listing& out) {
    out.symbol = row.symbol;
    out.base = row.base;
    out.quote = row.quote;
  };
  const auto list = read_instruments(text, fields, "it is none");
  if (!list) return list.error().text == "it is none" ? "refused" : list.error().text;
  std::string out;
  for (const auto& row : list->rows) {
    out += row.listing.symbol + "=" + row.listing.base + "/" + row.listing.quote + ";";
  }
  return out;
}

std::string terms_of(std::string_view row) {
  static constexpr StatusWord kWords[] = {{"on", ListingStatus::kTrading},
                                          {"off", ListingStatus::kHalted},
                                          {"gone", ListingStatus::kDelisted}};
  static constexpr StatusWord kFlags[] = {{"stopped", ListingStatus::kHalted},
                                          {"post_only", ListingStatus::kRestricted}};
  const InstrumentFields fields{.symbol = "s",
                                .name = name_of_pair,
                                .tick = "price.tick",
                                .tick_places = "places",
                                .lot = "filters.LOT.step",
                                .lot_places = "lot_places",
                                .min_size = "min",
                                .min_notional = "value",
                                .status = "status",
                                .words = kWords,
                                .flags = kFlags};
  return text_of(read_instruments("[" + std::string(row) + "]", fields, ""));
}

TEST(Instruments, come_in_the_order_of_the_list) {
  EXPECT_EQ(rows_of(R"([{"x":[1],"id":"B-C"},{"id":"A-B","y":{}}])", {.symbol = "id"}),
            "B-C=/;A-B=/;");
  EXPECT_EQ(rows_of("[]", {.symbol = "id"}), "");
}

TEST(Instruments, stand_under_a_key_with_their_parts_in_any_order) {
  const InstrumentFields fields{.list = "rows", .symbol = "s", .base = "b", .quote = "q"};
  EXPECT_EQ(rows_of(R"({"a":1,"rows":[{"q":"Y","s":"XY","b":"X"}],"z":[]})", fields), "XY=X/Y;");
}

TEST(Instruments, may_lie_deep_in_an_object_and_without_a_name) {
  const InstrumentFields fields{.list = "result.list", .symbol = "s"};
  EXPECT_EQ(rows_of(R"({"code":0,"result":{"n":[1],"list":[{"s":"XY"}]},"t":1})", fields), "XY=/;");
  EXPECT_EQ(rows_of(R"({"result":[],"list":[{"s":"XY"}]})", fields), "refused");
  const InstrumentFields named{.list = "r", .is_object = true, .symbol = "s", .base = "b"};
  EXPECT_EQ(rows_of(R"({"r":{"1":{"s":"A\/B","b":"A"},"2":{"s":"CD","b":"C"}}})", named),
            "A/B=A/;CD=C/;");
  EXPECT_EQ(rows_of(R"({"r":{"1":{"s":"AB","b":"A"},"2":{"b":"C"}}})", named), "refused");
  InstrumentFields skipping = named;
  skipping.skips_unnamed = true;
  EXPECT_EQ(rows_of(R"({"r":{"1":{"b":"C"},"2":{"b":"A","s":"AB"}}})", skipping), "AB=A/;");
  EXPECT_EQ(rows_of(R"({"r":[]})", skipping), "refused");
}

TEST(Instruments, are_refused_whole_when_a_row_is_none) {
  const InstrumentFields fields{.list = "rows", .symbol = "s", .base = "b", .quote = "q"};
  for (const char* bad :
       {"", "x", "<html></html>", "{}", "[]", R"({"rows":{}})", R"({"rows":[1]})",
        R"({"rows":[{"s":"XY","b":"X"}]})", R"({"rows":[{"s":"X Y","b":"X","q":"Y"}]})",
        R"({"rows":[{"s":1,"b":"X","q":"Y"}]})", R"({"rows":[{"s":"XY","b":"X","q":"Y"})"}) {
    EXPECT_EQ(rows_of(bad, fields), "refused") << bad;
  }
}

TEST(Instruments, of_the_same_symbol_the_first_counts) {
  EXPECT_EQ(rows_of(R"([{"id":"A","b":"1"},{"id":"B","b":"2"},{"id":"A","b":"3"}])",
                    {.symbol = "id", .base = "b"}),
            "A=1/;B=2/;");
}

TEST(Instruments, say_whether_there_is_more_of_the_list) {
  const InstrumentFields fields{
      .list = "rows", .more = "page.next", .symbol = "s", .name = name_of_pair};
  const auto is_whole = [&](const std::string& page) {
    const auto list = read_instruments(R"({"rows":[{"s":"A-B"}],"page":)" + page + "}", fields, "");
    return list && list->is_whole;
  };
  for (const char* end : {"{}", R"({"next":""})", R"({"next":null})", R"({"next":false})"}) {
    EXPECT_TRUE(is_whole(end)) << end;
  }
  for (const char* more : {R"({"next":"c2"})", R"({"next":true})"}) {
    EXPECT_FALSE(is_whole(more)) << more;
  }
}

TEST(Instruments, have_steps_as_numbers_texts_or_places) {
  EXPECT_EQ(
      terms_of(R"({"s":"A-B","price":{"tick":"0.010"},"filters":[{"filterType":"X","step":1},)"
               R"({"filterType":"LOT","step":"0.5"}],"min":5,"value":"10.50 USD"})"),
      "A-B A-B A/B 0.01 0.5 5 10.5 unknown()\n");
  EXPECT_EQ(terms_of(R"({"s":"A-B","places":3,"lot_places":0,"min":"0"})"),
            "A-B A-B A/B 0.001 1 0 - unknown()\n");
  EXPECT_EQ(terms_of(R"({"s":"A-B","places":18,"price":{"tick":"2.5"}})"),
            "A-B A-B A/B 2.5 - - - unknown()\n")
      << "the tick itself goes first";
}

TEST(Instruments, leave_empty_what_is_not_said) {
  for (const char* row : {R"({"s":"A-B"})", R"({"s":"A-B","price":{"tick":""},"min":null})",
                          R"({"s":"A-B","price":{"tick":"0"},"filters":[]})",
                          R"({"s":"A-B","price":7,"filters":{"LOT":"x"}})"}) {
    EXPECT_EQ(terms_of(row), "A-B A-B A/B - - - - unknown()\n") << row;
  }
}

TEST(Instruments, keep_their_place_where_something_of_them_is_malformed) {
  for (const char* row :
       {R"({"s":"A-B","price":{"tick":"1e400"}})", R"({"s":"A-B","min":0.5})",
        R"({"s":"A-B","min":"-1"})", R"({"s":"A-B","places":19})", R"({"s":"A-B","places":1.5})",
        R"({"s":"A-B","value":[]})", R"({"s":"A-B","status":7})",
        R"({"s":"A-B","status":"with blanks"})", R"({"s":"A-B","price":{"tick":"0,01"}})"}) {
    EXPECT_EQ(terms_of(row), "A-B A-B A/B - - - - unknown()!\n") << row;
  }
}

TEST(Instruments, have_a_status_in_words_and_one_that_is_the_venues) {
  EXPECT_EQ(terms_of(R"({"s":"A-B","status":"on"})"), "A-B A-B A/B - - - - trading(on)\n");
  EXPECT_EQ(terms_of(R"({"s":"A-B","status":"new"})"), "A-B A-B A/B - - - - unknown(new)\n");
  EXPECT_EQ(terms_of(R"({"s":"A-B","status":"on","post_only":true,"stopped":true})"),
            "A-B A-B A/B - - - - halted(stopped)\n")
      << "the first flag of the table";
  EXPECT_EQ(terms_of(R"({"s":"A-B","status":"on","post_only":true,"stopped":false})"),
            "A-B A-B A/B - - - - restricted(post_only)\n");
  EXPECT_EQ(terms_of(R"({"s":"A-B","status":"gone","stopped":true})"),
            "A-B A-B A/B - - - - delisted(gone)\n")
      << "a flag makes nothing better of it";
}

TEST(Assets, have_one_name_at_all_venues) {
  EXPECT_EQ(canonical_asset("XBT"), "BTC");
  EXPECT_EQ(canonical_asset("XDG"), "DOGE");
  EXPECT_EQ(canonical_asset("USDT"), "USDT") << "which is no dollar";
  Listing out;
  name_of_parts({"XBTUSDT", "XBT", "USDT"}, out);
  EXPECT_EQ(out.canonical, "XBT-USDT") << "names of instruments stay";
  EXPECT_EQ(out.base + "/" + out.quote, "BTC/USDT");
  set_assets("A-B-USD", out);
  EXPECT_EQ(out.base + "/" + out.quote, "A-B/USD");
}

}  // namespace
}  // namespace tapeline::venue
