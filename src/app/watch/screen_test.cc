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
    for (const char* price : {"101", "103.25"}) {
      std::string data;
      for (int i = 1; i <= 5; ++i) {
        data += std::string(i == 1 ? "" : ",") + R"({"instrument":"coinbase:X)" +
                std::to_string(i) + R"(-USD","last":{"price":")" + price +
                R"(","ts_event":"T"},"change":{"from":"100"},"trades_per_second":12.5,)" +
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
            "coinbase:X1-USD          103.25   +3.25%     12.5"
            "                                           gap        1,234");
  EXPECT_EQ(head.size(), row.size());
  EXPECT_EQ(head.find("PRICE") + 5, row.find("103.25") + 6);
  EXPECT_EQ(head.find("QUALITY"), row.find("gap"));
}

TEST_F(Table, is_no_wider_and_no_longer_than_the_terminal) {
  for (const std::size_t columns : {1U, 40U, 80U, 104U, 105U, 200U}) {
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
  EXPECT_NE(coloured.find("\x1b[32m       103.25\x1b[0m"), std::string::npos);
  EXPECT_NE(coloured.find("\x1b[33m  gap        1,234\x1b[0m"), std::string::npos);
}

TEST(Screen, draws_over_what_was_there) {
  Screen screen;
  EXPECT_EQ(screen.redraw("a\nb\n"), "a\x1b[K\nb\x1b[K\n");
  EXPECT_EQ(screen.redraw("c\n"), "\x1b[2Ac\x1b[K\n\x1b[J");
  EXPECT_EQ(screen.redraw("d\ne\n"), "\x1b[1Ad\x1b[K\ne\x1b[K\n");
}

}  // namespace
}  // namespace tapeline::app::watch
