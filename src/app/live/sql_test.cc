// SPDX-License-Identifier: Apache-2.0
#include "app/live/sql.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "app/environment.h"
#include "store/duckdb/open.h"

namespace tapeline::app::live {
namespace {

using std::chrono_literals::operator""ms;

class Sql : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    auto opened = store::duckdb::open_writer(folder_, {});
    ASSERT_TRUE(opened) << opened.error().text;
    store_ = std::move(*opened);
    reader_ = store_->open_reader();
  }
  void TearDown() override {
    reader_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  Answer ask(const SqlQuestion& question) {
    return answer_sql_whole(*reader_, question_of(question), clock_, [this] { return stop_; });
  }

  std::string folder_ = testing::TempDir() + "tapeline_sql_XXXXXX";
  std::unique_ptr<store::Writer> store_;
  std::unique_ptr<store::Reader> reader_;
  SystemClock clock_;
  bool stop_ = false;
};

TEST_F(Sql, a_question_goes_over_the_socket_and_back) {
  const SqlQuestion full{.sql = "SELECT 'a:b'\n, 1",
                         .format = AnswerFormat::kJsonLines,
                         .limit = 18446744073709551615U,
                         .timeout = 5ms};
  const auto back = sql_question_of(*decode_question(encode(question_of(full))));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->sql, full.sql);
  EXPECT_EQ(back->format, full.format);
  EXPECT_EQ(back->limit, full.limit);
  EXPECT_EQ(back->timeout, full.timeout);
  EXPECT_EQ(sql_question_of(question_of(SqlQuestion{}))->limit, std::nullopt);
  EXPECT_FALSE(sql_question_of({"sql", {{"sql", "SELECT 1"}}}));
  for (const char* wrong : {"-1", "x", "1x", "99999999999999999999"}) {
    EXPECT_FALSE(sql_question_of({"sql", {{"format", "csv"}, {"limit", wrong}}})) << wrong;
    EXPECT_FALSE(sql_question_of({"sql", {{"format", "csv"}, {"timeout", wrong}}})) << wrong;
  }
  EXPECT_EQ(answer_sql_whole(*reader_, {"sql", {}}, clock_, [] { return false; }).status,
            kExitWrongUse);
}

TEST_F(Sql, rows_go_out_and_the_rest_is_said_beside_them) {
  Answer answer = ask({.sql = "SELECT 1 AS a, NULL AS b"});
  EXPECT_EQ(answer.status, kExitDone);
  EXPECT_EQ(answer.out, "a  b\n1\n");
  EXPECT_EQ(answer.err, "1 row\n");
  answer = ask({.sql = "SELECT range FROM range(3000)", .format = AnswerFormat::kCsv});
  EXPECT_EQ(std::count(answer.out.begin(), answer.out.end(), '\n'), 3001);
  EXPECT_EQ(answer.err, "");
  answer = ask({.sql = "SELECT range FROM range(3000)"});
  EXPECT_EQ(std::count(answer.out.begin(), answer.out.end(), '\n'), 1001);
  EXPECT_EQ(answer.status, kExitDone);
  EXPECT_EQ(answer.err,
            "note: only the first 1,000 rows; --limit says how many, and --format csv gives all\n");
  answer = ask({.sql = "FROM range(9)", .format = AnswerFormat::kJsonLines, .limit = 2});
  EXPECT_EQ(answer.out, "{\"range\":0}\n{\"range\":1}\n");
  EXPECT_EQ(answer.err, "note: only the first 2 rows; --limit says how many\n");
}

TEST_F(Sql, a_mistake_is_wrong_use_in_duckdbs_words) {
  const Answer answer = ask({.sql = "SELECT nothing FROM trades"});
  EXPECT_EQ(answer.status, kExitWrongUse);
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(answer.err.find("tapeline: sql: Binder Error: Referenced column \"nothing\" not found"),
            0U)
      << answer.err;
  EXPECT_NE(answer.err.find("\nLINE 1: SELECT nothing FROM trades\n"), std::string::npos)
      << answer.err;
}

TEST_F(Sql, time_and_room_have_bounds_with_names) {
  const std::string endless = "SELECT count(*) FROM range(10000000) a, range(10000000) b";
  Answer answer = ask({.sql = endless, .timeout = 20ms});
  EXPECT_EQ(answer.status, kExitFailed);
  EXPECT_EQ(answer.err,
            "tapeline: sql: not answered within 20ms: ask for less, or give it more with "
            "--timeout\n");
  answer =
      ask({.sql = "SELECT repeat('x', 100000) FROM range(1000)", .format = AnswerFormat::kCsv});
  EXPECT_EQ(answer.status, kExitFailed);
  EXPECT_LE(answer.out.size(), kSocketBytesMax);
  EXPECT_GT(answer.out.size(), kSocketBytesMax / 2);
  EXPECT_EQ(answer.err.find("tapeline: sql: not all rows are here"), 0U) << answer.err;
  stop_ = true;
  answer = ask({.sql = endless});
  EXPECT_EQ(answer.status, kExitInterrupted);
  EXPECT_EQ(answer.err, "tapeline: interrupted\n");
}

}  // namespace
}  // namespace tapeline::app::live
