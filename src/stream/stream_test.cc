// SPDX-License-Identifier: Apache-2.0
#include "stream/stream.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/thread_sanitizer.h"
#include "stream/event.h"

namespace tapeline::stream {
namespace {

using std::chrono::seconds;

// Remembers all it sees by instrument and says it again at the next tick: so many windows of each
// instrument as it saw events of it, times `burst`. The newest instrument speaks first, and the
// latest window before the earliest, so that whoever does not sort shows it.
class Echo final : public Operator {
 public:
  Echo(OutputSink& out, unsigned burst) : out_(out), burst_(burst) {}

  void on_trade(const Trade& trade) override { note(trade.instrument, trade.last_fill); }
  void on_quote(const Quote& quote) override { note(quote.instrument, 1'000'003); }
  void on_heartbeat(const Heartbeat& heartbeat) override {
    note(heartbeat.instrument, heartbeat.last_id * 7);
  }
  void on_late(const LateTrade& late) override { note(late.instrument, late.last_fill * 11); }
  void on_tick(const Tick& tick) override { say(tick.position.ordinal); }
  void on_end(Position position) override { say(position.ordinal); }
  void look() override {
    for (const auto& [instrument, seen] : fresh_) {
      BarRevision bar;
      bar.instrument = instrument;
      bar.state = BarState::kProvisional;
      bar.partial.trades = seen.mixed;
      out_.on_open_bar(bar);
    }
  }
  void save(ByteWriter& /*out*/) const override {}  // at a tick it remembers nothing
  void load(InstrumentId /*instrument*/, ByteReader& /*in*/, const Coverage* /*ids*/) override {}

 private:
  struct Seen {
    std::uint64_t events = 0;
    std::uint64_t mixed = 0;  // depends on what came and in which order
  };

  void note(InstrumentId instrument, std::uint64_t value) {
    Seen& seen = fresh_[instrument];
    ++seen.events;
    seen.mixed = seen.mixed * 31 + value;
  }

  void say(std::uint64_t ordinal) {
    for (auto at = fresh_.rbegin(); at != fresh_.rend(); ++at) {
      const auto& [instrument, seen] = *at;
      for (std::uint64_t window = seen.events * burst_; window > 0; --window) {
        BarRevision revision;
        revision.instrument = instrument;
        revision.interval = seconds(1 + window % 3);
        revision.start = EventTime(static_cast<std::int64_t>(window / 3));
        revision.partial.trades = seen.mixed + ordinal;
        out_.on_bar(revision);
      }
    }
    fresh_.clear();
  }

  OutputSink& out_;
  unsigned burst_;
  std::map<InstrumentId, Seen> fresh_;
};

// What came out, as text, and on whose thread.
class Written final : public TickSink {
 public:
  void on_bar(const BarRevision& revision) override {
    EXPECT_EQ(std::this_thread::get_id(), thread_);
    ++count;
    if (!keep_text) return;
    text += fmt::format("{}.{} {} {} {} {}\n", revision.position.ordinal, revision.ordinal,
                        revision.instrument.value(), revision.interval.count(),
                        revision.start.unix_ns(), revision.partial.trades);
    all.push_back(revision);
  }
  void on_open_bar(const BarRevision& bar) override {
    EXPECT_EQ(std::this_thread::get_id(), thread_);
    open[bar.instrument] = bar.partial.trades;
  }
  void on_tick_done(Position position) override { text += fmt::format("{}\n", position.ordinal); }

  bool keep_text = true;
  std::size_t count = 0;
  std::string text;
  std::vector<BarRevision> all;
  std::map<InstrumentId, std::uint64_t> open;  // as last seen

