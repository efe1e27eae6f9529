// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "analytics/bars.h"
#include "base/padding.h"
#include "counted_new.h"
#include "decode/decoder.h"
#include "stream/stream.h"

namespace tapeline {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint64_t kInstruments = 100;
constexpr std::int64_t kStartMs = 1'618'677'600'000;  // a whole hour
constexpr std::size_t kPadding = kReadPadding;

class NoRejects final : public decode::RejectSink {
 public:
  void on_reject(const journal::Record& record, const venue::Reject& reject) override {
    ADD_FAILURE() << record.bytes << " " << venue::name_of(reject.reason);
  }
  void on_venue_error(const journal::Record& /*record*/, std::string_view text) override {
    ADD_FAILURE() << text;
  }
};

class CountedBars final : public stream::TickSink {
 public:
  void on_bar(const BarRevision& /*revision*/) override { ++count; }
  void on_open_bar(const BarRevision& /*bar*/) override { ++count; }
  void on_tick_done(Position /*position*/) override {}

  std::uint64_t count = 0;
};

class Late final : public EventSink {
 public:
  EventSink* to = nullptr;

  void on_trade(const Trade& trade) override { to->on_trade(trade); }
  void on_quote(const Quote& quote) override { to->on_quote(quote); }
  void on_heartbeat(const Heartbeat& heartbeat) override { to->on_heartbeat(heartbeat); }
  void on_late(const LateTrade& late) override { to->on_late(late); }
  void on_candle(const VenueCandle& candle) override { to->on_candle(candle); }
  void on_listing(const ListingChange& change) override { to->on_listing(change); }
  void on_settled(const SettledIds& ids) override { to->on_settled(ids); }
  void on_tick(const Tick& tick) override { to->on_tick(tick); }
  void on_end(Position position) override { to->on_end(position); }
};

// One line of a venue or a file for trade `number` of all, `event_ms` after the start.
using MakeLine = std::string (*)(std::uint64_t number, std::int64_t event_ms);

std::uint64_t id_of(std::uint64_t number) { return 1 + number / kInstruments; }

std::string time_of(std::int64_t event_ms) {
  return format_rfc3339((kStartMs + event_ms) * 1'000'000).substr(0, 26) + "Z";
}

std::string coinbase_line(std::uint64_t number, std::int64_t event_ms) {
  return fmt::format(
      R"({{"type":"match","trade_id":{},"maker_order_id":"4c2aa376-4bda-4947-84ee-4dc5a6337cba",)"
      R"("taker_order_id":"247a6eb2-b5c1-42db-b0ac-cb74b85bcac8","side":"{}",)"
      R"("size":"0.{}","price":"{}.5","product_id":"INSTRUMENT{:03}-USD",)"
      R"("sequence":{},"time":"{}"}})",
      id_of(number), number % 2 == 0 ? "buy" : "sell", 1 + number % 900, 100 + number % 17,
      number % kInstruments, number, time_of(event_ms));
}

// Fields in another order than the venue writes them, so that the JSON reader has the work.
std::string binance_line(std::uint64_t number, std::int64_t event_ms) {
  return fmt::format(
      R"({{"data":{{"s":"INSTRUMENT{:03}USDT","e":"aggTrade","E":1,"a":{},"p":"{}.5",)"
      R"("q":"0.{}","f":{},"l":{},"T":{},"m":{}}},"stream":"x"}})",
      number % kInstruments, id_of(number), 100 + number % 17, 1 + number % 900, 3 * id_of(number),
      3 * id_of(number) + 2, kStartMs + event_ms, number % 2 == 0);
}

std::string csv_line(std::uint64_t number, std::int64_t event_ms) {
  return fmt::format("INSTRUMENT{:03}-USD,{},{},{}.5,0.{},{}", number % kInstruments, id_of(number),
                     time_of(event_ms), 100 + number % 17, 1 + number % 900,
                     number % 2 == 0 ? "buy" : "sell");
}

struct Dialect {
  const char* name;
  const char* source;
  journal::RecordType type;
  MakeLine make_line;
};

constexpr Dialect kDialects[] = {{"coinbase", "venue: coinbase\nkind: frames\nrecv: stamped\n",
                                  journal::RecordType::kFrame, coinbase_line},
                                 {"binance", "venue: binance\nkind: frames\nrecv: stamped\n",
                                  journal::RecordType::kFrame, binance_line},
                                 {"csv",
                                  "venue: coinbase\nkind: rows\nrecv: stamped\nheader: "
                                  "symbol,trade_id,ts_event,price,size,side\n",
                                  journal::RecordType::kRow, csv_line}};

class Allocations : public testing::TestWithParam<Dialect> {
 protected:
  Allocations() : decoder_(options(), late_, rejects_, counters_) {
    const analytics::BarsOptions bars{
        {seconds(1), seconds(5), minutes(1), minutes(5), hours(1), hours(24)}, {}};
    stream_ = stream::make_stream(
        {1},
        [bars](stream::OutputSink& sink) { return std::make_unique<analytics::Bars>(bars, sink); },
        decoder_.instruments().names(), out_);
    late_.to = stream_.get();
    journal::Record open;
    open.type = journal::RecordType::kOpen;
    open.bytes = GetParam().source;
    EXPECT_TRUE(decoder_.open(open));
  }

