// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "app/environment.h"
#include "app/live/answers.h"
#include "app/live/reconcile_fixture.h"
#include "store/reconcile.h"

namespace tapeline::app::live {
namespace {

class ReconcileAnswer : public ReconcileFixture {
 protected:
  Answer ask(std::vector<std::pair<std::string, std::string>> arguments = {}) {
    return answer_reconcile({folder_, {}, *reader_}, {"reconcile", std::move(arguments)},
                            [] { return false; });
  }
  Answer audit(std::vector<std::pair<std::string, std::string>> arguments = {}) {
    return answer_audit({folder_, {}, *reader_}, {"audit", std::move(arguments)});
  }
  void record_now() {
    auto found = store::reconcile(*reader_, {}, [] { return false; });
    ASSERT_TRUE(found) << found.error().text;
    found->made_at = RecvTime(1);
    ASSERT_TRUE(store_->record(*found));
  }

  const std::string head_ =
      "day,instrument,compared,equal,different,gap,unknown,no_bar,no_candle,unanswered,before\n";
};

TEST_F(ReconcileAnswer, a_complete_bar_that_differs_is_named_with_both_values_and_is_found) {
  keep(1, {bar(2, 4, Quality::kComplete), bar(3, 4, Quality::kComplete)},
       {candle(2, 4), candle(3, 7)});
  const Answer answer = ask();
  EXPECT_EQ(answer.status, kExitFound);
  EXPECT_EQ(answer.out, head_ + "1970-01-01,coinbase:A-B,2,1,1,0,0,0,0,0,0\n");
  EXPECT_EQ(answer.err,
            "differs coinbase:A-B 1970-01-01T00:03:00.000000000Z close: ours 4, the venue's 7 "
            "(complete)\n"
            "audit: 2 minutes compared with the venues' own candles, 1 differ; 0 could not be "
            "compared\n");
}

TEST_F(ReconcileAnswer, a_bar_that_says_that_it_lacks_trades_is_excused) {
  keep(1, {bar(2, 4, Quality::kComplete), bar(3, 4, Quality::kGap)}, {candle(2, 4), candle(3, 7)});
  const Answer answer = ask();
  EXPECT_EQ(answer.status, kExitDone) << answer.err;
  EXPECT_NE(answer.err.find("excused coinbase:A-B 1970-01-01T00:03:00.000000000Z close: ours 4, "
                            "the venue's 7 (gap)\n"),
            std::string::npos)
      << answer.err;
}

TEST_F(ReconcileAnswer, is_of_the_instruments_and_times_that_are_asked_for) {
  keep(1, {bar(2, 4, Quality::kComplete), bar(3, 4, Quality::kComplete)},
       {candle(2, 4), candle(3, 7)});
  EXPECT_EQ(ask({{"to", "1970-01-01T00:03:00Z"}}).status, kExitDone);
  EXPECT_EQ(ask({{"from", "1970-01-01T00:03:00Z"}}).status, kExitFound);
  EXPECT_EQ(ask({{"instrument", "coinbase:*"}}).status, kExitFound);
  const Answer unknown = ask({{"instrument", "coinbase:X"}});
  EXPECT_EQ(unknown.status, kExitWrongUse);
  EXPECT_NE(unknown.err.find("the store has no such instrument"), std::string::npos);
}

TEST_F(ReconcileAnswer, of_nothing_proves_nothing) {
  keep(1, {bar(2, 4, Quality::kComplete)}, {});
  const Answer answer = ask();
  EXPECT_EQ(answer.status, kExitWrongUse);
  EXPECT_EQ(answer.out, "");
  EXPECT_NE(answer.err.find("nothing was compared"), std::string::npos) << answer.err;
}

TEST_F(ReconcileAnswer, the_audit_tells_what_was_recorded_and_finds_what_differs) {
  keep(1, {bar(2, 4, Quality::kComplete), bar(3, 4, Quality::kComplete)},
       {candle(2, 4), candle(3, 7)});
  EXPECT_EQ(audit().status, kExitDone) << "nothing is recorded yet";
  record_now();
  const Answer answer = audit();
  EXPECT_EQ(answer.status, kExitFound);
  EXPECT_NE(answer.err.find("differs coinbase:A-B 1970-01-01T00:03:00.000000000Z close: ours 4, "
                            "the venue's 7 (complete)\n"
                            "audit: day by day: 2 minutes compared with the venues' own candles, 1 "
                            "differ; 0 could not be compared; --reconcile compares anew\n"),
            std::string::npos)
      << answer.err;
}

}  // namespace
}  // namespace tapeline::app::live
