// SPDX-License-Identifier: Apache-2.0
// Every dialect of the simulator against the parser and the session reader of its venue.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "base/padding.h"
#include "decode/venue_table.h"
#include "sim/dialect/dialect.h"
#include "sim/exchange.h"
#include "sim/market/text.h"

namespace tapeline::sim {
namespace {

constexpr EventTime kOpened{1'700'000'000'000'000'000};
constexpr std::size_t kMarkets = 5;

// As everybody sees a trade: symbol, time, price, and size where the venue says it.
using Seen = std::tuple<std::string, EventTime, std::string, std::string>;

class Conversation {
 public:
  explicit Conversation(std::string_view name, const FaultSpec& faults = {})
      : venue_(*decode::venue_table()[decode::find_venue(name).value()]),
        exchange_(Exchange::make({.venue = std::string(name),
                                  .faults = faults,
                                  .instruments = kMarkets,
                                  .trades_per_second = 200},
                                 kOpened)
                      .value()),
        parser_(venue_.make_parser()),
        reader_(venue_.session.make_frame_reader()) {
    const DialectRow& row = *find_dialect(name);
    const std::string parameter(venue_.session.token_parameter);
    std::string target = "/" + std::string(row.path);
    if (!parameter.empty()) target += "?" + parameter + "=x";
    EXPECT_FALSE(exchange_->refuse(target)) << target;
    connection_ = exchange_->connect(target, kOpened).value();
  }

  void subscribe() { ask(venue_.session.subscribe); }
  void unsubscribe() { ask(venue_.session.unsubscribe); }
  // Reads all that is said until then, and pings as the venue wants it.
  void run(Duration time) {
    for (Duration passed{}; passed < time; passed += std::chrono::seconds(1)) {
      exchange_->advance(exchange_->now() + std::chrono::seconds(1));
      if (!venue_.session.client_ping.empty()) {
        exchange_->receive(connection_, venue_.session.client_ping, exchange_->now());
      }
      for (Frame frame; exchange_->take(connection_, frame);) read(frame);
    }
  }

  std::vector<Seen> trades;
  std::size_t acks = 0;
  std::size_t refusals = 0;
  [[nodiscard]] const Exchange& exchange() const { return *exchange_; }
  [[nodiscard]] const venue::Venue& venue() const { return venue_; }

 private:
  // For the trades of every instrument, no faster than the venue lets in.
  void ask(decltype(venue::SessionFacts::subscribe) make) {
    const venue::SessionFacts& facts = venue_.session;
    for (const Instrument& instrument : exchange_->truth().instruments()) {
      const std::string symbol = facts.stream_symbol(facts.venue_symbol(instrument.canonical()));
      names_[symbol] = instrument.canonical();
      const std::string channel(facts.stream_channel("trades"));
      const EventTime now = exchange_->now() + facts.request_every;
      exchange_->receive(connection_, make({{symbol, channel}}, ++requests_).text, now);
    }
  }

  void read(const Frame& frame) {
    ASSERT_NE(frame.kind, FrameKind::kClose) << frame.text;
    if (frame.kind != FrameKind::kData && frame.kind != FrameKind::kControl) return;
    std::string bytes = frame.text;
    bytes.append(kReadPadding, '\0');
    const std::string_view text = std::string_view(bytes).substr(0, frame.text.size());
    venue::Items items;
    parser_->parse(text, items);
    for (const venue::Item& item : items) {
      EXPECT_FALSE(std::holds_alternative<venue::Reject>(item)) << frame.text;
      if (const auto* trade = std::get_if<venue::WireTrade>(&item)) note(*trade);
    }
    venue::FrameMeaning meaning;
    reader_->read(text, meaning);
    acks += meaning.kind == venue::FrameKind::kAck ? 1U : 0U;
    refusals += meaning.kind == venue::FrameKind::kRefusal ? 1U : 0U;
    if (frame.kind == FrameKind::kData && frame.stream == Stream::kTrades) {
      EXPECT_EQ(meaning.kind, venue::FrameKind::kData) << frame.text;
      EXPECT_TRUE(names_.contains(std::string(meaning.symbol))) << frame.text;
    }
  }

