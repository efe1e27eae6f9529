// SPDX-License-Identifier: Apache-2.0
#include "pipeline/random_records.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <optional>
#include <random>
#include <string_view>
#include <utility>

#include "base/padding.h"
#include "decode/epoch.h"
#include "decode/history_record.h"
#include "decode/instrument_list.h"
#include "decode/refused.h"
#include "decode/source.h"

namespace tapeline::pipeline {

using journal::RecordType;

namespace {

constexpr std::int64_t kRandomStartNs = 1'618'677'820'000'000'000;
constexpr std::int64_t kRandomMs = 1'000'000;
constexpr std::array kProductNames{"BTC-USD", "ETH-USD", "LONGER-THAN-SIXTEEN-BYTES"};
constexpr std::array kPairs{"BTCUSDT", "ETHUSDT", "XRPBNB"};

// Connections of the journal.
enum class Line : std::uint32_t { kCoinbaseA, kCoinbaseB, kBinance, kRows, kHistory };

class Author {
 public:
  explicit Author(const RandomJournal& options) : random_(options.seed), options_(options) {}

  std::vector<OwnedRecord> write() {
    begin();
    for (std::size_t i = 0; i < options_.frames; ++i) {
      move_clock();
      say_something();
    }
    for (const int wait_ms : {100, 5'000, 90'000}) {
      now_ += wait_ms * kRandomMs;
      append(RecordType::kTick, Line::kCoinbaseA, "");
    }
    return std::move(records_);
  }

 private:
  void begin() {
    append(RecordType::kEpoch, Line::kCoinbaseA, decode::encode_epoch({"test", lateness()}));
    append(RecordType::kInstruments, Line::kBinance, list());
    open(Line::kCoinbaseA, {.venue = "coinbase"});
    open(Line::kBinance, {.venue = "binance"});
    open(Line::kRows, {.venue = "coinbase",
                       .name = "trades.csv",
                       .rows = true,
                       .recv_inferred = options_.is_inferred,
                       .idle_known = !options_.is_inferred,
                       .time_unit = TimeUnit::kMillis,
                       .csv_header = "symbol,trade_id,ts_event,price,size,side,venue"});
  }

  void open(Line line, const decode::Source& source) {
    append(RecordType::kOpen, line, decode::encode_source(source));
  }

