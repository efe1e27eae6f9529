// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/exchange.h"
#include "venue/binance/binance.h"
#include "venue/binance/scan_frame.h"
#include "venue/coinbase/coinbase.h"
#include "venue/coinbase/scan_frame.h"

namespace tapeline::sim {

// A venue as a client of the pipeline knows it.
struct SimulatedVenue {
  std::string_view name;
  const venue::Venue* parser;
  bool (*scan)(std::string_view frame, venue::Items& items);
  std::string_view target;
  std::string_view instrument_list;
};

inline const std::array<SimulatedVenue, 2> kSimulatedVenues{
    {{.name = "coinbase",
      .parser = &venue::coinbase::venue(),
      .scan = venue::coinbase::scan_frame,
      .target = "/",
      .instrument_list = "/products"},
     {.name = "binance",
      .parser = &venue::binance::venue(),
      .scan = venue::binance::scan_frame,
      .target = "/stream",
      .instrument_list = "/api/v3/exchangeInfo"}}};

inline FaultSpec faults(std::string_view text) { return parse_faults(text).value(); }

// A client that holds one connection at a time, subscribes to everything and keeps what it hears.
class ExchangeClient {
 public:
  ExchangeClient(const SimulatedVenue& venue, ExchangeOptions options)
      : venue_(venue), now_(1'700'000'000'123'000'000) {
    options.venue = venue.name;
    exchange_ = std::move(Exchange::make(options, now_).value());
  }

  void connect() {
    connection_ = exchange_->connect(venue_.target, now_);
    is_open_ = connection_.has_value();
  }

  // On a new connection; an old one is left as it is.
  void subscribe() {
    connect();
    ask(venue_.name == "coinbase" ? "subscribe" : "SUBSCRIBE");
  }

  // For everything, as the venue writes it.
  void ask(const std::string& method) {
    std::string names;
    for (const Instrument& row : exchange_->truth().instruments()) {
      if (venue_.name == "coinbase") {
        names += (names.empty() ? "\"" : ",\"") + row.canonical() + "\"";
        continue;
      }
      std::string symbol = row.base + row.quote;
      for (char& c : symbol) c = static_cast<char>(std::tolower(c));
      for (const char* stream : {"trade", "aggTrade", "bookTicker"}) {
        names += (names.empty() ? "\"" : ",\"") + symbol + "@" + stream + "\"";
      }
    }
    exchange_->receive(*connection_,
                       venue_.name == "coinbase"
                           ? R"({"type":")" + method + R"(","product_ids":[)" + names +
                                 R"(],"channels":["matches","ticker","heartbeat"]})"
                           : R"({"method":")" + method + R"(","params":[)" + names + R"(],"id":1})",
                       now_);
  }

  void leave() { exchange_->disconnect(*connection_, now_); }

  void run(Duration time, Duration step) {
    const EventTime end = now_ + time;
    while (now_ < end) run_until(std::min(now_ + step, end));
  }

  void run_until(EventTime until) {
    now_ = until;
    exchange_->advance(now_);
    Frame frame;
    while (is_open_ && exchange_->take(*connection_, frame)) {
      if (frame.kind == FrameKind::kData) ++data_frames_;
      if (frame.kind == FrameKind::kData || frame.kind == FrameKind::kControl) {
        texts_.push_back(frame.text);
      }
      if (frame.kind == FrameKind::kCut || frame.kind == FrameKind::kClose) is_open_ = false;
    }
  }

  Answer request(std::string method, std::string_view target, std::string body) {
    return exchange_->answer(
        {.method = std::move(method), .target = std::string(target), .body = std::move(body)},
        now_);
  }
  std::string get(std::string_view target) { return request("GET", target, "").body; }
  std::string post(std::string_view target, std::string body) {
    return request("POST", target, std::move(body)).body;
  }

  [[nodiscard]] Exchange& exchange() { return *exchange_; }
  [[nodiscard]] EventTime now() const { return now_; }
  [[nodiscard]] bool is_open() const { return is_open_; }
  // All that came, data and answers.
  [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }
  [[nodiscard]] std::uint64_t data_frames() const { return data_frames_; }

 private:
  const SimulatedVenue& venue_;
  EventTime now_;
  std::unique_ptr<Exchange> exchange_;
  std::optional<ExchangeConnection> connection_;
  bool is_open_ = false;
  std::vector<std::string> texts_;
  std::uint64_t data_frames_ = 0;
};

}  // namespace tapeline::sim
