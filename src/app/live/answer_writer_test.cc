// SPDX-License-Identifier: Apache-2.0
#include "app/live/answer_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tapeline::app::live {
namespace {

using store::Column;
using store::ColumnType;
using store::Value;

constexpr Value kAbsent{.text = {}, .is_null = true};

// Writes the rows, and gives the text; `cut` and `full` as the writer says.
struct Written {
  std::string text;
  std::uint64_t rows = 0;
  bool is_cut = false;
  bool is_full = false;
};

Written write(AnswerFormat format, const std::vector<Column>& columns,
              const std::vector<std::vector<Value>>& rows, std::uint64_t rows_max = 1000,
              std::size_t bytes_max = SIZE_MAX) {
  Written out;
  const auto writer = AnswerWriter::make(format, rows_max, [&](std::string_view text) {
    if (out.text.size() + text.size() > bytes_max) return false;
    out.text += text;
    return true;
  });
  writer->on_columns(columns);
  for (const auto& row : rows) {
    if (!writer->on_row(row)) break;
  }
  writer->finish();
  out.rows = writer->rows();
  out.is_cut = writer->is_cut();
  out.is_full = writer->is_full();
  return out;
}

const std::vector<Column> kColumns{{"n", ColumnType::kInteger}, {"price", ColumnType::kDecimal},
                                   {"x", ColumnType::kDouble},  {"is", ColumnType::kBoolean},
                                   {"at", ColumnType::kTime},   {"t\"ext", ColumnType::kText}};
const std::vector<std::vector<Value>> kRows{
    {{"9007199254740992"},
     {"0.1"},
     {"1e+300"},
     {"true"},
     {"2021-04-17T16:43:37.123456789Z"},
     {"a,\"b\"\nc"}},
    {{"-9007199254740993"},
     {"-1234567890.5"},
     {"inf"},
     {"false"},
     {"1970-01-01T00:00:00.000000000Z"},
     {""}},
    {kAbsent, kAbsent, {"-nan"}, kAbsent, kAbsent, kAbsent}};

TEST(AnswerWriter, csv_quotes_as_rfc_4180_and_tells_empty_from_absent) {
  EXPECT_EQ(write(AnswerFormat::kCsv, kColumns, kRows).text,
            "n,price,x,is,at,\"t\"\"ext\"\n"
            "9007199254740992,0.1,1e+300,true,2021-04-17T16:43:37.123456789Z,\"a,\"\"b\"\"\nc\"\n"
            "-9007199254740993,-1234567890.5,inf,false,1970-01-01T00:00:00.000000000Z,\"\"\n"
            ",,-nan,,,\n");
  EXPECT_EQ(write(AnswerFormat::kCsv, {{"a", ColumnType::kText}}, {{{"\r"}}, {{" x "}}}).text,
            "a\n\"\r\"\n x \n");
}

TEST(AnswerWriter, json_lines_keep_what_a_double_would_lose_as_text) {
  EXPECT_EQ(
      write(AnswerFormat::kJsonLines, kColumns, kRows).text,
      "{\"n\":9007199254740992,\"price\":\"0.1\",\"x\":1e+300,\"is\":true,"
      "\"at\":\"2021-04-17T16:43:37.123456789Z\",\"t\\\"ext\":\"a,\\\"b\\\"\\u000ac\"}\n"
      "{\"n\":\"-9007199254740993\",\"price\":\"-1234567890.5\",\"x\":\"inf\",\"is\":false,"
      "\"at\":\"1970-01-01T00:00:00.000000000Z\",\"t\\\"ext\":\"\"}\n"
      "{\"n\":null,\"price\":null,\"x\":\"-nan\",\"is\":null,\"at\":null,\"t\\\"ext\":null}\n");
  EXPECT_EQ(write(AnswerFormat::kJsonLines, {{"n", ColumnType::kInteger}},
                  {{{"-9007199254740992"}}, {{"9007199254740993"}}, {{"18446744073709551616"}}})
                .text,
            "{\"n\":-9007199254740992}\n{\"n\":\"9007199254740993\"}\n"
            "{\"n\":\"18446744073709551616\"}\n");
}

TEST(AnswerWriter, a_table_has_numbers_to_the_right_and_one_line_a_row) {
  EXPECT_EQ(write(AnswerFormat::kTable, {{"text", ColumnType::kText}, {"n", ColumnType::kInteger}},
                  {{{"\xC3\xA9t\xC3\xA9\nnow"}, {"7"}}, {{"x"}, {"1000"}}, {kAbsent, kAbsent}})
                .text,
            "text        n\n"
            "\xC3\xA9t\xC3\xA9 now     7\n"
            "x        1000\n"
            "\n");
  EXPECT_EQ(write(AnswerFormat::kTable, {{"n", ColumnType::kInteger}}, {}).text, "n\n");
}

TEST(AnswerWriter, ends_at_its_limit_and_says_whether_there_was_more) {
  const std::vector<Column> columns{{"n", ColumnType::kInteger}};
  const std::vector<std::vector<Value>> rows{{{"1"}}, {{"2"}}, {{"3"}}};
  for (const AnswerFormat format :
       {AnswerFormat::kCsv, AnswerFormat::kJsonLines, AnswerFormat::kTable}) {
    const Written two = write(format, columns, rows, 2);
    EXPECT_EQ(two.rows, 2U);
    EXPECT_TRUE(two.is_cut);
    EXPECT_EQ(two.text.find('3'), std::string::npos) << two.text;
    const Written all = write(format, columns, rows, 3);
    EXPECT_EQ(all.rows, 3U);
    EXPECT_FALSE(all.is_cut || all.is_full);
    EXPECT_TRUE(write(format, columns, rows, 0).is_cut);
  }
}

TEST(AnswerWriter, says_when_there_is_no_room_and_writes_whole_lines_alone) {
  const std::vector<Column> columns{{"text", ColumnType::kText}};
  const std::string kib(1024, 'x');
  const std::vector<std::vector<Value>> rows(1000, {{kib}});
  const Written some = write(AnswerFormat::kCsv, columns, rows, 10'000, 200'000);
  EXPECT_TRUE(some.is_full);
  EXPECT_FALSE(some.is_cut);
  EXPECT_GT(some.text.size(), 100'000U);
  EXPECT_EQ(some.text.back(), '\n');
  EXPECT_TRUE(write(AnswerFormat::kTable, columns, rows, 10'000, 200'000).is_full);
  const std::string mib(std::size_t{1} << 20, 'x');
  const std::vector<std::vector<Value>> large(80, {{mib}});
  const Written table = write(AnswerFormat::kTable, columns, large);
  EXPECT_TRUE(table.is_full) << "a table is kept in memory, which has a bound";
  EXPECT_EQ(table.rows, 64U);
}

TEST(AnswerWriter, formats_have_names) {
  for (const AnswerFormat format :
       {AnswerFormat::kCsv, AnswerFormat::kJsonLines, AnswerFormat::kTable}) {
    EXPECT_EQ(answer_format_of(name_of(format)), format);
  }
  EXPECT_EQ(answer_format_of("parquet"), std::nullopt);
}

}  // namespace
}  // namespace tapeline::app::live
