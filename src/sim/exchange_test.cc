// SPDX-License-Identifier: Apache-2.0
#include "sim/exchange.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/padding.h"
#include "sim/exchange_fixture.h"
#include "venue/binance/binance.h"
#include "venue/binance/scan_frame.h"
#include "venue/coinbase/coinbase.h"
#include "venue/coinbase/scan_frame.h"

namespace tapeline::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A storm in which nothing ends the connection.
constexpr std::string_view kStormyFrames =
    "lose=2%,dup=2%,swap=5%,bad_frame=1%,delay=3s:1%,slow=1s:0.1%,reorder=50ms,silent_channel@8s,"
    "skew=+3s";

TEST(Exchange, the_same_seed_gives_the_same_bytes_in_whatever_steps_time_passes) {
  for (const SimulatedVenue& venue : kSimulatedVenues) {
    ExchangeClient once(venue, {.seed = 3, .faults = faults(kStormyFrames)});
    ExchangeClient often(venue, {.seed = 3, .faults = faults(kStormyFrames)});
    once.subscribe();
    often.subscribe();
    once.run(seconds(10), seconds(10));
    often.run(seconds(10), milliseconds(7));
    ASSERT_GT(once.texts().size(), 500U);
    EXPECT_EQ(once.texts(), often.texts()) << venue.name;
    EXPECT_EQ(once.get("/truth/trades"), often.get("/truth/trades"));
  }
}

TEST(Exchange, another_seed_gives_another_market_and_other_faults) {
  ExchangeClient one(kSimulatedVenues[0], {.seed = 3});
  ExchangeClient other(kSimulatedVenues[0], {.seed = 4});
  EXPECT_NE(one.get("/truth/trades"), other.get("/truth/trades"));
}

// What the frames say, by the parser of the pipeline: fewest and most ids, and what was refused.
struct Heard {
  std::set<std::uint64_t> ids;
  std::map<std::string, int> kinds;
};

Heard hear(const ExchangeClient& client, venue::Parser& parser) {
  Heard heard;
  venue::Items items;
  for (std::string text : client.texts()) {
    const std::size_t size = text.size();
    text.append(kReadPadding, ' ');
    items.clear();
    parser.parse({text.data(), size}, items);
    for (const venue::Item& item : items) {
      if (const auto* trade = std::get_if<venue::WireTrade>(&item)) {
        ++heard.kinds[trade->channel == Channel::kTrades ? "trade" : "aggregate"];
        if (trade->channel == Channel::kTrades) heard.ids.insert(trade->id.number());
      } else if (std::holds_alternative<venue::WireQuote>(item)) {
        ++heard.kinds["quote"];
      } else if (std::holds_alternative<venue::WireHeartbeat>(item)) {
        ++heard.kinds["heartbeat"];
      } else if (const auto* control = std::get_if<venue::Control>(&item)) {
        ++heard.kinds[name_of(control->reason)];
      } else {
        ++heard.kinds["reject"];
      }
    }
  }
  return heard;
}