  // Lines of `count` trades, `per_second` of each instrument, from event time `start_ms` on.
  struct Traffic {
    std::string text;
    std::vector<std::size_t> ends;
    std::vector<std::int64_t> event_ms;
  };
  Traffic traffic(std::uint64_t count, std::int64_t start_ms, std::uint64_t per_second) {
    Traffic out;
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto ms = start_ms + static_cast<std::int64_t>(i * 1000 / (kInstruments * per_second));
      out.text += GetParam().make_line(number_++, ms);
      out.ends.push_back(out.text.size());
      out.event_ms.push_back(ms);
    }
    out.text.append(kPadding, '\0');
    return out;
  }

  // Decodes it with a tick every 100 ms; the number of allocations meanwhile.
  std::uint64_t decode(const Traffic& traffic) {
    const std::uint64_t before = allocations();
    std::size_t start = 0;
    for (std::size_t i = 0; i < traffic.ends.size(); ++i) {
      journal::Record record;
      record.type = GetParam().type;
      record.ts_recv = RecvTime((kStartMs + traffic.event_ms[i]) * 1'000'000);
      record.position.ordinal = ++ordinal_;
      record.bytes = std::string_view(traffic.text).substr(start, traffic.ends[i] - start);
      start = traffic.ends[i];
      if (traffic.event_ms[i] / 100 != last_tick_) {
        last_tick_ = traffic.event_ms[i] / 100;
        decoder_.tick({EngineTime(record.ts_recv.unix_ns()), record.position});
      }
      decoder_.judge(record, decoder_.parse(record));
    }
    return allocations() - before;
  }

  CountedBars out_;

  [[nodiscard]] std::uint64_t delivered() const {
    return counters_.total(metrics::Counter::kItemsDelivered);
  }

 private:
  static decode::DecodeOptions options() { return {{}, hours(24), {}}; }

  metrics::Counters counters_;
  NoRejects rejects_;
  Late late_;
  decode::Decoder decoder_;
  std::unique_ptr<EventSink> stream_;
  std::uint64_t number_ = 0;
  std::uint64_t ordinal_ = 0;
  std::int64_t last_tick_ = -1;
};

TEST_P(Allocations, are_none_while_no_new_window_starts) {
  decode(traffic(kInstruments * 10, 0, 40));  // every instrument has its bars, up to 250 ms
  const Traffic steady = traffic(kInstruments * 20, 300, 40);
  EXPECT_EQ(decode(steady), 0U);
  EXPECT_EQ(delivered(), kInstruments * 30);
  EXPECT_EQ(out_.count, 0U);
}

TEST_P(Allocations, are_fewer_than_one_in_a_hundred_events_while_bars_come_and_go) {
  // The first chunk of a sequence of bars grows as it fills; after that they have one size.
  for (int part = 0; part < 4; ++part) decode(traffic(kInstruments * 1'000, part * 100'000, 10));
  const Traffic steady = traffic(kInstruments * 1'200, 400'000, 10);
  const std::uint64_t bars_before = out_.count;
  const std::uint64_t count = decode(steady);
  EXPECT_EQ(delivered(), kInstruments * 5'200);
  EXPECT_GT(out_.count - bars_before, kInstruments * 120);
  EXPECT_LT(count * 100, steady.ends.size()) << count << " allocations";
}

TEST_P(Allocations, are_counted_at_all) {
  const std::uint64_t before = allocations();
  const auto planted = std::make_unique<std::vector<int>>(100);
  EXPECT_EQ(allocations() - before, 2U) << planted->size();
}

INSTANTIATE_TEST_SUITE_P(steady_traffic, Allocations, testing::ValuesIn(kDialects),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace tapeline
