// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/duckdb/folder_fixture.h"
#include "store/duckdb/open.h"
#include "store/store_fixture.h"

namespace tapeline::store::duckdb {

// Keeps an answer: "a|b" of each row, the absent as "-".
class KeptAnswer final : public AnswerSink {
 public:
  void on_columns(const std::vector<Column>& its) override { columns = its; }
  bool on_row(const std::vector<Value>& row) override {
    std::string line;
    for (const Value& value : row) {
      if (!line.empty()) line += '|';
      line += value.is_null ? "-" : std::string(value.text);
    }
    rows.push_back(std::move(line));
    return rows.size() < rows_max;
  }

  std::vector<Column> columns;
  std::vector<std::string> rows;
  std::size_t rows_max = 100'000;
};

class Query : public testing::Test {
 protected:
  void SetUp() override {
    auto writer = open_writer(folder_.path(), {});
    ASSERT_TRUE(writer) << writer.error().text;
    writer_ = std::move(*writer);
    ASSERT_TRUE(writer_->commit(RowMaker(3).batch(0, 999), at(999)));
    reader_ = writer_->open_reader();
  }

  // The rows, or "error: ...".
  std::vector<std::string> ask(const std::string& sql) {
    KeptAnswer answer;
    const auto done = reader_->query(sql, answer, [] { return false; });
    if (!done) {
      EXPECT_EQ(done.error().fault, Fault::kCaller) << done.error().text;
      return {"error: " + done.error().text};
    }
    return answer.rows;
  }
  void expect_refused(const std::string& sql, const std::string& why) {
    const auto answer = ask(sql);
    ASSERT_EQ(answer.size(), 1U) << sql;
    EXPECT_EQ(answer[0].find("error: "), 0U) << sql << ": " << answer[0];
    EXPECT_NE(answer[0].find(why), std::string::npos) << sql << ": " << answer[0];
  }

  TestFolder folder_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Reader> reader_;
};

}  // namespace tapeline::store::duckdb