TEST(Exchange, the_venues_own_parsers_accept_every_frame) {
  for (const SimulatedVenue& venue : kSimulatedVenues) {
    ExchangeClient client(venue, {.instruments = 40, .trades_per_second = 2000});
    client.subscribe();
    client.run(seconds(10), milliseconds(100));
    const auto parser = venue.parser->make_parser();
    Heard heard = hear(client, *parser);
    EXPECT_GT(heard.kinds["trade"], 10'000) << venue.name;
    EXPECT_GT(heard.kinds["quote"], 5'000) << venue.name;
    EXPECT_EQ(heard.kinds["ack"], 1) << venue.name;
    const bool is_coinbase = venue.name == "coinbase";
    EXPECT_EQ(heard.kinds["heartbeat"], is_coinbase ? 400 : 0);
    EXPECT_EQ(heard.kinds["aggregate"] > 5'000, !is_coinbase);
    for (const char* kind : {"trade", "quote", "ack", "heartbeat", "aggregate"}) {
      heard.kinds.erase(kind);
    }
    EXPECT_TRUE(heard.kinds.empty()) << venue.name << ": " << heard.kinds.begin()->first;
  }
}

TEST(Exchange, trades_and_binance_quotes_are_written_as_the_fast_scanners_want_them) {
  for (const SimulatedVenue& venue : kSimulatedVenues) {
    ExchangeClient client(venue, {});
    client.subscribe();
    client.run(seconds(5), milliseconds(100));
    venue::Items items;
    for (std::string text : client.texts()) {
      const bool is_scanned =
          text.find("match\"") != std::string::npos || text.find("\"stream\"") != std::string::npos;
      if (!is_scanned) continue;
      const std::size_t size = text.size();
      text.append(kReadPadding, ' ');
      ASSERT_TRUE(venue.scan({text.data(), size}, items)) << text;
    }
    EXPECT_GT(items.size(), 100U);
  }
}

TEST(Exchange, the_instrument_lists_are_read_by_the_venues) {
  for (const SimulatedVenue& venue : kSimulatedVenues) {
    ExchangeClient client(venue, {.instruments = 10});
    const auto list = venue.parser->parse_instruments(client.get(venue.instrument_list));
    ASSERT_TRUE(list) << list.error().text;
    ASSERT_EQ(list->rows.size(), 10U);
    for (std::size_t i = 0; i < list->rows.size(); ++i) {
      const auto& [listing, is_unreadable] = list->rows[i];
      const Instrument& its = client.exchange().truth().instruments()[i];
      const auto step = [](int places) { return Decimal{1, static_cast<std::uint8_t>(places)}; };
      EXPECT_EQ(listing.canonical, its.canonical());
      EXPECT_EQ(listing.base + "-" + listing.quote, its.canonical());
      EXPECT_EQ(listing.tick_size, step(its.price_places)) << its.canonical();
      EXPECT_EQ(listing.lot_size, step(its.size_places)) << its.canonical();
      EXPECT_EQ(listing.status, ListingStatus::kTrading);
      EXPECT_FALSE(is_unreadable);
    }
  }
}

TEST(Exchange, a_heartbeat_says_what_the_truth_says) {
  ExchangeClient client(kSimulatedVenues[0], {.trades_per_second = 500});
  client.subscribe();
  client.run(seconds(20), milliseconds(37));
  const auto parser = venue::coinbase::venue().make_parser();
  venue::Items items;
  int heartbeats = 0;
  for (std::string text : client.texts()) {
    const std::size_t size = text.size();
    text.append(kReadPadding, ' ');
    items.clear();
    parser->parse({text.data(), size}, items);
    for (const venue::Item& item : items) {
      const auto* heartbeat = std::get_if<venue::WireHeartbeat>(&item);
      if (heartbeat == nullptr || heartbeat->symbol != "BTC-USD") continue;
      ++heartbeats;
      EXPECT_EQ(client.exchange().truth().history(0).first_id_at(heartbeat->time),
                heartbeat->last_id + 1);
    }
  }
  EXPECT_EQ(heartbeats, 20);
}

// Conservation on the way to the clients, for every kind of fault.
TEST(Exchange, what_was_produced_is_sent_or_accounted_for_and_every_fault_happens) {
  for (const SimulatedVenue& venue : kSimulatedVenues) {
    ExchangeClient client(
        venue,
        {.seed = 5, .faults = faults("storm,drop=5s,halfopen=15s"), .trades_per_second = 500});
    for (int round = 0; round < 12; ++round) {
      client.subscribe();
      client.run(seconds(10), milliseconds(50));
    }
    FrameCounts total;
    std::set<std::string_view> ends;
    for (const ConnectionReport& report : client.exchange().connections()) {
      total.add(report.counts);
      if (report.closed) ends.insert(report.end);
      if (!report.closed && report.is_silent) ends.insert("half-open");
    }
    EXPECT_EQ(total.produced + total.repeated,
              total.sent + total.lost + total.silenced + total.discarded);
    EXPECT_EQ(total.sent, client.data_frames());
    EXPECT_TRUE(ends.contains("fault")) << venue.name;
    EXPECT_TRUE(ends.contains("half-open")) << venue.name;
    for (const std::uint64_t count :
         {total.lost, total.repeated, total.reordered, total.malformed, total.delayed, total.stalls,
          total.silenced, total.silent_channels, client.exchange().turned_away()}) {
      EXPECT_GT(count, 0U) << venue.name;
    }
  }
}

TEST(Exchange, ids_that_the_client_lacks_are_those_that_the_exchange_says) {
  for (const SimulatedVenue& venue : kSimulatedVenues) {
    ExchangeClient client(
        venue,
        {.seed = 6, .faults = faults(kStormyFrames), .instruments = 1, .trades_per_second = 500});
    client.subscribe();
    client.run(seconds(30), milliseconds(50));
    client.exchange().change_faults({}, client.now());
    client.run(seconds(10), milliseconds(50));
    const Heard heard = hear(client, *venue.parser->make_parser());
    const IdRanges unseen = client.exchange().shown().at({0, Stream::kTrades}).holes();
    ASSERT_FALSE(unseen.empty());
    const auto reports = client.exchange().connections();
    const IdRanges& lost = reports.back().lost.at({0, Stream::kTrades});
    for (std::uint64_t id = *heard.ids.begin(); id <= *heard.ids.rbegin(); ++id) {
      ASSERT_EQ(heard.ids.contains(id), !unseen.contains(id)) << venue.name << " " << id;
      ASSERT_EQ(heard.ids.contains(id), !lost.contains(id)) << venue.name << " " << id;
    }
  }
}

TEST(Exchange, connections_end_when_they_are_asked_to) {
  ExchangeClient client(kSimulatedVenues[0], {});
  client.subscribe();
  client.run(seconds(1), milliseconds(10));
  EXPECT_EQ(client.post("/sim/drop", ""), "all connections are cut\n");
  client.run(seconds(1), milliseconds(10));
  EXPECT_FALSE(client.is_open());
  EXPECT_EQ(client.exchange().connections().back().end, "asked");
  client.subscribe();
  client.leave();
  EXPECT_EQ(client.exchange().connections().back().end, "client");
}

TEST(Exchange, who_reads_too_slowly_is_cut) {
  ExchangeClient client(kSimulatedVenues[0], {.trades_per_second = 100'000, .history = seconds(1)});
  client.subscribe();
  client.run(seconds(3), seconds(3));
  EXPECT_FALSE(client.is_open());
  EXPECT_EQ(client.exchange().connections().back().end, "too_slow");
}

TEST(Exchange, who_reads_nothing_is_cut_all_the_same) {
  ExchangeClient client(kSimulatedVenues[0], {.faults = faults("drop=5s")});
  client.subscribe();
  Exchange& exchange = client.exchange();
  EXPECT_FALSE(exchange.end_if_due(1));
  exchange.advance(client.now() + seconds(10));
  EXPECT_TRUE(exchange.end_if_due(1));
  EXPECT_FALSE(exchange.end_if_due(1));
  const FrameCounts counts = exchange.connections().back().counts;
  EXPECT_EQ(exchange.connections().back().end, "fault");
  EXPECT_GT(counts.discarded, 0U);
  EXPECT_EQ(counts.produced, counts.discarded);
}

TEST(Exchange, a_dialect_that_ends_a_connection_is_obeyed) {
  ExchangeClient client(kSimulatedVenues[0], {});
  client.connect();
  client.run(seconds(10), milliseconds(100));
  EXPECT_FALSE(client.is_open());
  EXPECT_EQ(client.exchange().connections().back().end, "venue");
}

TEST(Exchange, there_is_room_for_so_many_connections) {
  const auto made = Exchange::make({.venue = "binance"}, EventTime(0) + std::chrono::hours(1));
  ASSERT_TRUE(made);
  Exchange& exchange = **made;
  for (std::size_t i = 0; i < Exchange::kConnectionsMax; ++i) {
    ASSERT_TRUE(exchange.connect("/ws", exchange.now()));
  }
  EXPECT_FALSE(exchange.connect("/ws", exchange.now()));
  exchange.disconnect(1, exchange.now());
  EXPECT_FALSE(exchange.connect("/nowhere", exchange.now()));
  EXPECT_TRUE(exchange.connect("/ws", exchange.now()));
}

TEST(Exchange, next_at_never_passes_over_anything) {
  const ExchangeOptions options{.seed = 8, .faults = faults("storm"), .trades_per_second = 100};
  ExchangeClient often(kSimulatedVenues[1], options);
  ExchangeClient by_events(kSimulatedVenues[1], options);
  often.subscribe();
  by_events.subscribe();
  const EventTime end = often.now() + seconds(20);
  often.run(seconds(20), milliseconds(1));
  while (by_events.exchange().next_at() <= end) by_events.run_until(by_events.exchange().next_at());
  by_events.run_until(end);
  EXPECT_EQ(often.texts(), by_events.texts());
}

TEST(Exchange, the_history_is_refused_as_often_as_asked_for_and_the_truth_never) {
  ExchangeClient client(kSimulatedVenues[0], {.faults = faults("rest=50%")});
  std::map<int, int> statuses;
  for (int i = 0; i < 400; ++i) ++statuses[client.request("GET", "/products", "").status];
  EXPECT_NEAR(statuses[200], 200, 50);
  EXPECT_NEAR(statuses[429], 100, 40);
  EXPECT_NEAR(statuses[503], 100, 40);
  EXPECT_EQ(client.exchange().rest_answered() + client.exchange().rest_refused(), 400U);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.request("GET", "/truth/bars", "").status, 200);
}

TEST(Exchange, each_fault_of_the_rest_interface_can_be_had_alone) {
  const auto answers = [](const std::string& spec) {
    ExchangeClient client(kSimulatedVenues[0], {.faults = faults(spec)});
    return client.request("GET", "/products", "");
  };
  EXPECT_EQ(answers("rest_429=100%").status, 429);
  EXPECT_EQ(answers("rest_500=100%").status, 503);
  EXPECT_EQ(answers("rest_html=100%").status, 200);
  EXPECT_EQ(answers("rest_html=100%").body.substr(0, 6), "<html>");
}

TEST(Exchange, beyond_four_requests_in_a_second_it_is_too_many) {
  ExchangeClient client(kSimulatedVenues[0], {.faults = faults("rate_limit")});
  const auto status = [&] { return client.request("GET", "/products", "").status; };
  for (int i = 0; i < Exchange::kRequestsMax; ++i) EXPECT_EQ(status(), 200);
  EXPECT_EQ(status(), 429);
  EXPECT_EQ(client.request("GET", "/sim/stats", "").status, 200) << "nor are they counted";
  client.run(seconds(1), seconds(1));
  for (int i = 0; i < Exchange::kRequestsMax; ++i) EXPECT_EQ(status(), 200);
  EXPECT_EQ(status(), 429);
  EXPECT_EQ(client.exchange().rest_refused(), 2U);
}

TEST(Exchange, who_connects_after_an_end_is_turned_away_for_a_while) {
  ExchangeClient client(kSimulatedVenues[0], {.faults = faults("accept_then_close")});
  const auto stays = [&] {
    client.subscribe();
    client.run(milliseconds(1), milliseconds(1));
    return client.is_open();
  };
  EXPECT_FALSE(stays()) << "at the start";
  EXPECT_EQ(client.exchange().connections().back().end, "turned_away");
  client.run(Exchange::kTurnedAwayFor, seconds(1));
  EXPECT_TRUE(stays());
  client.exchange().drop_all(client.now());
  client.run(milliseconds(1), milliseconds(1));
  EXPECT_FALSE(stays());
  // That one does not make it longer.
  client.run(Exchange::kTurnedAwayFor - milliseconds(1), seconds(1));
  EXPECT_TRUE(stays());
  EXPECT_EQ(client.exchange().turned_away(), 2U);
}

TEST(Exchange, a_skewed_clock_is_the_venues_in_all_that_it_says) {
  for (const char* spec : {"skew=+3s", "skew=-3s"}) {
    ExchangeClient client(kSimulatedVenues[1], {.faults = faults(spec)});
    client.subscribe();
    client.run(seconds(10), milliseconds(100));
    const EventTime theirs = client.now() + faults(spec).skew;
    EXPECT_EQ(client.exchange().now(), theirs);
    const EventTime newest = client.exchange().truth().history(0).last().ts_event;
    EXPECT_LE(newest, theirs);
    EXPECT_GT(newest, theirs - seconds(3));
    // But what is next is told by ours.
    EXPECT_GT(client.exchange().next_at(), client.now());
    EXPECT_LE(client.exchange().next_at(), client.now() + seconds(1));
  }
}

TEST(Exchange, a_silent_channel_speaks_when_it_is_subscribed_to_anew) {
  ExchangeClient client(kSimulatedVenues[1], {.seed = 2, .faults = faults("silent_channel@5s")});
  client.subscribe();
  const auto silenced = [&] { return client.exchange().connections().back().counts.silenced; };
  client.run(seconds(5), milliseconds(10));
  EXPECT_EQ(silenced(), 0U);
  client.run(seconds(10), milliseconds(10));
  const std::uint64_t at_first = silenced();
  EXPECT_GT(at_first, 0U);
  // To what it has already: that changes nothing.
  client.ask("SUBSCRIBE");
  client.run(seconds(10), milliseconds(10));
  const std::uint64_t before = silenced();
  EXPECT_GT(before, at_first);
  client.ask("UNSUBSCRIBE");
  client.ask("SUBSCRIBE");
  const auto data = client.data_frames();
  client.run(seconds(10), milliseconds(10));
  EXPECT_EQ(silenced(), before);
  EXPECT_GT(client.data_frames(), data);
}

TEST(Exchange, a_short_history_shows_the_newest_trades_and_the_truth_all) {
  ExchangeClient client(kSimulatedVenues[0], {.faults = faults("history=3")});
  client.run(seconds(30), milliseconds(100));
  const std::string product = client.exchange().truth().instruments()[0].canonical();
  const auto count = [&](const std::string& target, const std::string& what) {
    const std::string body = client.request("GET", target, "").body;
    std::size_t found = 0;
    for (std::size_t at = body.find(what); at != std::string::npos; at = body.find(what, at + 1)) {
      ++found;
    }
    return found;
  };
  EXPECT_EQ(count("/products/" + product + "/trades", "trade_id"), 3U);
  EXPECT_GT(client.exchange().truth().history(0).size(), 3U);
}

TEST(Exchange, a_history_that_lags_shows_nothing_younger_and_the_truth_does) {
  for (const char* list : {"rest_lag=5s", "rest_lag=5s,history=3"}) {
    ExchangeClient client(kSimulatedVenues[0], {.faults = faults(list)});
    client.run(seconds(30), milliseconds(100));
    const TradeHistory& truth = client.exchange().truth().history(0);
    const std::string product = client.exchange().truth().instruments()[0].canonical();
    const std::string body = client.request("GET", "/products/" + product + "/trades", "").body;
    constexpr std::string_view kId = R"("trade_id":)";
    const std::size_t at = body.find(kId);
    ASSERT_NE(at, std::string::npos);
    const std::uint64_t newest = std::stoull(body.substr(at + kId.size()));
    EXPECT_LE(truth.at(newest).ts_event, client.now() - seconds(5)) << list;
    EXPECT_GT(truth.at(newest + 1).ts_event, client.now() - seconds(5)) << list;
    EXPECT_GT(truth.end_id(), newest + 1);
  }
}

TEST(Exchange, a_list_changes_by_and_by_one_instrument_at_a_time) {
  const auto lists_of = [](std::uint64_t seed, Duration step) {
    ExchangeClient client(kSimulatedVenues[0], {.seed = seed, .faults = faults("relist=5s")});
    std::vector<std::string> lists;
    for (int second = 0; second < 60; ++second) {
      client.run(seconds(1), step);
      const std::string list = client.get("/products");
      if (lists.empty() || lists.back() != list) lists.push_back(list);
    }
    return lists;
  };
  const auto lists = lists_of(3, milliseconds(100));
  EXPECT_EQ(lists.size(), 12U) << "every five seconds, and at the beginning";
  EXPECT_EQ(lists, lists_of(3, milliseconds(1000)));
  EXPECT_NE(lists, lists_of(4, milliseconds(1000)));
}

TEST(Exchange, options_beyond_their_bounds_are_refused) {
  const auto mistake = [](const ExchangeOptions& options) {
    const auto made = Exchange::make(options, EventTime(0));
    return made ? "" : made.error().text;
  };
  EXPECT_EQ(mistake({.venue = "nyse"}),
            fmt::format("\"nyse\" is no venue that can be simulated (allowed: {})",
                        fmt::join(dialect_names(), ", ")));
  EXPECT_EQ(mistake({.venue = "coinbase", .instruments = 1001}),
            "1001 instruments (allowed: 1 to 1000)");
  EXPECT_EQ(mistake({.venue = "coinbase", .trades_per_second = 0}),
            "0 trades a second (allowed: 1 to 2000000)");
}

}  // namespace
}  // namespace tapeline::sim
