// SPDX-License-Identifier: Apache-2.0
#include "serve/encode.h"

#include "serve/serve_fixture.h"

namespace tapeline::serve {
namespace {

template <typename Write>
std::string written(Write&& write) {
  std::string out;
  JsonWriter json(out);
  write(json);
  return out;
}

TEST(Encode, a_bar_has_exact_decimals_and_null_for_what_is_not_known) {
  store::BarRow bar = make_bar(second(0), 0);
  bar.columns.open = 1'500'000'000'000'000'001;
  bar.columns.first_id = TradeId(18'446'744'073'709'551'615U);
  const Json json(written([&](JsonWriter& out) { write_bar(out, bar); }));
  EXPECT_EQ(json.text("/open"), "1.500000000000000001");
  EXPECT_EQ(json.text("/first_id"), "18446744073709551615");
  EXPECT_TRUE(json.root().at_pointer("/volume").is_null());
  EXPECT_TRUE(json.root().at_pointer("/vwap").is_null());
  EXPECT_TRUE(json.root().at_pointer("/cause").is_null());
  EXPECT_EQ(json.text("/start"), "2023-11-14T22:13:20.000000000Z");
}

TEST(Encode, a_trade_without_a_size_has_none_and_flags_are_words) {
  Trade trade = make_trade(3);
  trade.flags.set(Flag::kNoSize);
  trade.flags.set(Flag::kBackfill);
  trade.flags.set(Flag::kSnapshot);
  const Json json(written([&](JsonWriter& out) { write_trade(out, trade); }));
  EXPECT_TRUE(json.root().at_pointer("/size").is_null());
  EXPECT_GE(json.size("/flags"), 2U);
  EXPECT_EQ(json.text("/flags/0"), "snapshot");
  EXPECT_EQ(json.text("/flags/1"), "backfill");
  EXPECT_EQ(json.size("/conditions"), 0U);
  EXPECT_EQ(json.text("/counts"), "all");
}

TEST(Encode, a_trade_has_its_conditions_as_a_list_and_what_it_counts_for) {
  Trade trade = make_trade(3);
  for (const char* code : {"24", "12", "T"}) trade.conditions.add_text(code);
  trade.counts = Counts::kVolume;
  const Json json(written([&](JsonWriter& out) { write_trade(out, trade); }));
  EXPECT_EQ(json.size("/conditions"), 3U);
  EXPECT_EQ(json.text("/conditions/0"), "12");
  EXPECT_EQ(json.text("/conditions/1"), "24");
  EXPECT_EQ(json.text("/conditions/2"), "other");
  EXPECT_EQ(json.text("/counts"), "volume");
}

TEST(Encode, a_bar_of_which_no_trade_may_set_a_price_has_none) {
  store::BarRow bar = make_bar(second(0), 0);
  bar.columns.open = bar.columns.high = bar.columns.low = bar.columns.close = std::nullopt;
  const Json json(written([&](JsonWriter& out) { write_bar(out, bar); }));
  for (const char* price : {"/open", "/high", "/low", "/close"}) {
    EXPECT_TRUE(json.root().at_pointer(price).is_null()) << price;
  }
}

TEST(Encode, texts_from_outside_stay_texts) {
  FeedLine feed{.venue = "x\"\n\xff", .last_error = "</script>"};
  const Json json(written([&](JsonWriter& out) { write_feed(out, feed); }));
  EXPECT_EQ(json.text("/venue"), "x\"\n\xEF\xBF\xBD");
  EXPECT_EQ(json.text("/last_error"), "</script>");
  EXPECT_TRUE(json.root().at_pointer("/last_frame").is_null());
  EXPECT_TRUE(json.root().at_pointer("/clock_warning").is_null());
}

TEST(Encode, a_feed_without_an_endpoint_has_none) {
  FeedLine feed;
  const Json nowhere(written([&](JsonWriter& out) { write_feed(out, feed); }));
  EXPECT_TRUE(nowhere.root().at_pointer("/endpoint").is_null());
  feed.endpoint = "wss://a/";
  feed.clock_warning = "wrong";
  const Json somewhere(written([&](JsonWriter& out) { write_feed(out, feed); }));
  EXPECT_EQ(somewhere.text("/endpoint"), "wss://a/");
  EXPECT_EQ(somewhere.text("/clock_warning"), "wrong");
}

TEST(Encode, coverage_with_a_hole_never_reads_as_all) {
  LedgerNews ledger;
  ledger.received = 99'999'999;
  ledger.missing = 1;
  const Json json(written([&](JsonWriter& out) { write_coverage(out, "a:B", ledger); }));
  EXPECT_EQ(json.text("/percent"), "99.99");
}

// From the ledger that the engine shows to what is asked for: the same ids.
TEST(Encode, holes_are_those_of_the_ledgers_the_newest_last) {
  Market market({kSecond});
  std::vector<std::string> names{"a:B", "a:C"};
  market.on_names(names);
  const auto hole = [&](std::uint32_t instrument, std::uint64_t first, std::int64_t at) {
    LedgerNews news;
    news.instrument = InstrumentId(instrument);
    news.gaps = {{.first = first, .last = first + 1, .from_time = second(at)}};
    news.gaps_in_all = 1;
    news.gaps[0].state = first == 7 ? GapState::kUnrecoverable : GapState::kOpen;
    news.missing = 2;
    news.unrecoverable = first == 7 ? 2 : 0;
    market.on_ledger(news);
  };
  hole(0, 50, 9);
  hole(1, 7, 3);
  std::uint64_t left_out = 0;
  const Json all(written([&](JsonWriter& out) { write_gaps(out, market, {}, left_out); }));
  ASSERT_EQ(all.size(""), 2U);
  EXPECT_EQ(all.text("/0/instrument"), "a:C");
  EXPECT_EQ(all.text("/1/from_id"), "50");
  EXPECT_EQ(all.text("/1/to_id"), "51");
  EXPECT_EQ(all.number("/1/ids"), 2U);
  EXPECT_EQ(all.text("/0/state"), "unrecoverable");
  EXPECT_EQ(all.text("/1/state"), "open");
  EXPECT_EQ(market.instruments()[0].unrecoverable(), 0U);
  EXPECT_EQ(market.instruments()[1].unrecoverable(), 2U);
  EXPECT_EQ(market.instruments()[0].missing(), 2U);
  const Json one(written([&](JsonWriter& out) { write_gaps(out, market, "a:B", left_out); }));
  EXPECT_EQ(one.size(""), 1U);
  LedgerNews repaired;
  market.on_ledger(repaired);
  const Json none(written([&](JsonWriter& out) { write_gaps(out, market, "a:B", left_out); }));
  EXPECT_EQ(none.size(""), 0U);
}

TEST(Market, the_change_is_against_the_first_price_of_the_day_before_the_last_one) {
  constexpr Duration kOneMinute = std::chrono::minutes(1);
  Market market({kSecond, 5 * kSecond, kOneMinute, 5 * kOneMinute});
  EXPECT_EQ(market.day_interval(), kOneMinute);
  std::vector<std::string> names{"a:B"};
  market.on_names(names);
  const Instrument& instrument = market.instruments()[0];
  const auto bar = [&](Duration interval, std::int64_t price, Counts counts = Counts::kAll) {
    BarRevision revision;
    revision.interval = interval;
    revision.start = kNoon - 10 * kOneMinute;
    revision.partial.trades = 1;
    revision.partial.counts = counts;
    revision.partial.open = static_cast<Int128>(price) * 1'000'000'000'000'000'000;
    market.on_bar(revision);
  };
  market.on_trade({make_trade(15), {kJournal, 1}}, make_trade(15).ts_recv);
  bar(5 * kOneMinute, 3);
  bar(kOneMinute, 7, Counts::kVolume);  // it has no price
  EXPECT_TRUE(Json(written([&](JsonWriter& out) { write_instrument(out, instrument, {}); }))
                  .root()
                  .at_pointer("/change")
                  .is_null());
  bar(kOneMinute, 12);
  const Json json(written([&](JsonWriter& out) { write_instrument(out, instrument, {}); }));
  EXPECT_EQ(json.text("/change/from"), "12");
  EXPECT_EQ(json.text("/change/percent"), "25.00");
  EXPECT_EQ(json.text("/change/over"), "10m");
  EXPECT_EQ(json.text("/change/since"), "2023-11-14T22:03:20.000000000Z");
}

TEST(Market, a_day_is_told_in_bars_of_at_most_a_minute_where_there_are_any) {
  EXPECT_EQ(Market({kSecond, 30 * kSecond}).day_interval(), 30 * kSecond);
  EXPECT_EQ(Market({std::chrono::minutes(5), std::chrono::hours(1)}).day_interval(),
            std::chrono::minutes(5));
}

TEST(Market, a_rate_is_of_the_last_ten_seconds) {
  Instrument instrument;
  const RecvTime start(1'700'000'000'000'000'000);
  for (int i = 0; i < 100; ++i)
    instrument.count_trade(start + i * std::chrono::milliseconds(100), 1);
  EXPECT_NEAR(instrument.rate(start + std::chrono::seconds(10)), 10.0, 0.6);
  EXPECT_NEAR(instrument.rate(start + std::chrono::seconds(15)), 5.0, 0.6);
  EXPECT_EQ(instrument.rate(start + std::chrono::seconds(30)), 0.0);
}

TEST(Market, a_rate_of_a_moment_ago_is_of_as_long_as_trades_have_been_counted) {
  Market market({kSecond});
  const RecvTime start(1'700'000'000'000'000'000);
  TradeNews news;
  for (int i = 0; i < 20; ++i) {
    news.trade.ts_recv = start + i * std::chrono::milliseconds(100);
    market.on_trade(news, news.trade.ts_recv);
  }
  news.trade.instrument = InstrumentId(1);
  market.on_trade(news, news.trade.ts_recv);
  const RecvTime now = start + std::chrono::seconds(2);
  EXPECT_NEAR(market.instruments()[0].rate(now), 10.0, 0.6);
  EXPECT_NEAR(market.instruments()[1].rate(now), 0.5, 0.1);
}

TEST(Market, what_a_venue_tells_of_the_past_is_no_rate) {
  Market market({kSecond});
  const RecvTime start(1'700'000'000'000'000'000);
  for (const Flag flag : {Flag::kSnapshot, Flag::kBackfill}) {
    TradeNews news;
    news.trade.ts_recv = start;
    news.trade.flags.set(flag);
    for (int i = 0; i < 1000; ++i) market.on_trade(news, start);
    market.on_left_out({.instrument = {}, .trades = 1000, .newest = news}, start);
  }
  TradeNews news;
  news.trade.ts_recv = start;
  for (int i = 0; i < 20; ++i) market.on_trade(news, start);
  market.on_left_out({.instrument = {}, .trades = 1000, .heard = 20, .newest = news}, start);
  EXPECT_NEAR(market.instruments()[0].rate(start + std::chrono::seconds(10)), 4.0, 0.3);
}

TEST(Market, the_last_trade_is_the_newest_by_event_time) {
  Market market({kSecond});
  std::vector<std::string> names{"a:B"};
  market.on_names(names);
  market.on_trade({make_trade(9), {kJournal, 1}}, make_trade(9).ts_recv);
  market.on_trade({make_trade(4), {kJournal, 2}}, make_trade(9).ts_recv);
  EXPECT_EQ(market.instruments()[0].last->id, TradeId(9));
  market.forget_stored(2);
  EXPECT_EQ(market.trades().size(), 1U);
}

}  // namespace
}  // namespace tapeline::serve
