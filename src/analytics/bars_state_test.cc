// SPDX-License-Identifier: Apache-2.0
// Bars that are saved at a tick and loaded into another number of shards say what they would have
// said: of markets with everything in them that bars know, back-fill and coarse times too.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "analytics/bar_market.h"
#include "analytics/bars.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "model/bar_columns.h"
#include "stream/stream.h"

namespace tapeline::analytics {
namespace {

std::string shown(const Sum& sum, int scale) {
  const auto column = sum.as_column(scale);
  std::string text;
  if (column) append_scaled(text, *column, 18);
  return text;
}

std::string text_of_end(const BarPartial::End& end) {
  std::string text = fmt::format("{} {} ", end.key.ts_event.unix_ns(), end.key.order);
  end.key.id.append_to(text);
  return text + fmt::format(" {}", end.fill);
}

// All of a revision.
std::string text_of_revision(const BarRevision& bar) {
  const BarPartial& p = bar.partial;
  std::string prices;
  for (const Int128 price : {p.open, p.high, p.low, p.close}) {
    append_scaled(prices, price, 18);
    prices += ' ';
  }
  return fmt::format("{}.{} {} {} {} {} {} {} {} | {} {}{}{}{}{} {} {}| {} {} {} | {} | {}\n",
                     bar.position.ordinal, bar.ordinal, bar.instrument.value(),
                     bar.interval.count(), bar.start.unix_ns(), name_of(bar.state),
                     name_of(bar.quality), bar.revision, name_of(bar.cause), p.trades,
                     p.size_missing, p.side_unknown, p.backfilled, p.coarse, p.uncounted,
                     name_of(p.counts), prices, shown(p.volume, 18), shown(p.buy_volume, 18),
                     shown(p.notional, 36), text_of_end(p.open_end), text_of_end(p.close_end));
}

class Transcript final : public stream::TickSink {
 public:
  void on_bar(const BarRevision& revision) override { text += text_of_revision(revision); }
  void on_open_bar(const BarRevision& /*bar*/) override {}
  void on_tick_done(Position position) override { text += fmt::format("{}\n", position.ordinal); }

  std::string text;
};

// The ids that a decoder's ledger would hold.
class MarketIds {
 public:
  void see(const stream::Event& event) {
    if (const auto* trade = std::get_if<Trade>(&event)) {
      if (trade->contiguous) {
        Coverage& ids = of_[trade->instrument.value()];
        ids.take_late(TradeId(trade->first_fill));
        ids.add(trade->first_fill, trade->last_fill, trade->ts_event);
      }
    } else if (const auto* late = std::get_if<LateTrade>(&event)) {
      of_[late->instrument.value()].add_late(late->id, late->last_fill, late->ts_event);
    }
  }
  [[nodiscard]] const Coverage* of(InstrumentId instrument) const {
    return &of_[instrument.value()];
  }

 private:
  std::array<Coverage, kInstrumentsMax> of_;
};

InstrumentNames market_names() {
  InstrumentNames names;
  for (const char* name : {"venue:b", "venue:c", "venue:a"}) names.add(name);
  return names;
}

class MarketRun {
 public:
  explicit MarketRun(const MarketOptions& options) : options_(options) { start(1); }

  // At each tick another stream of up to so many shards goes on; 0: never.
  std::string run(const std::vector<stream::Event>& events, unsigned shards_max,
                  std::mt19937_64& random) {
    for (const stream::Event& event : events) {
      ids_.see(event);
      stream::deliver(event, *stream_);
      if (shards_max > 0 && std::holds_alternative<Tick>(event)) {
        hand_over(1 + static_cast<unsigned>(random() % shards_max));
      }
    }
    return transcript_.text;
  }

 private:
  void start(unsigned shards) {
    const BarsOptions bars{options_.intervals, options_.watermark};
    stream_ = stream::make_stream(
        {shards}, [bars](stream::OutputSink& sink) { return std::make_unique<Bars>(bars, sink); },
        names_, transcript_);
  }

  void hand_over(unsigned shards) {
    ByteWriter out;
    stream_->save(out);
    const std::string state = out.joined();
    start(shards);
    ByteReader in(state);
    stream_->load(in, names_, [this](InstrumentId id) { return ids_.of(id); });
    ASSERT_TRUE(in.result().has_value()) << in.result().error().text;
    ASSERT_TRUE(in.is_at_end());
  }

  MarketOptions options_;
  InstrumentNames names_ = market_names();
  Transcript transcript_;
  MarketIds ids_;
  std::unique_ptr<stream::Stream> stream_;
};

std::vector<Step> market_steps(std::mt19937_64& random, const Profile& profile) {
  std::vector<Step> steps(1 + random() % 100);
  for (Step& step : steps) step = random_step(random, profile);
  return steps;
}

TEST(BarsState, of_any_market_handed_over_at_every_tick_changes_no_revision) {
  std::size_t said = 0;
  for (unsigned seed = 0; seed < 600; ++seed) {
    std::mt19937_64 random(seed);
    const MarketOptions options = random_options(random);
    Profile profile;
    profile.lost_in_ten = static_cast<int>(seed % 5);
    profile.delay_max = static_cast<int>(seed % 80);
    const auto events = market_of(market_steps(random, profile), options);
    const std::string straight = MarketRun(options).run(events, 0, random);
    // Threads cost much more than bars: mostly one shard.
    const unsigned shards = seed % 5 == 0 ? 4 : 1;
    ASSERT_EQ(MarketRun(options).run(events, shards, random), straight)
        << "seed " << seed << ", " << options;
    said += straight.size();
  }
  EXPECT_GT(said, 1'000'000U);
}

TEST(BarsState, that_holds_other_ids_than_the_ledger_is_refused) {
  Transcript transcript;
  Bars bars({{std::chrono::seconds(1)}, {}}, transcript);
  Trade trade;
  trade.feeds_bars = trade.contiguous = true;
  trade.id = TradeId(7);
  trade.first_fill = trade.last_fill = 7;
  bars.on_trade(trade);
  bars.on_tick({});
  ByteWriter out;
  bars.save(out);
  const std::string state = out.joined();
  const auto error_with = [&](const Coverage* ids) -> std::string {
    Bars other({{std::chrono::seconds(1)}, {}}, transcript);
    ByteReader in(state);
    EXPECT_EQ(in.number<std::uint64_t>(), 1U);
    other.load(InstrumentId(0), in, ids);
    return in.result() ? "" : in.result().error().text;
  };
  Coverage ids;
  ids.add(7, 7, EventTime(0));
  EXPECT_EQ(error_with(&ids), "");
  EXPECT_EQ(error_with(nullptr), "bars hold other ids than the ledger");
  ids.add_late(TradeId(3), 3, EventTime(0));
  EXPECT_EQ(error_with(&ids), "bars hold other ids than the ledger");
  Coverage fewer;
  fewer.add(8, 8, EventTime(0));
  EXPECT_EQ(error_with(&fewer), "bars hold other ids than the ledger");
}

}  // namespace
}  // namespace tapeline::analytics
