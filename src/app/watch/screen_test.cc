// SPDX-License-Identifier: Apache-2.0
#include "app/watch/screen.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

namespace tapeline::app::watch {
namespace {

class Table : public testing::Test {
 protected:
  Table() {
    for (const char* price : {"1234567", "1234567.5"}) {
      std::string data;
      for (int i = 1; i <= 5; ++i) {
        data += std::string(i == 1 ? "" : ",") + R"({"instrument":"coinbase:X)" +
                std::to_string(i) + R"(-USD","last":{"price":")" + price +
                R"(","ts_event":"T"},"price_decimals":2,"size_decimals":3,)" +
                R"("change":{"percent":"3.25","over":"24h"},"trades_per_second":12.5,)" +
                R"("quality":"gap","missing_ids":1234})";
      }
      board_.take(R"({"type":"snapshot","topic":"prices","seq":1,"data":[)" + data + "]}");
    }
  }

  Board board_{{}, "1m"};
};

TEST_F(Table, has_aligned_columns) {
  std::istringstream lines(table_of(board_, {.where = "http://h", .columns = 120, .rows = 24}));
  std::string title;
  std::string head;
  std::string row;
  std::getline(lines, title);
  std::getline(lines, head);
  std::getline(lines, row);
  EXPECT_EQ(title, "LIVE  http://h");
  EXPECT_EQ(row,
            "coinbase:X1-USD    1,234,567.50   +3.25%   24h      12.5"
            "                                           gap         1,234");
  EXPECT_EQ(head,
            "INSTRUMENT                PRICE   CHANGE  OVER  TRADES/S"
            "      1m HIGH       1m LOW      1m VOLUME  QUALITY   MISSING");
  EXPECT_EQ(head.find("QUALITY"), row.find("gap"));
}

TEST_F(Table, keeps_points_in_line_and_grows_with_what_is_wide) {
  Board board({}, "1m");
  const auto take = [&](const char* price, int seq) {
    board.take(R"({"type":"snapshot","topic":"prices","seq":)" + std::to_string(seq) +
               R"(,"data":[{"instrument":"a:B","price_decimals":8,"last":{"price":")" + price +
               R"(","ts_event":"T"}}]})");
    std::istringstream lines(table_of(board, {.columns = 200, .rows = 24}));
    std::string row;
    for (int i = 0; i < 3; ++i) std::getline(lines, row);
    return row;
  };
  const std::string whole = take("21", 1);
  const std::string part = take("-1234567.00000001", 2);
  EXPECT_NE(whole.find(" 21.00000000 "), std::string::npos) << whole;
  EXPECT_NE(part.find(" -1,234,567.00000001 "), std::string::npos) << part;
  EXPECT_EQ(take("20.5", 3).find('.'), whole.find('.'));
}

TEST_F(Table, is_no_wider_and_no_longer_than_the_terminal) {
  for (const std::size_t columns : {1U, 40U, 80U, 116U, 117U, 118U, 200U}) {
    for (const std::size_t rows : {1U, 4U, 6U, 7U, 8U, 24U}) {
      const std::string table = table_of(board_, {.columns = columns, .rows = rows});
      std::istringstream lines(table);
      for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), columns);
      const auto height = static_cast<std::size_t>(std::count(table.begin(), table.end(), '\n'));
      EXPECT_LE(height + 1, std::max<std::size_t>(rows, 4));
      EXPECT_EQ(table.find("... and ") != std::string::npos, rows < 8 && columns >= 40)
          << columns << ' ' << rows;
    }
  }
}

TEST_F(Table, colours_only_what_means_something) {
  const std::string plain = table_of(board_, {.columns = 120, .rows = 24});
  EXPECT_EQ(plain.find('\x1b'), std::string::npos);
  const std::string coloured = table_of(board_, {.columns = 120, .rows = 24, .has_colour = true});
  EXPECT_NE(coloured.find("\x1b[32m1,234,567.50\x1b[0m"), std::string::npos);
  EXPECT_NE(coloured.find("\x1b[33mgap      \x1b[0m \x1b[33m  1,234\x1b[0m"), std::string::npos);
}

TEST(Screen, draws_over_what_was_there) {
  Screen screen;
  EXPECT_EQ(screen.redraw("a\nb\n"), "a\x1b[K\nb\x1b[K\n");
  EXPECT_EQ(screen.redraw("c\n"), "\x1b[2Ac\x1b[K\n\x1b[J");
  EXPECT_EQ(screen.redraw("d\ne\n"), "\x1b[1Ad\x1b[K\ne\x1b[K\n");
}

}  // namespace
}  // namespace tapeline::app::watch
