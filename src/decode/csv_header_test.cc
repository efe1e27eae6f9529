// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "decode/csv_row.h"

namespace tapeline::decode {
namespace {

std::string error_of(std::string_view header) {
  const auto layout = parse_csv_header(header, TimeUnit::kNone);
  if (layout) return "";
  EXPECT_EQ(layout.error().fault, Fault::kCaller);
  return layout.error().text;
}

TEST(CsvHeader, finds_columns_by_name_in_any_order) {
  const auto layout =
      parse_csv_header("price,size,extra,side,ts_event,trade_id,symbol", TimeUnit::kMicros);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->columns, 7U);
  EXPECT_EQ(layout->time_unit, TimeUnit::kMicros);
  EXPECT_EQ(layout->at(CsvColumn::kSymbol), 6U);
  EXPECT_EQ(layout->at(CsvColumn::kPrice), 0U);
  EXPECT_FALSE(layout->has(CsvColumn::kVenue));
  EXPECT_FALSE(layout->has(CsvColumn::kTsRecv));
}

TEST(CsvHeader, optional_columns_are_found) {
  const auto layout =
      parse_csv_header("venue,symbol,trade_id,ts_event,ts_recv,price,size,side", TimeUnit::kNone);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->at(CsvColumn::kVenue), 0U);
  EXPECT_EQ(layout->at(CsvColumn::kTsRecv), 4U);
}

TEST(CsvHeader, byte_order_mark_and_quotes_are_fine) {
  const auto layout = parse_csv_header(
      "\xEF\xBB\xBF\"symbol\",\"trade_id\",ts_event,price,\"a \"\"b\"\", c\",size,side",
      TimeUnit::kNone);
  ASSERT_TRUE(layout) << layout.error().text;
  EXPECT_EQ(layout->columns, 7U);
  EXPECT_EQ(layout->at(CsvColumn::kSide), 6U);
}

TEST(CsvHeader, missing_column_is_named_with_those_found) {
  EXPECT_EQ(error_of("symbol,trade_id,ts_event,price,size"),
            "CSV header: there is no column \"side\"; the columns are: symbol, trade_id, ts_event, "
            "price, size");
  EXPECT_EQ(error_of(""), "CSV header: there is no column \"symbol\"; the columns are: ");
}

TEST(CsvHeader, nearest_name_is_offered) {
  EXPECT_EQ(error_of("symbol,tradeid,ts_event,price,size,side"),
            "CSV header: there is no column \"trade_id\" (is \"tradeid\" it?); the columns are: "
            "symbol, tradeid, ts_event, price, size, side");
  EXPECT_NE(error_of("Symbol,trade_id,ts_event,price,size,side").find("(is \"Symbol\" it?)"),
            std::string::npos);
  EXPECT_NE(error_of("symbol,trade_id,ts_event,price, size,side").find("(is \" size\" it?)"),
            std::string::npos);
  EXPECT_EQ(error_of("symbol,trade_id,ts_event,price,amount,side").find("it?"), std::string::npos);
}

TEST(CsvHeader, repeated_column_is_named) {
  EXPECT_EQ(error_of("symbol,price,trade_id,ts_event,price,size,side"),
            "CSV header: the column \"price\" is there twice; the columns are: symbol, price, "
            "trade_id, ts_event, price, size, side");
  EXPECT_NE(error_of("venue,symbol,venue,trade_id,ts_event,price,size,side"), "");
  EXPECT_EQ(error_of("x,symbol,x,trade_id,ts_event,price,size,side"), "") << "nobody reads x";
}

TEST(CsvHeader, quotes_that_do_not_match_are_an_error) {
  EXPECT_EQ(error_of("symbol,\"trade_id,ts_event,price,size,side"),
            "CSV header: its quotes do not match");
}

TEST(CsvHeader, error_stays_short_and_printable) {
  std::string header = "a\x1B[31m,\t";
  for (int i = 0; i < 1000; ++i) header += "," + std::string(500, 'n');
  const std::string error = error_of(header);
  EXPECT_LT(error.size(), 4000U);
  EXPECT_NE(error.find("a?[31m, ?, nnn"), std::string::npos);
  EXPECT_NE(error.find(", and 962 more"), std::string::npos);
  EXPECT_NE(error_of(std::string(5000, ',')), "");
}

}  // namespace
}  // namespace tapeline::decode
