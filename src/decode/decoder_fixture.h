// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/padding.h"
#include "base/time.h"
#include "decode/decoder.h"
#include "decode/source.h"
#include "metrics/counters.h"

namespace tapeline::decode {

using metrics::Counter;

// 2021-04-17T16:43:37Z, about when everything in these tests happens.
inline constexpr std::int64_t kNow = 1'618'677'817'000'000'000;
inline constexpr std::int64_t kSecond = 1'000'000'000;

// All that a decoder says, in the order it says it.
struct Said final : public EventSink, public RejectSink {
  std::vector<Trade> trades;
  std::vector<VenueCandle> candles;
  std::vector<std::string> listings;  // "venue:SYMBOL status"
  std::vector<Quote> quotes;
  std::vector<Heartbeat> heartbeats;
  std::vector<LateTrade> lates;
  std::vector<SettledIds> settled;
  std::vector<Tick> ticks;
  std::vector<std::string> rejects;  // "reason detail"
  std::vector<std::string> venue_errors;
  int ends = 0;

  void on_trade(const Trade& trade) override { trades.push_back(trade); }
  void on_quote(const Quote& quote) override { quotes.push_back(quote); }
  void on_heartbeat(const Heartbeat& heartbeat) override { heartbeats.push_back(heartbeat); }
  void on_late(const LateTrade& late) override { lates.push_back(late); }
  void on_candle(const VenueCandle& candle) override { candles.push_back(candle); }
  void on_listing(const ListingChange& change) override {
    listings.push_back(fmt::format("{}:{} {}", change.venue, change.listing.canonical,
                                   name_of(change.listing.status)));
  }
  void on_settled(const SettledIds& ids) override { settled.push_back(ids); }
  void on_tick(const Tick& tick) override { ticks.push_back(tick); }
  void on_end(Position /*position*/) override { ++ends; }
  void on_reject(const journal::Record& /*record*/, const venue::Reject& reject) override {
    rejects.push_back(fmt::format("{} {}", name_of(reject.reason), reject.detail));
  }
  void on_venue_error(const journal::Record& /*record*/, std::string_view text) override {
    venue_errors.emplace_back(text);
  }
};

// A decoder and the journal it reads: connections are opened and records follow.
class Feed {
 public:
  explicit Feed(const DecodeOptions& options = {}) : decoder_(options, said, said, counters) {}

  Result<void> try_open(std::uint32_t connection, const Source& source) {
    journal::Record record;
    record.type = journal::RecordType::kOpen;
    record.connection = ConnectionId(connection);
    const std::string bytes = encode_source(source);
    record.bytes = bytes;
    return decoder_.open(record);
  }
  void open(std::uint32_t connection, const Source& source) {
    const auto done = try_open(connection, source);
    ASSERT_TRUE(done.has_value()) << done.error().text;
  }
  // Connection 0, of frames.
  void open(std::string_view venue) { open(0, {.venue = std::string(venue)}); }

  void frame(std::string_view text, std::int64_t ts_recv = kNow, std::uint32_t connection = 0) {
    pass(journal::RecordType::kFrame, text, ts_recv, connection);
  }
  void row(std::string_view text, std::int64_t ts_recv = kNow, std::uint32_t connection = 0) {
    pass(journal::RecordType::kRow, text, ts_recv, connection);
  }
  // What a venue's history answered.
  Result<void> answer(std::string_view text) {
    std::string bytes(text);
    bytes.append(kReadPadding, ']');
    journal::Record record = next_record(kNow, 9);
    record.type = journal::RecordType::kAnswer;
    record.bytes = std::string_view(bytes).substr(0, text.size());
    return decoder_.read_answer(record);
  }
  // A venue's instrument list.
  Result<void> list(std::string_view venue, std::string_view json, std::int64_t ts_recv = kNow) {
    const std::string bytes = encode_instrument_list({venue, json});
    journal::Record record = next_record(ts_recv, 0);
    record.type = journal::RecordType::kInstruments;
    record.bytes = bytes;
    return decoder_.read(record);
  }
  void refuse(venue::RejectReason reason, std::uint32_t connection = 0) {
    decoder_.refuse(next_record(kNow, connection), reason, "line");
  }
  void tick(std::int64_t engine_time) { decoder_.tick({EngineTime(engine_time), next_position()}); }
  void end() { decoder_.end(next_position()); }
  // The next records are lines of a foreign input, from this one on; 0: of a journal.
  void set_line(std::uint64_t line) { line_ = line; }

  [[nodiscard]] std::uint64_t count(Counter counter, const metrics::Labels& labels) {
    return counters.cell(counter, labels).value();
  }
  [[nodiscard]] std::uint64_t total(Counter counter) const { return counters.total(counter); }

