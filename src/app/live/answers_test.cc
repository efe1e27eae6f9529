// SPDX-License-Identifier: Apache-2.0
#include "app/live/answers.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "app/environment.h"
#include "store/memory_store.h"

namespace tapeline::app::live {
namespace {

EventTime second(int s) { return EventTime(std::int64_t{s} * 1'000'000'000); }

// Ids 1 to 10 within the first 10 s, 11 to 13 missing, 14 to 20 until the 20th.
class Audit : public testing::Test {
 protected:
  void SetUp() override {
    InstrumentNames names;
    names.add("v:A");
    store::LedgerRow ledger;
    ledger.runs = {{1, 10, second(1), second(10), second(1), second(10)},
                   {14, 20, second(14), second(20), second(14), second(20)}};
    ledger.gaps = {{11, 13, second(10), second(14), GapCause::kLost}};
    store::Batch batch;
    batch.names = &names;
    batch.ledgers = {ledger};
    auto writer = store_.open_writer(store::DataKind::kReal);
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->commit(batch, {JournalId(1), 1}));
    reader_ = store_.open_reader();
  }

  Answer ask(const std::string& from, const std::string& to, const std::string& pattern = "") {
    Question question{"audit", {}};
    if (!from.empty()) question.arguments.emplace_back("from", "1970-01-01T00:00:" + from + "Z");
    if (!to.empty()) question.arguments.emplace_back("to", "1970-01-01T00:00:" + to + "Z");
    if (!pattern.empty()) question.arguments.emplace_back("instrument", pattern);
    return answer_audit({"nowhere", {}, *reader_}, question);
  }

  const std::string head_ =
      "instrument,channel,received,missing,coverage_percent,holes,first_id,last_id,repaired,"
      "unrecoverable\n";
  store::MemoryStore store_;
  std::unique_ptr<store::Reader> reader_;
};

TEST_F(Audit, of_everything_counts_what_came) {
  const Answer answer = ask("", "");
  EXPECT_EQ(answer.out, head_ + "v:A,trades,17,3,85.000000,1,1,20,0,0\n");
  EXPECT_EQ(answer.status, kExitFound);
}

TEST_F(Audit, of_a_part_claims_no_count_that_nobody_knows) {
  const Answer with_hole = ask("12", "");
  EXPECT_EQ(with_hole.out, head_ + "v:A,trades,,3,,1,,,,0\n");
  EXPECT_EQ(with_hole.status, kExitFound);
  const Answer whole = ask("02", "05");
  EXPECT_EQ(whole.out, head_ + "v:A,trades,,0,,0,,,,0\n");
  EXPECT_EQ(whole.status, kExitDone);
}

TEST_F(Audit, of_a_time_of_which_nothing_is_known_is_no_proof) {
  for (const char* from : {"21", "59"}) {
    const Answer answer = ask(from, "");
    EXPECT_EQ(answer.status, kExitWrongUse);
    EXPECT_EQ(answer.out, "");
    EXPECT_NE(answer.err.find("nothing is known of that time"), std::string::npos) << answer.err;
  }
  EXPECT_EQ(ask("", "01").status, kExitWrongUse);
}

TEST_F(Audit, an_instrument_that_is_not_there_is_named) {
  const Answer answer = ask("", "", "v:NOPE");
  EXPECT_EQ(answer.status, kExitWrongUse);
  EXPECT_NE(answer.err.find("v:NOPE"), std::string::npos) << answer.err;
  EXPECT_NE(answer.err.find("it has v:A"), std::string::npos) << answer.err;
  EXPECT_EQ(ask("", "", "v:*").status, kExitFound);
  const Answer verified =
      answer_verify({"nowhere", {}, *reader_}, {"verify", {{"instrument", "v:NOPE"}}}, {});
  EXPECT_EQ(verified.status, kExitWrongUse);
  EXPECT_NE(verified.err.find("it has v:A"), std::string::npos) << verified.err;
}

TEST_F(Audit, a_bar_of_an_instrument_that_is_not_there_is_a_mistake_too) {
  const Answer answer = answer_explain(
      {"nowhere", {}, *reader_},
      {"explain",
       {{"instrument", "v:NOPE"}, {"interval", "1s"}, {"start", "1970-01-01T00:00:11Z"}}});
  EXPECT_EQ(answer.status, kExitWrongUse);
  EXPECT_EQ(answer.err,
            "tapeline: explain: \"v:NOPE\": the store has no such instrument; it has v:A\n");
}

TEST_F(Audit, a_bar_says_which_of_what_it_misses_is_lost_for_good) {
  InstrumentNames names;
  names.add("v:B");
  store::LedgerRow ledger;
  ledger.runs = {{1, 2, second(1), second(2), second(1), second(2)}};
  ledger.gaps = {{3, 4, second(2), second(2), GapCause::kLost, GapState::kUnrecoverable},
                 {6, 6, second(3), second(3), GapCause::kLost}};
  store::Batch batch;
  batch.names = &names;
  batch.ledgers = {ledger};
  store::BarRow& bar = batch.bars.emplace_back();
  bar.position = {JournalId(1), 1};
  bar.interval = std::chrono::seconds(5);
  store::MemoryStore store;
  auto writer = store.open_writer(store::DataKind::kReal);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->commit(batch, {JournalId(1), 1}));
  const auto reader = store.open_reader();
  const Answer answer = answer_explain(
      {"nowhere", {}, *reader},
      {"explain", {{"instrument", "v:B"}, {"interval", "5s"}, {"start", "1970-01-01T00:00:00Z"}}});
  EXPECT_EQ(answer.status, kExitDone) << answer.err;
  EXPECT_NE(answer.out.find("missing: ids 3 to 4 between 1970-01-01T00:00:02.000000000Z and "
                            "1970-01-01T00:00:02.000000000Z (lost, unrecoverable)\n"
                            "missing: id 6 between 1970-01-01T00:00:03.000000000Z and "
                            "1970-01-01T00:00:03.000000000Z (lost)\n"),
            std::string::npos)
      << answer.out;
}

TEST(Answers, explain_says_what_each_trade_counted_for) {
  InstrumentNames names;
  names.add("v:B");
  store::Batch batch;
  batch.names = &names;
  for (const char* code : {"12", "1"}) {
    store::TradeRow& row = batch.trades.emplace_back();
    row.position = {JournalId(1), 1};
    row.trade.price = {3, 0};
    row.trade.size = {2, 0};
    row.trade.conditions.add_text(code);
    if (std::string_view(code) == "12") row.trade.counts = Counts::kVolume;
  }
  store::BarRow& bar = batch.bars.emplace_back();
  bar.position = {JournalId(1), 1};
  bar.interval = std::chrono::seconds(5);
  store::MemoryStore store;
  auto writer = store.open_writer(store::DataKind::kReal);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->commit(batch, {JournalId(1), 1}));
  const auto reader = store.open_reader();
  const Answer answer = answer_explain(
      {"nowhere", {}, *reader},
      {"explain", {{"instrument", "v:B"}, {"interval", "5s"}, {"start", "1970-01-01T00:00:00Z"}}});
  EXPECT_EQ(answer.status, kExitDone) << answer.err;
  for (const char* part :
       {"final unknown, no trade that may set a price, volume ",
        "unknown (conditions 12: volume) record 1", "unknown (conditions 1: all) record 1"}) {
    EXPECT_NE(answer.out.find(part), std::string::npos) << part << " in " << answer.out;
  }
}

}  // namespace
}  // namespace tapeline::app::live
