// SPDX-License-Identifier: Apache-2.0
#include "app/live/hops.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace tapeline::app::live {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class HopsTest : public testing::Test {
 protected:
  HopsTest() {
    names_.add("coinbase:BTC-USD");
    names_.add("other:X");
  }

  void trade(std::uint32_t instrument, Duration took, Flags flags = {}) {
    Trade trade;
    trade.instrument = InstrumentId(instrument);
    trade.ts_recv = clock_.wall();
    trade.ts_event = EventTime(clock_.wall().unix_ns() - took.count());
    trade.flags = flags;
    hops_.on_trade(trade, {});
  }
  const VenueHop& coinbase() { return *hops_.venues().front(); }

  static constexpr RecvTime kBegin{1'700'000'000'000'000'000};
  ManualClock clock_{kBegin};
  InstrumentNames names_;
  Hops hops_{clock_, clock_.wall(), {"coinbase", "coinbase"}, names_};
};

TEST_F(HopsTest, a_venue_is_measured_by_its_own_trades) {
  ASSERT_EQ(hops_.venues().size(), 1U) << "two feeds of one venue";
  trade(0, milliseconds(8));
  trade(1, seconds(5));
  EXPECT_EQ(coinbase().to_receipt.count(), 1U);
  EXPECT_EQ(coinbase().to_receipt.longest(), milliseconds(8));
  clock_.advance(seconds(11));
  trade(0, milliseconds(9));
  ASSERT_TRUE(coinbase().clock.reading());
  EXPECT_EQ(coinbase().clock.reading()->offset, milliseconds(8));
}

TEST_F(HopsTest, what_was_not_seen_as_it_happened_tells_nothing) {
  for (const Flag flag :
       {Flag::kSnapshot, Flag::kBackfill, Flag::kCoarseTime, Flag::kNoEventTime}) {
    trade(0, milliseconds(1), Flags(flag));
  }
  EXPECT_EQ(coinbase().to_receipt.count(), 0U);
}

TEST_F(HopsTest, disorder_is_behind_the_newest_of_the_same_instrument) {
  trade(0, milliseconds(5));
  clock_.advance(milliseconds(10));
  trade(0, milliseconds(35));  // 20 ms before the one that came first
  trade(0, milliseconds(10));
  trade(0, -seconds(3'600));  // from far ahead
  clock_.advance(seconds(2));
  trade(0, milliseconds(1));
  EXPECT_EQ(coinbase().disorder.count(), 5U);
  EXPECT_EQ(coinbase().disorder.longest(), milliseconds(20));
}

TEST_F(HopsTest, a_turn_counts_by_its_oldest_trade) {
  trade(0, milliseconds(1));
  clock_.advance(milliseconds(3));
  trade(0, milliseconds(1));
  clock_.advance(milliseconds(1));
  hops_.on_turn();
  hops_.on_turn();
  EXPECT_EQ(hops_.to_engine().count(), 1U);
  EXPECT_EQ(hops_.to_engine().longest(), milliseconds(4));
}

}  // namespace
}  // namespace tapeline::app::live
