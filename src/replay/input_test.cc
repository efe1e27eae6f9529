// SPDX-License-Identifier: Apache-2.0
#include "replay/input.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "replay/merged_inputs.h"
#include "replay/replay_fixture.h"

namespace tapeline::replay {
namespace {

class InputTest : public ReplayFolder {
 protected:
  // What each line became: the time of receipt in seconds and the bytes, "refused" or an error.
  std::vector<std::string> read(std::string_view text, Options options = {}) {
    options.venue = "coinbase";
    auto input = Input::open(file("input", text), options, ConnectionId(0));
    if (!input) return {input.error().text};
    std::vector<std::string> out;
    journal::Record record;
    for (auto status = (*input)->next(record); status && *status != InputStatus::kEnd;
         status = (*input)->next(record)) {
      const std::string at = std::to_string((*input)->line_number()) + "@" +
                             std::to_string(record.ts_recv.unix_ns() / 1'000'000'000);
      out.push_back(
          at + (*status == InputStatus::kRefused ? " refused" : " " + std::string(record.bytes)));
    }
    return out;
  }
};

TEST_F(InputTest, passes_over_what_is_neither_received_nor_broken) {
  EXPECT_EQ(read("wss://x <-> 5.0\nwss://x <- 6: {}\n7: {\"a\":1}\nhttps://x -> 8: "
                 "[]\nconfiguration: {}\n\n9: b\n"),
            (std::vector<std::string>{"3@7 {\"a\":1}", "7@9 b"}));
}

TEST_F(InputTest, gives_a_broken_line_the_time_of_the_one_before) {
  EXPECT_EQ(read("7: a\nbroken\n6: b\nbroken\n"),
            (std::vector<std::string>{"1@7 a", "2@7 refused", "3@6 b", "4@6 refused"}));
}

TEST_F(InputTest, finds_the_format_by_the_first_line_that_is_not_empty) {
  EXPECT_EQ(read("\r\n\n7: a\n"), (std::vector<std::string>{"3@7 a"}));
  EXPECT_EQ(read("\n{\"a\":1}\n"), (std::vector<std::string>{"2@0 {\"a\":1}"}));
  EXPECT_EQ(
      read("what is this\n"),
      (std::vector<std::string>{path("input") + ": the first line does not tell the format; say "
                                                "--input-format cryptofeed, raw or trades-csv"}));
}

TEST_F(InputTest, names_a_file_once_whose_first_line_cannot_be_read) {
  Options options;
  options.venue = "coinbase";
  const std::string path = file("input.zst", "no zstd\n");
  EXPECT_EQ(Input::open(path, options, ConnectionId(0)).error().text,
            path + ": byte 0: Unknown frame descriptor");
}

TEST_F(InputTest, of_a_header_with_one_wrong_name_says_which) {
  EXPECT_EQ(read("Symbol,trade_id,ts_event,price,size,side\nA,1,5,1,1,buy\n"),
            (std::vector<std::string>{path("input") +
                                      ": 1: CSV header: there is no column \"symbol\" (is "
                                      "\"Symbol\" it?); the columns are: Symbol, trade_id, "
                                      "ts_event, price, size, side"}));
}

TEST_F(InputTest, reads_rows_with_their_own_time_of_receipt) {
  Options options;
  options.time_unit = TimeUnit::kSeconds;
  EXPECT_EQ(read("ts_recv,symbol,trade_id,ts_event,price,size,side\n"
                 "9,A,1,5,1,1,buy\nbroken\n,A,2,6,1,1,buy\n8,A,3,7,1,1,buy\n",
                 options),
            (std::vector<std::string>{"2@9 9,A,1,5,1,1,buy", "3@9 broken", "4@9 ,A,2,6,1,1,buy",
                                      "5@8 8,A,3,7,1,1,buy"}));
}

TEST_F(InputTest, of_several_numbers_the_lines_over_all_of_them) {
  Options options =
      options_for({file("a", "1: a\n\n4: d\n"), file("b", "2: b\n3: c\n")}, "coinbase");
  auto inputs = MergedInputs::open(options);
  ASSERT_TRUE(inputs);
  std::vector<std::string> seen;
  journal::Record record;
  while ((*inputs)->next(record) != InputStatus::kEnd) {
    seen.push_back(std::string(record.bytes) + " " + std::to_string(record.line) + " " +
                   std::to_string((*inputs)->current().line_number()));
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"a 1 1", "b 2 1", "c 3 2", "d 5 3"}));
}

}  // namespace
}  // namespace tapeline::replay