 private:
  std::thread::id thread_ = std::this_thread::get_id();
};

// Names in another order than the numbers.
InstrumentNames names_of(std::uint32_t count) {
  InstrumentNames names;
  for (std::uint32_t i = 0; i < count; ++i)
    names.add(fmt::format("venue:{:03}", (i * 7 + 3) % 101));
  return names;
}

Event event_of(std::mt19937_64& random, std::uint32_t instruments, std::uint64_t ordinal) {
  const InstrumentId instrument(static_cast<std::uint32_t>(random() % instruments));
  switch (random() % 12) {
    case 0:
      return Tick{EngineTime(static_cast<std::int64_t>(ordinal)), {JournalId(3), ordinal}};
    case 1: {
      Quote quote;
      quote.instrument = instrument;
      return quote;
    }
    case 2: {
      Heartbeat heartbeat;
      heartbeat.instrument = instrument;
      heartbeat.last_id = random();
      return heartbeat;
    }
    case 3: {
      LateTrade late;
      late.instrument = instrument;
      late.last_fill = random();
      return late;
    }
    default: {
      Trade trade;
      trade.instrument = instrument;
      trade.last_fill = random();
      return trade;
    }
  }
}

std::vector<Event> random_events(std::uint64_t seed, std::uint32_t instruments, std::size_t count) {
  std::mt19937_64 random(seed);
  std::vector<Event> events;
  for (std::size_t i = 0; i < count; ++i) events.push_back(event_of(random, instruments, i));
  events.emplace_back(End{{JournalId(3), count}});
  return events;
}

OperatorFactory echoes(unsigned burst) {
  return [burst](OutputSink& sink) { return std::make_unique<Echo>(sink, burst); };
}

struct Result {
  std::size_t count = 0;
  std::string text;
  std::vector<BarRevision> all;
};

Result run(const std::vector<Event>& events, unsigned shards, unsigned burst,
           std::uint32_t instruments) {
  const InstrumentNames names = names_of(instruments);
  Written written;
  const auto stream = make_stream({shards}, echoes(burst), names, written);
  for (const Event& event : events) deliver(event, *stream);
  return {written.count, written.text, written.all};
}

RC_GTEST_PROP(Stream, says_the_same_in_the_same_order_whatever_the_number_of_shards,
              (std::uint32_t seed)) {
  const std::uint32_t instruments = 1 + seed % 17;
  const auto events = random_events(seed, instruments, seed % 700);
  const std::string one = run(events, 1, 1 + seed % 4, instruments).text;
  for (const unsigned shards : {2U, 3U, 8U}) {
    RC_ASSERT(run(events, shards, 1 + seed % 4, instruments).text == one);
  }
}

TEST(Stream, orders_by_position_then_name_then_interval_then_start_and_counts_within_a_tick) {
  const auto events = random_events(7, 12, 600);
  const InstrumentNames names = names_of(12);
  for (const unsigned shards : {1U, 3U}) {
    const Result written = run(events, shards, 5, 12);
    ASSERT_GT(written.all.size(), 500U);
    for (std::size_t i = 1; i < written.all.size(); ++i) {
      const BarRevision& a = written.all[i - 1];
      const BarRevision& b = written.all[i];
      const auto key = [&](const BarRevision& r) {
        return std::tuple(r.position, names.name(r.instrument), r.interval, r.start);
      };
      ASSERT_LT(key(a), key(b));
      ASSERT_EQ(b.ordinal, a.position == b.position ? a.ordinal + 1 : 0U);
    }
    EXPECT_EQ(written.all.front().ordinal, 0U);
  }
}

TEST(Stream, gives_the_outputs_of_a_tick_its_position_and_nothing_before_it) {
  const InstrumentNames names = names_of(2);
  Written written;
  const auto stream = make_stream({2}, echoes(1), names, written);
  Trade trade;
  for (const std::uint32_t instrument : {0U, 1U}) {
    trade.instrument = InstrumentId(instrument);
    stream->on_trade(trade);
  }
  EXPECT_EQ(written.count, 0U);
  stream->on_tick({EngineTime(5), {JournalId(9), 41}});
  stream->on_trade(trade);
  stream->on_end({JournalId(9), 77});
  ASSERT_EQ(written.all.size(), 3U);
  EXPECT_EQ(written.all[0].position, (Position{JournalId(9), 41}));
  EXPECT_EQ(written.all[1].position, (Position{JournalId(9), 41}));
  EXPECT_EQ(written.all[1].ordinal, 1U);
  EXPECT_EQ(written.all[2].position, (Position{JournalId(9), 77}));
  EXPECT_EQ(written.all[2].ordinal, 0U);
}

TEST(Stream, passes_bursts_far_beyond_what_its_rings_hold) {
  std::vector<Event> events;
  Trade trade;
  for (std::uint32_t round = 0; round < 3; ++round) {
    for (std::uint32_t instrument = 0; instrument < 5; ++instrument) {
      trade.instrument = InstrumentId(instrument);
      events.emplace_back(trade);
    }
    events.emplace_back(Tick{EngineTime(round), {JournalId(1), round}});
  }
  events.emplace_back(End{{JournalId(1), 99}});
  // By instrument and tick; a ring holds 4,096.
  constexpr unsigned kBurst = kHasThreadSanitizer ? 6'000 : 20'000;
  const std::string one = run(events, 1, kBurst, 5).text;
  for (const unsigned shards : {2U, 3U, 8U}) {
    const Result written = run(events, shards, kBurst, 5);
    EXPECT_EQ(written.count, 3U * 5U * kBurst);
    EXPECT_TRUE(written.text == one) << shards << " shards differ";
  }
}

TEST(Stream, takes_many_events_and_ticks_without_an_answer_in_between) {
  // More of both than the rings hold, and one shard that has far more to say than the others.
  const auto events = random_events(11, 3, 60'000);
  const std::size_t one = run(events, 1, 1, 3).count;
  EXPECT_EQ(run(events, 2, 1, 3).count, one);
  EXPECT_EQ(run(events, 8, 1, 3).count, one);
}

TEST(Stream, lets_one_shard_fill_its_ring_while_others_are_idle) {
  // Only the last shard has instruments with trades: the others' ticks pile up empty.
  std::vector<Event> events;
  Trade trade;
  trade.instrument = InstrumentId(7);
  for (std::uint64_t tick = 0; tick < 6'000; ++tick) {
    events.emplace_back(trade);
    events.emplace_back(Tick{EngineTime(1), {JournalId(1), tick}});
  }
  events.emplace_back(End{{JournalId(1), 6'001}});
  EXPECT_EQ(run(events, 8, 3, 8).text, run(events, 1, 3, 8).text);
}

// The ctest timeout bounds these: a shard that waits for a ring nobody empties would hang them.
TEST(Stream, ends_its_threads_when_it_is_destroyed_in_the_middle) {
  for (const unsigned shards : {1U, 2U, 3U, 8U}) {
    for (const std::size_t count : {0U, 1U, 50U, 5'000U}) {
      const InstrumentNames names = names_of(9);
      Written written;
      written.keep_text = false;
      const auto stream = make_stream({shards}, echoes(1), names, written);
      auto events = random_events(count, 9, count);
      events.pop_back();
      for (const Event& event : events) deliver(event, *stream);
    }
  }
}

TEST(Stream, ends_its_threads_while_they_wait_for_full_outputs) {
  for (const unsigned shards : {2U, 3U, 8U}) {
    const InstrumentNames names = names_of(8);
    Written written;
    written.keep_text = false;
    const auto stream = make_stream({shards}, echoes(50'000), names, written);
    Trade trade;
    for (std::uint32_t instrument = 0; instrument < 8; ++instrument) {
      trade.instrument = InstrumentId(instrument);
      stream->on_trade(trade);
    }
    stream->on_tick({EngineTime(1), {JournalId(1), 1}});
  }
}

TEST(Stream, keeps_the_events_of_an_instrument_in_one_operator) {
  struct Shared {
    std::atomic<unsigned> operators{0};
  };
  class Counting final : public Operator {
   public:
    explicit Counting(OutputSink& out) : out_(out) {}
    void on_trade(const Trade& trade) override { mine_.insert(trade.instrument); }
    void on_quote(const Quote& quote) override { mine_.insert(quote.instrument); }
    void on_heartbeat(const Heartbeat& heartbeat) override { mine_.insert(heartbeat.instrument); }
    void on_late(const LateTrade& late) override { mine_.insert(late.instrument); }
    void on_tick(const Tick& /*tick*/) override {}
    void look() override {}
    void save(ByteWriter& /*out*/) const override {}
    void load(InstrumentId /*instrument*/, ByteReader& /*in*/, const Coverage* /*ids*/) override {}
    void on_end(Position /*position*/) override {
      for (const InstrumentId id : mine_) {
        BarRevision revision;
        revision.instrument = id;
        out_.on_bar(revision);
      }
    }

   private:
    OutputSink& out_;
    std::set<InstrumentId> mine_;
  };
  Shared shared;
  const InstrumentNames names = names_of(10);
  Written written;
  const auto factory = [&shared](OutputSink& sink) {
    ++shared.operators;
    return std::make_unique<Counting>(sink);
  };
  const auto stream = make_stream({4}, factory, names, written);
  EXPECT_EQ(shared.operators, 4U);
  for (const Event& event : random_events(5, 10, 2'000)) deliver(event, *stream);
  // Every instrument is said once: two operators that saw the same one would say it twice.
  EXPECT_EQ(written.count, 10U);
}

TEST(Stream, shows_what_is_open_before_the_next_tick_and_changes_nothing_by_it) {
  constexpr std::uint32_t kInstruments = 10;
  const InstrumentNames names = names_of(kInstruments);
  for (const unsigned shards : {1U, 2U, 5U}) {
    Written unseen;
    Written seen;
    const auto straight = make_stream({1}, echoes(1), names, unseen);
    const auto stream = make_stream({shards}, echoes(1), names, seen);
    std::map<InstrumentId, std::uint64_t> expected;
    const auto events = random_events(9, kInstruments, 3'000);
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (std::holds_alternative<Tick>(events[i]) && i % 3 == 0) {
        // What a look shows is what the tick is going to say.
        stream->look();
        const std::size_t before = unseen.all.size();
        deliver(events[i], *straight);
        for (std::size_t n = before; n < unseen.all.size(); ++n) {
          const BarRevision& said = unseen.all[n];
          expected[said.instrument] =
              said.partial.trades - std::get<Tick>(events[i]).position.ordinal;
        }
      } else {
        deliver(events[i], *straight);
      }
      deliver(events[i], *stream);
    }
    EXPECT_EQ(seen.text, unseen.text) << shards;
    EXPECT_EQ(seen.open, expected) << shards;
  }
}

TEST(Stream, shows_what_is_open_when_no_tick_follows) {
  const InstrumentNames names = names_of(4);
  Written seen;
  const auto stream = make_stream({2}, echoes(1), names, seen);
  Trade trade;
  trade.instrument = InstrumentId(3);
  trade.last_fill = 77;
  stream->on_trade(trade);
  stream->look();
  while (seen.open.empty()) static_cast<void>(stream->poll());
  EXPECT_EQ(seen.open.at(InstrumentId(3)), 77U);
}

}  // namespace
}  // namespace tapeline::stream