  // Conservation, by venue and channel.
  void expect_conserved() {
    for (const char* venue : {"binance", "coinbase", "unknown"}) {
      for (int c = 0; c < static_cast<int>(Channel::kEnd); ++c) {
        const char* channel = name_of(static_cast<Channel>(c));
        std::uint64_t outcomes = 0;
        for (const auto& entry : counters.entries()) {
          const bool is_outcome =
              entry.counter >= Counter::kItemsDelivered && entry.counter <= Counter::kItemsControl;
          if (is_outcome && entry.labels.venue == venue && entry.labels.channel == channel) {
            outcomes += entry.cell.value();
          }
        }
        EXPECT_EQ(count(Counter::kItemsReceived, {venue, channel, ""}), outcomes)
            << venue << ' ' << channel;
      }
    }
  }

  [[nodiscard]] Decoder& decoder() { return decoder_; }
  [[nodiscard]] const Coverage& coverage(Channel channel = Channel::kTrades) {
    return *decoder_.instruments().all().front()->coverage_of(channel);
  }

  Said said;
  metrics::Counters counters;

 private:
  Position next_position() { return {JournalId(0), ordinal_++}; }

  journal::Record next_record(std::int64_t ts_recv, std::uint32_t connection) {
    journal::Record record;
    record.connection = ConnectionId(connection);
    record.ts_recv = RecvTime(ts_recv);
    record.position = next_position();
    if (line_ != 0) record.line = line_++;
    return record;
  }

  void pass(journal::RecordType type, std::string_view text, std::int64_t ts_recv,
            std::uint32_t connection) {
    std::string bytes(text);
    bytes.append(kReadPadding, '\0');
    journal::Record record = next_record(ts_recv, connection);
    record.type = type;
    record.bytes = std::string_view(bytes).substr(0, text.size());
    decoder_.judge(record, decoder_.parse(record));
  }

  Decoder decoder_;
  std::uint64_t ordinal_ = 0;
  std::uint64_t line_ = 0;
};

// What a frame says of a trade; the times are nanoseconds.
struct TradeText {
  std::string id = "1";
  std::int64_t time = kNow;
  std::string price = "100.5";
  std::string size = "1";
  std::string symbol{};  // empty: BTC-USD, or BTCUSDT
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

inline std::string micros(std::int64_t ns) {
  std::string text = format_rfc3339(ns);
  return text.erase(text.size() - 4, 3);  // as the venue writes it: six digits
}

// Coinbase writes the maker's side: these are buys.
inline std::string coinbase_match(const TradeText& t, std::string_view type = "match") {
  return fmt::format(
      R"({{"type":"{}","trade_id":{},"maker_order_id":"9af5ab25-62ba-4c21-9fba-0df35ed11ecc",)"
      R"("taker_order_id":"d6b81d4a-4d23-4d8f-9c2c-5c1e5e4e5e56","side":"sell","size":"{}",)"
      R"("price":"{}","product_id":"{}","sequence":7,"time":"{}"}})",
      type, t.id, t.size, t.price, t.symbol.empty() ? "BTC-USD" : t.symbol, micros(t.time));
}

inline std::string coinbase_heartbeat(std::uint64_t last_id, std::int64_t time,
                                      std::string_view symbol = "BTC-USD") {
  return fmt::format(
      R"({{"type":"heartbeat","last_trade_id":{},"product_id":"{}","sequence":9,"time":"{}"}})",
      last_id, symbol, micros(time));
}

inline std::string coinbase_ticker(std::uint64_t sequence, std::int64_t time,
                                   std::string_view bid_size = "1") {
  return fmt::format(
      R"({{"type":"ticker","sequence":{},"product_id":"BTC-USD","price":"10","best_bid":"9",)"
      R"("best_bid_size":"{}","best_ask":"11","best_ask_size":"2","side":"buy","time":"{}",)"
      R"("trade_id":5,"last_size":"1"}})",
      sequence, bid_size, micros(time));
}

inline std::string binance_trade(const TradeText& t) {
  return fmt::format(
      R"({{"e":"trade","E":{0},"s":"{1}","t":{2},"p":"{3}","q":"{4}","T":{0},"m":false,"M":true}})",
      t.time / 1'000'000, t.symbol.empty() ? "BTCUSDT" : t.symbol, t.id, t.price, t.size);
}

inline std::string binance_aggregated(const TradeText& t) {
  return fmt::format(
      R"({{"e":"aggTrade","E":{0},"s":"{1}","a":{2},"p":"{3}","q":"{4}","f":{5},"l":{6},"T":{0},)"
      R"("m":false,"M":true}})",
      t.time / 1'000'000, t.symbol.empty() ? "BTCUSDT" : t.symbol, t.id, t.price, t.size, t.first,
      t.last);
}

inline std::string binance_quote(std::uint64_t update) {
  return fmt::format(R"({{"u":{},"s":"BTCUSDT","b":"9","B":"1","a":"11","A":"2"}})", update);
}

inline constexpr std::string_view kCsvHeader = "symbol,trade_id,ts_event,price,size,side,venue";

inline std::string csv_row(const TradeText& t, std::string_view venue = "coinbase") {
  return fmt::format("{},{},{},{},{},buy,{}", t.symbol.empty() ? "BTC-USD" : t.symbol, t.id,
                     format_rfc3339(t.time), t.price, t.size, venue);
}

}  // namespace tapeline::decode
