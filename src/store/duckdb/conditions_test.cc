// SPDX-License-Identifier: Apache-2.0
// What a store keeps of the conditions of trades.
#include <string>
#include <vector>

#include "store/duckdb/query_fixture.h"

namespace tapeline::store::duckdb {
namespace {

class KeptConditions : public testing::Test {
 protected:
  void SetUp() override {
    auto writer = open_writer(folder_.path(), {});
    ASSERT_TRUE(writer) << writer.error().text;
    writer_ = std::move(*writer);
  }

  // A trade with these bits of conditions, at the position that is its id.
  void store(std::uint64_t id, std::uint64_t bits, tapeline::Counts counts) {
    InstrumentNames names;
    names.add("finnhub:AAPL");
    Batch batch{.names = &names};
    TradeRow& row = batch.trades.emplace_back();
    row.position = at(id);
    row.trade.id = TradeId(id);
    row.trade.first_fill = row.trade.last_fill = id;
    row.trade.conditions = Conditions::of_bits(bits);
    row.trade.counts = counts;
    const auto done = writer_->commit(batch, at(id));
    ASSERT_TRUE(done) << done.error().text;
  }

  static std::vector<std::string> ask(Reader& reader, const std::string& sql) {
    KeptAnswer answer;
    const auto done = reader.query(sql, answer, [] { return false; });
    EXPECT_TRUE(done) << done.error().text;
    return answer.rows;
  }
  std::vector<std::string> view() {
    const auto reader = writer_->open_reader();
    return ask(*reader, "SELECT trade_id, conditions, counts FROM trades ORDER BY position");
  }
  static std::vector<std::string> read(Reader& reader) {
    std::vector<std::string> said;
    const auto done = reader.trades({}, [&](const TradeRow& row) {
      std::string codes;
      append_conditions(codes, row.trade.conditions);
      said.push_back(codes + ":" + name_of(row.trade.counts));
      return true;
    });
    EXPECT_TRUE(done) << done.error().text;
    return said;
  }
  TestFolder folder_;
  std::unique_ptr<Writer> writer_;
};

constexpr std::uint64_t kOdd = std::uint64_t{1} << 12;
constexpr std::uint64_t kOther = std::uint64_t{1} << 63;

TEST_F(KeptConditions, are_shown_as_words_and_read_as_they_were) {
  store(1, 0, tapeline::Counts::kAll);
  store(2, 2 | kOdd, tapeline::Counts::kVolume);
  store(3, 1 | std::uint64_t{1} << 62 | kOther, tapeline::Counts::kFallback);
  store(4, kOther, tapeline::Counts::kNone);
  const std::vector<std::string> shown{"1||all", "2|1 12|volume", "3|0 62 other|fallback",
                                       "4|other|none"};
  EXPECT_EQ(view(), shown);
  const auto reader = writer_->open_reader();
  EXPECT_EQ(read(*reader),
            (std::vector<std::string>{":all", "1 12:volume", "0 62 other:fallback", "other:none"}));
}

TEST_F(KeptConditions, may_leave_a_bar_without_prices) {
  InstrumentNames names;
  names.add("finnhub:AAPL");
  Batch batch{.names = &names};
  BarRow& row = batch.bars.emplace_back();
  row.position = at(1);
  row.interval = std::chrono::minutes(1);
  row.columns.volume = Decimal{7, 0}.at_scale_18();
  row.columns.trades = 2;
  ASSERT_TRUE(writer_->commit(batch, at(1)));
  const auto reader = writer_->open_reader();
  EXPECT_EQ(ask(*reader, "SELECT open, high, low, close, volume::INT, trades FROM bars"),
            std::vector<std::string>{"-|-|-|-|7|2"});
}

}  // namespace
}  // namespace tapeline::store::duckdb
