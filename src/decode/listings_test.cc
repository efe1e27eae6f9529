// SPDX-License-Identifier: Apache-2.0
#include "decode/listings.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "decode/decoder_fixture.h"

namespace tapeline::decode {
namespace {

using Lines = std::vector<std::string>;
using Taken = Listings::Taken;

constexpr RecvTime kFirst{kNow};
constexpr Duration kOneDay = std::chrono::hours(24);

// "A" lists A-USD as trading; "A:0.01" with a tick, "A!" as halted, "A?" has something unreadable.
venue::InstrumentList list_of(const std::vector<std::string>& texts, bool is_whole = true) {
  venue::InstrumentList list;
  list.is_whole = is_whole;
  for (const std::string& text : texts) {
    venue::InstrumentList::Row row;
    row.listing.symbol = text.substr(0, 1);
    row.listing.canonical = row.listing.symbol + "-USD";
    row.listing.base = row.listing.symbol;
    row.listing.quote = "USD";
    row.listing.status = ListingStatus::kTrading;
    if (text.back() == '!') row.listing.status = ListingStatus::kHalted;
    row.is_unreadable = text.back() == '?';
    if (text.size() > 2) row.listing.tick_size = parse_decimal(text.substr(2));
    list.rows.push_back(std::move(row));
  }
  return list;
}

class ListingsTest : public testing::Test {
 protected:
  Taken take(const venue::InstrumentList& list, RecvTime ts_recv = kFirst) {
    changes_.clear();
    return listings_.take(1, list, ts_recv, [this](const Listing& listing, bool is_unreadable) {
      std::string line = listing.symbol + " " + name_of(listing.status);
      if (listing.tick_size) line += " " + to_string(*listing.tick_size);
      changes_.push_back(line + (is_unreadable ? " ?" : ""));
    });
  }
  [[nodiscard]] std::string state() const {
    ByteWriter out;
    listings_.save(out);
    return out.joined();
  }

