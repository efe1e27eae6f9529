// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>

#include "app/command_table.h"
#include "app/live/sql.h"
#include "store/duckdb/open.h"

namespace tapeline::app {
namespace {

TEST(SqlCommand, its_page_names_every_table_of_the_store) {
  std::string folder = testing::TempDir() + "tapeline_sql_command_XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  auto store = store::duckdb::open_writer(folder, {});
  ASSERT_TRUE(store) << store.error().text;
  const live::SqlQuestion question{.sql = "SHOW TABLES", .format = live::AnswerFormat::kCsv};
  const live::Answer answer = live::answer_sql_whole(
      *(*store)->open_reader(), live::question_of(question), SystemClock(), [] { return false; });
  std::filesystem::remove_all(folder);
  ASSERT_EQ(answer.status, kExitDone) << answer.err;

  const auto commands = command_table();
  const auto sql = std::find_if(commands.begin(), commands.end(),
                                [](const CommandRow& row) { return row.name == "sql"; });
  ASSERT_NE(sql, commands.end());
  std::istringstream lines(answer.out);
  std::string name;
  std::getline(lines, name);
  std::size_t count = 0;
  for (; std::getline(lines, name); ++count) {
    while (!name.empty() && name.back() == '\r') name.pop_back();
    EXPECT_NE(sql->about.find(name), std::string_view::npos) << name;
  }
  EXPECT_GE(count, 11U);
}

}  // namespace
}  // namespace tapeline::app