  void note(const venue::WireTrade& trade) {
    if (trade.flags.has(Flag::kSnapshot)) return;
    if (trade.has_fills) {
      note_fills(trade);
      return;
    }
    const bool has_size = !trade.flags.has(Flag::kNoSize);
    trades.emplace_back(venue_.canonical_symbol(trade.symbol), trade.ts_event,
                        to_string(trade.price), has_size ? to_string(trade.size) : "");
  }

  // Each with its own size: what the venue says is the sum.
  void note_fills(const venue::WireTrade& trade) {
    const std::string name = venue_.canonical_symbol(trade.symbol);
    const auto& instruments = exchange_->truth().instruments();
    const auto at = std::find_if(instruments.begin(), instruments.end(),
                                 [&](const Instrument& row) { return row.canonical() == name; });
    ASSERT_NE(at, instruments.end()) << name;
    const TradeHistory& history =
        exchange_->truth().history(static_cast<std::size_t>(at - instruments.begin()));
    std::int64_t sum = 0;
    for (std::uint64_t id = trade.first_fill; id <= trade.last_fill; ++id) {
      std::string size;
      append_exact(size, history.at(id).size, at->size_places);
      sum += history.at(id).size;
      trades.emplace_back(name, trade.ts_event, to_string(trade.price), size);
    }
    std::string whole;
    append_exact(whole, sum, at->size_places);
    EXPECT_EQ(to_string(trade.size), whole) << name << ' ' << trade.first_fill;
  }