  Listings listings_;
  Lines changes_;
};

TEST_F(ListingsTest, of_the_first_list_all_is_new_and_of_the_same_again_nothing) {
  EXPECT_EQ(take(list_of({"B", "A:0.01", "C?"})), Taken::kTaken);
  EXPECT_EQ(changes_, (Lines{"B trading", "A trading 0.01", "C trading ?"}));
  EXPECT_EQ(take(list_of({"A:0.01", "C?", "B"}), kFirst + kOneDay), Taken::kTaken);
  EXPECT_EQ(changes_, Lines{});
}

TEST_F(ListingsTest, what_changes_is_told_and_nothing_else) {
  take(list_of({"A", "B:0.01", "C"}));
  take(list_of({"A", "B:0.001", "C!", "D"}));
  EXPECT_EQ(changes_, (Lines{"B trading 0.001", "C halted", "D trading"}));
}

TEST_F(ListingsTest, what_is_no_more_on_the_list_has_vanished_once_and_may_come_back) {
  take(list_of({"A", "B", "C:5"}));
  take(list_of({"A", "B"}));
  EXPECT_EQ(changes_, Lines{"C vanished 5"}) << "what was known of it stays";
  take(list_of({"A", "B"}));
  EXPECT_EQ(changes_, Lines{});
  EXPECT_EQ(listings_.find(1, "C")->canonical, "C-USD") << "its trades keep their name";
  take(list_of({"A", "B", "C:5"}));
  EXPECT_EQ(changes_, Lines{"C trading 5"});
}

TEST_F(ListingsTest, a_part_of_a_list_makes_nothing_vanish) {
  take(list_of({"A", "B", "C"}));
  EXPECT_EQ(take(list_of({"A!"}, false)), Taken::kTaken);
  EXPECT_EQ(changes_, Lines{"A halted"});
}

TEST_F(ListingsTest, a_list_that_lost_more_than_half_is_doubted_and_told_once) {
  take(list_of({"A", "B", "C", "D"}));
  EXPECT_EQ(take(list_of({})), Taken::kDoubted);
  EXPECT_EQ(take(list_of({})), Taken::kStillDoubted);
  EXPECT_EQ(take(list_of({"A!", "E", "F", "G", "H"})), Taken::kDoubted) << "others are no help";
  EXPECT_EQ(changes_, Lines{}) << "nothing of it counts";
  EXPECT_EQ(take(list_of({"A", "B"})), Taken::kTaken) << "half of it is left";
  EXPECT_EQ(changes_, (Lines{"C vanished", "D vanished"}));
}

TEST_F(ListingsTest, a_doubted_list_is_believed_when_it_has_stayed_so) {
  take(list_of({"A", "B", "C"}));
  EXPECT_EQ(take(list_of({"A"}), kFirst + kOneDay), Taken::kDoubted);
  EXPECT_EQ(take(list_of({"A"}), kFirst + 2 * kOneDay), Taken::kStillDoubted);
  EXPECT_EQ(take(list_of({"A", "B", "C"}), kFirst + 3 * kOneDay), Taken::kTaken);
  EXPECT_EQ(take(list_of({"A"}), kFirst + 5 * kOneDay), Taken::kDoubted) << "it begins anew";
  EXPECT_EQ(take(list_of({"A"}), kFirst + 8 * kOneDay - Duration(1)), Taken::kStillDoubted);
  EXPECT_EQ(changes_, Lines{});
  EXPECT_EQ(take(list_of({"A"}), kFirst + 8 * kOneDay), Taken::kTaken);
  EXPECT_EQ(changes_, (Lines{"B vanished", "C vanished"}));
}

TEST_F(ListingsTest, venues_know_nothing_of_each_other) {
  take(list_of({"A"}));
  EXPECT_EQ(listings_.find(0, "A"), nullptr);
  EXPECT_EQ(listings_.find(2, "A"), nullptr);
  EXPECT_NE(listings_.find(1, "A"), nullptr);
}

TEST_F(ListingsTest, are_the_same_when_they_were_saved) {
  take(list_of({"A:0.01", "B", "C", "D!"}));
  take(list_of({"A:0.01", "B", "D!"}));
  take(list_of({}), kFirst + kOneDay);
  const std::string saved = state();
  listings_ = {};
  ByteReader in(saved);
  listings_.load(in, 2);
  ASSERT_TRUE(in.result() && in.is_at_end());
  EXPECT_EQ(state(), saved);
  EXPECT_EQ(take(list_of({}), kFirst + 2 * kOneDay), Taken::kStillDoubted);
  EXPECT_EQ(take(list_of({"A:0.01", "C", "D!"})), Taken::kTaken);
  EXPECT_EQ(changes_, (Lines{"C trading", "B vanished"}));
}

TEST_F(ListingsTest, of_a_damaged_state_are_refused) {
  take(list_of({"A:0.01", "B"}));
  const std::string saved = state();
  for (std::size_t cut = 0; cut < saved.size(); ++cut) {
    Listings damaged;
    ByteReader in(std::string_view(saved).substr(0, cut));
    damaged.load(in, 2);
    EXPECT_TRUE(in.failed()) << cut;
  }
}

// The same by way of the journal's record.
class ListRecords : public testing::Test {
 protected:
  Feed feed_;
};

TEST_F(ListRecords, say_each_change) {
  ASSERT_TRUE(feed_.list("coinbase", R"([{"id":"A-USD","status":"online"},{"id":"B-USD"}])"));
  EXPECT_EQ(feed_.said.listings, (Lines{"coinbase:A-USD trading", "coinbase:B-USD unknown"}));
  ASSERT_TRUE(feed_.list("coinbase", R"([{"id":"A-USD","status":"online"}])"));
  EXPECT_EQ(feed_.said.listings.back(), "coinbase:B-USD vanished");
  EXPECT_EQ(feed_.count(Counter::kListingsChanged, {"coinbase", "", "vanished"}), 1U);
  EXPECT_EQ(feed_.total(Counter::kListingsChanged), 3U);
  EXPECT_EQ(feed_.total(Counter::kItemsReceived), 0U);
}

TEST_F(ListRecords, whose_list_is_doubted_or_malformed_in_part_are_among_the_rejected) {
  const std::string odd = R"([{"id":"A-USD","quote_increment":"x"},{"id":"B-USD"}])";
  ASSERT_TRUE(feed_.list("coinbase", odd));
  ASSERT_TRUE(feed_.list("coinbase", odd));
  EXPECT_EQ(feed_.said.rejects, Lines{"bad_field instrument list"}) << "once, as it changed once";
  ASSERT_TRUE(feed_.list("coinbase", "[]"));
  ASSERT_TRUE(feed_.list("coinbase", "[]"));
  EXPECT_EQ(feed_.said.rejects.size(), 2U);
  EXPECT_EQ(feed_.said.rejects.back(), "list_shrunk instrument list");
  EXPECT_EQ(feed_.said.listings.size(), 2U);
  feed_.expect_conserved();
}

}  // namespace
}  // namespace tapeline::decode
