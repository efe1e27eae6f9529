// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "feed/fake_network.h"
#include "feed/feeds.h"
#include "feed/record_ring.h"
#include "journal/record.h"

namespace tapeline::feed {

inline constexpr std::int64_t kWorldStart = 1'700'000'000'000'000'000;

// A record as it came out of the ring.
struct Recorded {
  journal::RecordType type = journal::RecordType::kFrame;
  std::uint32_t connection = 0;
  std::int64_t ms = 0;  // ts_recv, since the start
  std::string bytes{};
};

// Both venues, as far as a session sees them, with what can go wrong; our feeds; and time, on one
// thread. Nothing happens by itself: run() moves the clock.
class World : public FakePeer {
 public:
  World() = default;

  // The options of one feed for Coinbase's BTC-USD and ETH-USD.
  static FeedsOptions two_products();
  void start(const FeedsOptions& options);
  // In steps of 10 ms. Coinbase sends its heartbeats every second.
  void run(Duration time);

  void on_connect(FakeConnection& connection) override;
  void on_text(FakeConnection& connection, std::string_view text) override;
  Result<net::HttpResponse> on_fetch(const net::HttpRequest& request) override;

  // A match of a Coinbase product on every connection that has subscribed to it.
  void trade(const std::string& product, std::uint64_t id);
  static std::string match(const std::string& product, std::uint64_t id);
  // The only connection there is.
  FakeConnection& connection();

  // Of the type, in order.
  [[nodiscard]] std::vector<Recorded> records(journal::RecordType type) const;
  [[nodiscard]] std::vector<std::string> frames_with(std::string_view text) const;
  [[nodiscard]] std::vector<std::string> close_reasons() const;
  [[nodiscard]] SessionStatus session(std::size_t index = 0) const;
  [[nodiscard]] StreamStatus stream(const std::string& symbol, const std::string& channel) const;

  // What goes wrong.
  bool is_refusing_to_connect = false;
  Error refusal{Fault::kTheirs, Retry::kAfterBackoff, "example.com:443: connection refused"};
  bool is_hanging_up = false;  // at once, after accepting
  bool is_acknowledging = true;
  bool is_beating = true;
  bool is_naming_whom_it_refuses = true;
  std::string refuses_for_now{};    // this text, to every request
  std::set<std::string> unknown{};  // products, or Binance streams
  std::set<std::string> deaf{};     // matches of these products are not sent
  bool is_recorder_stuck = false;
  std::map<std::string, std::uint64_t> last_ids{};  // by product, as heartbeats tell
  Result<net::HttpResponse> list = net::HttpResponse{
      .body = R"([{"id":"BTC-USD"},{"id":"ETH-USD"},{"id":"ETH-EUR"},{"id":"LTC-USD"}])"};

  // What a product's history answers to a URL; and what it was asked, and when.
  std::function<Result<net::HttpResponse>(const std::string& url)> history =
      [](const std::string& /*url*/) { return net::HttpResponse{.body = "[]"}; };
  std::vector<std::string> pages_asked;
  std::vector<std::int64_t> pages_asked_ms;

  ManualClock clock{RecvTime(kWorldStart)};
  RecordRing ring{std::size_t{1} << 20};
  FakeNetwork network{clock, *this};
  std::unique_ptr<Feeds> feeds;
  std::vector<Recorded> recorded;
  std::vector<std::string> texts;           // what we sent
  std::vector<std::int64_t> text_times_ms;  // and when

 private:
  using Subscribed = std::set<std::pair<std::string, std::string>>;  // channel, product

  void answer_coinbase(FakeConnection& connection, std::string_view text);
  void answer_binance(FakeConnection& connection, std::string_view text);
  void refuse(FakeConnection& connection, const std::string& product);
  void beat();
  void drain();
  [[nodiscard]] std::int64_t now_ms() const;

  std::map<const FakeConnection*, Subscribed> subscribed_;
  std::int64_t beat_ms_ = 0;
};

}  // namespace tapeline::feed