  const venue::Venue& venue_;
  std::unique_ptr<Exchange> exchange_;
  std::unique_ptr<venue::Parser> parser_;
  std::unique_ptr<venue::FrameReader> reader_;
  ExchangeConnection connection_ = 0;
  std::uint64_t requests_ = 0;
  std::map<std::string, std::string> names_;  // canonical ones, by those of the stream
};

std::vector<Seen> true_trades(const Conversation& talk, bool has_sizes) {
  std::vector<Seen> out;
  const Truth& truth = talk.exchange().truth();
  for (std::size_t i = 0; i < truth.instruments().size(); ++i) {
    const Instrument& instrument = truth.instruments()[i];
    const TradeHistory& history = truth.history(i);
    const std::uint64_t from = history.first_id_at(kOpened + std::chrono::seconds(10));
    for (std::uint64_t id = from; id < history.end_id(); ++id) {
      const TruthTrade& trade = history.at(id);
      std::string price;
      std::string size;
      append_exact(price, trade.price, instrument.price_places);
      if (has_sizes) append_exact(size, trade.size, instrument.size_places);
      out.emplace_back(instrument.canonical(), trade.ts_event, price, size);
    }
  }
  return out;
}

TEST(Dialects, every_trade_is_read_as_it_was_made_and_nothing_is_refused) {
  for (const std::string_view name : dialect_names()) {
    SCOPED_TRACE(name);
    Conversation talk(name);
    talk.subscribe();
    talk.run(std::chrono::seconds(90));
    EXPECT_EQ(talk.refusals, 0U);
    EXPECT_EQ(talk.acks > 0, talk.venue().session.acknowledges);
    const bool has_sizes = !talk.trades.empty() && !std::get<3>(talk.trades.front()).empty();
    std::vector<Seen> expected = true_trades(talk, has_sizes);
    std::erase_if(talk.trades, [](const Seen& trade) {
      return std::get<1>(trade) < kOpened + std::chrono::seconds(10);
    });
    ASSERT_GT(expected.size(), 5'000U);
    std::sort(expected.begin(), expected.end());
    std::sort(talk.trades.begin(), talk.trades.end());
    EXPECT_EQ(talk.trades.size(), expected.size());
    EXPECT_TRUE(talk.trades == expected);
  }
}

TEST(Dialects, a_silent_channel_speaks_again_when_it_is_given_up_and_asked_for_anew) {
  for (const std::string_view name : dialect_names()) {
    Conversation conversation(name, parse_faults("silent_channel@8s").value());
    const auto silenced = [&] {
      return conversation.exchange().connections().back().counts.silenced;
    };
    conversation.subscribe();
    conversation.run(std::chrono::seconds(20));
    const std::uint64_t before = silenced();
    EXPECT_GT(before, 0U) << name;
    conversation.unsubscribe();
    conversation.subscribe();
    conversation.run(std::chrono::seconds(20));
    const std::uint64_t after = silenced();
    conversation.run(std::chrono::seconds(20));
    EXPECT_EQ(silenced(), after) << name;
  }
}

TEST(Dialects, have_candles_that_are_what_was_traded) {
  constexpr std::int64_t kMinute = 60'000'000'000;
  std::size_t venues = 0;
  for (const std::string_view name : dialect_names()) {
    SCOPED_TRACE(name);
    const venue::Venue& venue = *decode::venue_table()[decode::find_venue(name).value()];
    if (venue.candles == nullptr) continue;
    ++venues;
    auto exchange = Exchange::make({.venue = std::string(name),
                                    .instruments = 2,
                                    .trades_per_second = 20,
                                    .history = std::chrono::minutes(9)},
                                   kOpened)
                        .value();
    const Instrument& instrument = exchange->truth().instruments()[1];
    const EventTime to(kOpened.unix_ns() / kMinute * kMinute - kMinute);
    const EventTime from = to - Duration(5 * kMinute);
    const venue::CandleWish wish{venue.session.venue_symbol(instrument.canonical()), from, to};
    std::string body = exchange->answer({.target = venue.candles->target(wish)}, kOpened).body;
    const std::size_t size = body.size();
    body.append(kReadPadding, '\0');
    auto candles =
        venue::read_candles(venue.candles->format, std::string_view(body).substr(0, size));
    ASSERT_TRUE(candles) << candles.error().text << body;
    std::erase_if(*candles, [&](const auto& c) { return c.start < from || c.start >= to; });
    const auto truth = exchange->truth().history(1).bars(venue::kCandleInterval, from, to);
    ASSERT_EQ(candles->size(), truth.size());
    ASSERT_GT(truth.size(), 3U);
    for (std::size_t i = 0; i < truth.size(); ++i) {
      const venue::WireCandle& candle = (*candles)[i];
      const auto says = [](Decimal value, Int128 units, int places) {
        std::string text;
        append_exact(text, units, places);
        EXPECT_EQ(to_string(value), text);
      };
      EXPECT_EQ(candle.start, truth[i].start);
      says(candle.open, truth[i].open, instrument.price_places);
      says(candle.high, truth[i].high, instrument.price_places);
      says(candle.low, truth[i].low, instrument.price_places);
      says(candle.close, truth[i].close, instrument.price_places);
      says(candle.volume, truth[i].volume, instrument.size_places);
      EXPECT_EQ(candle.trades.value_or(truth[i].trades), truth[i].trades);
    }
  }
  EXPECT_EQ(venues, 7U);
}

// What an empty folder begins with: pages that go down from the newest without leaving any out, as
// far as the wish or the venue's pages reach.
TEST(Dialects, have_histories_that_begin_with_the_newest) {
  std::size_t venues = 0;
  for (const std::string_view name : dialect_names()) {
    SCOPED_TRACE(name);
    const venue::Venue& venue = *decode::venue_table()[decode::find_venue(name).value()];
    if (venue.history == nullptr) continue;
    ++venues;
    auto exchange = Exchange::make({.venue = std::string(name),
                                    .instruments = 2,
                                    .trades_per_second = 20,
                                    .history = std::chrono::minutes(9)},
                                   kOpened)
                        .value();
    const TradeHistory& history = exchange->truth().history(0);
    std::optional<venue::HistoryWish> wish = venue::HistoryWish{
        .symbol = venue.session.venue_symbol(exchange->truth().instruments()[0].canonical()),
        .from_time = kOpened - std::chrono::minutes(5),
        .to_time = kOpened + std::chrono::seconds(5),
        .cursor = std::string(venue::kNewest)};
    std::set<std::string> ids;
    EventTime lowest = kOpened;
    std::size_t pages = 0;
    const auto parser = venue.history->make_parser();
    for (; wish && pages < 200; ++pages) {
      const std::string target = venue.history->target(*wish, RecvTime(kOpened.unix_ns()));
      std::string body = exchange->answer({.target = target}, kOpened).body;
      const std::size_t size = body.size();
      body.append(kReadPadding, '\0');
      venue::Items items;
      const auto page = parser->parse(*wish, std::string_view(body).substr(0, size), items);
      ASSERT_TRUE(page) << page.error().text << target;
      for (const venue::Item& item : items) {
        const auto& trade = std::get<venue::WireTrade>(item);
        std::string id;
        trade.id.append_to(id);
        ids.insert(std::move(id));
        lowest = std::min(lowest, trade.ts_event);
      }
      wish = page->rest;
    }
    ASSERT_FALSE(wish) << "it has no end";
    EXPECT_GE(ids.size(), 60U);
    const EventTime reaches = kOpened - std::chrono::minutes(5) + std::chrono::seconds(1);
    EXPECT_TRUE(pages == 1 || lowest <= reaches);
    if (!venue.contiguous_ids) continue;
    for (std::uint64_t id = history.end_id() - ids.size(); id < history.end_id(); ++id) {
      EXPECT_TRUE(ids.contains(std::to_string(id))) << id;
    }
  }
  EXPECT_EQ(venues, 7U);
}

TEST(Dialects, list_their_instruments_as_they_are_told_to) {
  std::size_t venues = 0;
  for (const std::string_view name : dialect_names()) {
    SCOPED_TRACE(name);
    const venue::Venue& venue = *decode::venue_table()[decode::find_venue(name).value()];
    if (venue.session.instruments.empty()) continue;
    ++venues;
    auto exchange =
        Exchange::make({.venue = std::string(name), .instruments = kMarkets}, kOpened).value();
    const auto listed = [&] {
      const std::string target(venue.session.instruments);
      return venue.parse_instruments(exchange->answer({.target = target}, kOpened).body).value();
    };
    const auto& instruments = exchange->truth().instruments();
    auto list = listed();
    ASSERT_EQ(list.rows.size(), kMarkets);
    EXPECT_TRUE(list.is_whole);
    for (std::size_t i = 0; i < kMarkets; ++i) {
      const auto& [listing, is_unreadable] = list.rows[i];
      const auto step = [](int places) { return Decimal{1, static_cast<std::uint8_t>(places)}; };
      EXPECT_EQ(listing.canonical, instruments[i].canonical());
      EXPECT_EQ(listing.base, instruments[i].base);
      EXPECT_EQ(listing.quote, instruments[i].quote);
      EXPECT_EQ(listing.tick_size, step(instruments[i].price_places));
      EXPECT_EQ(listing.lot_size, step(instruments[i].size_places));
      EXPECT_EQ(listing.status, ListingStatus::kTrading);
      EXPECT_FALSE(is_unreadable);
    }
    const auto tell = [&](const std::string& what) {
      return exchange->answer({.method = "POST", .target = "/sim/list?" + what}, kOpened).status;
    };
    EXPECT_EQ(tell("instrument=" + instruments[1].canonical() + "&as=halted"), 200);
    EXPECT_EQ(tell("instrument=" + instruments[0].canonical() + "&as=unlisted"), 200);
    EXPECT_EQ(tell("instrument=NO-ONE&as=halted"), 400);
    EXPECT_EQ(tell("as=gone"), 400);
    list = listed();
    ASSERT_EQ(list.rows.size(), kMarkets - 1);
    const Listing& changed = list.rows[0].listing;
    EXPECT_EQ(changed.canonical, instruments[1].canonical());
    EXPECT_NE(changed.status, ListingStatus::kTrading);
    EXPECT_NE(changed.status, ListingStatus::kUnknown);
    EXPECT_EQ(tell("as=trading"), 200);
    EXPECT_EQ(listed().rows.size(), kMarkets);
  }
  EXPECT_EQ(venues, 7U);
}

}  // namespace
}  // namespace tapeline::sim