  // Ticks as a recorder writes them: one every 100 ms, and one for a jump.
  void move_clock() {
    const std::int64_t before = now_ / (100 * kRandomMs);
    now_ += up_to(60) * kRandomMs;
    if (up_to(80) == 0) now_ += up_to(20'000) * kRandomMs;
    if (now_ / (100 * kRandomMs) > before) append(RecordType::kTick, Line::kCoinbaseA, "");
  }

  void say_something() {
    switch (up_to(16)) {
      case 0:
        return append(RecordType::kFrame, Line::kCoinbaseA, heartbeat());
      case 16:
        return append(RecordType::kAnswer, Line::kHistory, history());
      case 1:
      case 2:
        return append(RecordType::kFrame, Line::kCoinbaseA, ticker());
      case 3:
        return append(RecordType::kFrame, Line::kBinance, book_ticker());
      case 4:
      case 5:
        return append(RecordType::kFrame, Line::kBinance, aggregated());
      case 6:
      case 7:
        return append(RecordType::kFrame, Line::kBinance, binance_trade());
      case 8:
      case 9:
      case 10:
        return append(RecordType::kRow, Line::kRows, row());
      case 11:
        return say_something_rare();
      default:
        return append(RecordType::kFrame, Line::kCoinbaseA, match());
    }
  }

  void say_something_rare() {
    switch (up_to(7)) {
      case 4:
      case 5:
        return append(RecordType::kInstruments, Line::kBinance, list());
      case 0:
        return append(RecordType::kEpoch, Line::kCoinbaseA,
                      decode::encode_epoch({"test", lateness()}));
      case 1:
        return append(RecordType::kRefused, Line::kRows,
                      decode::encode_refused({venue::RejectReason::kLineTooLong, "too long"}));
      case 2:
        return append(RecordType::kFrame, Line::kCoinbaseA, R"({"type":"match")");
      case 3:
        return append(RecordType::kFrame, Line::kBinance, R"({"result":null,"id":1})");
      default: {
        // A second line of the same venue says the same again.
        open(Line::kCoinbaseB, {.venue = "coinbase"});
        const std::string frame = match();
        append(RecordType::kFrame, Line::kCoinbaseA, frame);
        return append(RecordType::kFrame, Line::kCoinbaseB, frame);
      }
    }
  }

  // Some of these pairs, and seldom none: what was there before may be gone, or be another.
  std::string list() {
    constexpr std::array<std::array<std::string_view, 2>, 5> kListed{
        {{"BTC", "USDT"}, {"XRP", "BNB"}, {"ADA", "USDT"}, {"SOL", "BTC"}, {"ZEC", "BTC"}}};
    std::string rows;
    const bool is_empty = up_to(9) == 0;
    for (const auto& [base, quote] : kListed) {
      if (is_empty || up_to(4) == 0) continue;
      rows += fmt::format(R"({}{{"symbol":"{}{}","baseAsset":"{}","quoteAsset":"{}","status":"{}",)"
                          R"("filters":[{{"filterType":"PRICE_FILTER","tickSize":"0.{}1"}}]}})",
                          rows.empty() ? "" : ",", base, quote, base, quote,
                          up_to(2) == 0 ? "BREAK" : "TRADING", up_to(3) == 0 ? "0" : "x");
    }
    return decode::encode_instrument_list({"binance", R"({"symbols":[)" + rows + "]}"});
  }
  std::string match() {
    const std::size_t product = index();
    const std::uint64_t id = next_id(coinbase_[product]);
    return fmt::format(
        R"({{"type":"{}","trade_id":{},"maker_order_id":"a","taker_order_id":"b","side":"{}",)"
        R"("size":"{}","price":"{}","product_id":"{}","sequence":{},"time":"{}"}})",
        up_to(30) == 0 ? "last_match" : "match", id, side(), size(), price(),
        kProductNames[product], id * 7, format_rfc3339(event_ns()));
  }
  std::string heartbeat() {
    const std::size_t product = index();
    // Sometimes of an id that did not come.
    const std::uint64_t id = coinbase_[product] + (up_to(5) == 0 ? 2 : 0);
    return fmt::format(R"({{"type":"heartbeat","last_trade_id":{},"product_id":"{}",)"
                       R"("sequence":1,"time":"{}"}})",
                       id, kProductNames[product], format_rfc3339(now_));
  }
  std::string ticker() {
    const std::size_t product = index();
    return fmt::format(
        R"({{"type":"ticker","sequence":{},"product_id":"{}","price":"10","best_bid":"{}",)"
        R"("best_bid_size":"{}","best_ask":"11","best_ask_size":"2","side":"buy","time":"{}",)"
        R"("trade_id":5,"last_size":"1"}})",
        1 + up_to(400), kProductNames[product], price(), size(), format_rfc3339(event_ns()));
  }
  std::string binance_trade() {
    const std::size_t pair = index();
    return fmt::format(R"({{"e":"trade","E":{},"s":"{}","t":{},"p":"{}","q":"{}","T":{},"m":{},)"
                       R"("M":true}})",
                       now_ / kRandomMs, kPairs[pair], next_id(binance_[pair]), price(), size(),
                       event_ns() / kRandomMs, up_to(1) == 0);
  }
  std::string aggregated() {
    const std::size_t pair = index();
    const std::uint64_t first = next_id(fills_[pair]);
    const std::uint64_t last = fills_[pair] = first + static_cast<std::uint64_t>(up_to(4));
    return fmt::format(R"({{"e":"aggTrade","E":{},"s":"{}","a":{},"p":"{}","q":"{}","f":{},)"
                       R"("l":{},"T":{},"m":true,"M":true}})",
                       now_ / kRandomMs, kPairs[pair], first + 9, price(), size(), first, last,
                       event_ns() / kRandomMs);
  }
  std::string book_ticker() {
    return fmt::format(R"({{"u":{},"s":"{}","b":"{}","B":"{}","a":"11","A":"2"}})", 1 + up_to(400),
                       kPairs[index()], price(), size());
  }
  // Some ids below the newest, of which the venue no longer has all; or an answer that is none.
  std::string history() {
    const std::size_t product = index();
    const std::uint64_t last = coinbase_[product] - static_cast<std::uint64_t>(up_to(9));
    const std::uint64_t first = last - static_cast<std::uint64_t>(up_to(6));
    std::string body = "[";
    for (std::uint64_t id = last; id >= first; --id) {
      if (up_to(3) == 0) continue;
      body += fmt::format(R"({}{{"time":"{}","trade_id":{},"price":"{}","size":"{}","side":"{}"}})",
                          body.size() > 1 ? "," : "", format_rfc3339(event_ns()), id, price(),
                          size(), side());
    }
    if (up_to(9) != 0) body += "]";
    decode::HistoryAnswer answer{.status = up_to(9) == 0 ? 500 : 200, .body = body};
    answer.question = {
        .venue = "coinbase",
        .wish = {.symbol = kProductNames[product], .first_id = first, .last_id = last},
        .is_repair = up_to(1) == 0,
        .is_final = up_to(2) != 0};
    return decode::encode_history_answer(answer);
  }
  std::string row() {
    const std::size_t product = index();
    std::string id = fmt::format("id-{}-of-a-length-that-takes-a-tail", up_to(150));
    if (up_to(3) == 0) id = fmt::format("{}", next_id(rows_[product]));
    return fmt::format("R{},{},{},{},{},{},{}", kProductNames[product], id, event_ns() / kRandomMs,
                       price(), size(), up_to(9) == 0 ? "" : side(),
                       up_to(9) == 0 ? "binance" : "");
  }

  // Mostly the next one; sometimes one was lost, comes again or is far away.
  std::uint64_t next_id(std::uint64_t& last) {
    switch (up_to(20)) {
      case 0:
        return last += 2 + static_cast<std::uint64_t>(up_to(3));
      case 1:
        return last - static_cast<std::uint64_t>(up_to(10));
      case 2:
        return up_to(10) == 0 ? last += 1'000'000'000'000 : ++last;
      default:
        return ++last;
    }
  }
  std::int64_t event_ns() {
    const int back_ms = up_to(25) == 0 ? up_to(90'000) : up_to(2'500);
    return now_ - back_ms * kRandomMs;
  }
  std::string price() { return fmt::format("{}.{:02}", 100 + up_to(10), up_to(99)); }
  std::string size() {
    return up_to(60) == 0 ? "9000000000.5" : fmt::format("{}.{:03}", up_to(9), up_to(999));
  }
  const char* side() { return up_to(1) == 0 ? "buy" : "sell"; }
  std::optional<Duration> lateness() {
    if (up_to(4) == 0) return std::nullopt;
    return std::chrono::seconds(up_to(40));
  }
  std::size_t index() { return static_cast<std::size_t>(up_to(2)); }
  int up_to(int most) {
    return static_cast<int>(random_() % (static_cast<std::uint64_t>(most) + 1));
  }

  void append(RecordType type, Line line, const std::string& bytes) {
    journal::Record record;
    record.type = type;
    record.connection = ConnectionId(static_cast<std::uint32_t>(line));
    record.ts_recv = RecvTime(now_);
    record.position = {JournalId(17), 1000 + records_.size()};
    record.line = line == Line::kRows ? ++line_ : 0;
    record.bytes = bytes;
    records_.emplace_back(record);
  }

  std::mt19937_64 random_;
  RandomJournal options_;
  std::vector<OwnedRecord> records_;
  std::int64_t now_ = kRandomStartNs;
  std::uint64_t line_ = 0;
  std::array<std::uint64_t, 3> coinbase_{1'000, 5'000, 9'000};
  std::array<std::uint64_t, 3> binance_{70'000, 80'000, 90'000};
  std::array<std::uint64_t, 3> fills_{700, 800, 900};
  std::array<std::uint64_t, 3> rows_{10, 20, 30};
};

}  // namespace

OwnedRecord::OwnedRecord(const journal::Record& record)
    : record_(record), padded_(record.bytes), size_(record.bytes.size()) {
  padded_.resize(size_ + kReadPadding, '\0');
}

journal::Record OwnedRecord::record() const {
  journal::Record record = record_;
  record.bytes = std::string_view(padded_).substr(0, size_);
  return record;
}

std::vector<OwnedRecord> random_journal(const RandomJournal& options) {
  return Author(options).write();
}

}  // namespace tapeline::pipeline
