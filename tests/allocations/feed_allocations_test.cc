// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/padding.h"
#include "counted_new.h"
#include "feed/feeds.h"
#include "feed/record_ring.h"

namespace tapeline {
namespace {

// Gives the test the listener, so that nothing but the session stands between it and the ring.
class OpenNetwork final : public net::Network {
 public:
  std::unique_ptr<net::WebSocket> open(const net::WebSocketOptions& /*options*/,
                                       net::WebSocketListener& its) override {
    listener = &its;
    return std::make_unique<Socket>();
  }
  void fetch(net::HttpRequest /*request*/, net::OnResponse on_response) override {
    on_response(fail(Fault::kTheirs, "no list"));
  }
  std::size_t run(Duration /*wait_max*/) override { return 0; }

  net::WebSocketListener* listener = nullptr;

 private:
  class Socket final : public net::WebSocket {
   public:
    [[nodiscard]] net::Sent send(std::string_view /*text*/) override { return net::Sent::kYes; }
    void close() override {}
  };
};

std::string coinbase_match(int id) {
  return fmt::format(
      R"({{"type":"match","trade_id":{},"maker_order_id":"4c2aa376-4bda-4947-84ee-4dc5a6337cba",)"
      R"("taker_order_id":"247a6eb2-b5c1-42db-b0ac-cb74b85bcac8","side":"sell","size":"1",)"
      R"("price":"2","product_id":"BTC-USD","sequence":9,"time":"2023-11-14T22:13:20.000001Z"}})",
      id);
}

std::string binance_trade(int id) {
  return fmt::format(
      R"({{"stream":"btcusd@trade","data":{{"e":"trade","E":1,"s":"BTCUSD","t":{},"p":"1",)"
      R"("q":"1","T":1700000000000,"m":true,"M":true}}}})",
      id);
}

std::string bybit_trade(int id) {
  return fmt::format(
      R"({{"topic":"publicTrade.BTCUSD","type":"snapshot","ts":1700000000000,"data":[)"
      R"({{"T":1700000000000,"s":"BTCUSD","S":"Buy","v":"1","p":"2","i":"{}","BT":false}}]}})",
      id);
}

std::string kraken_trade(int id) {
  return fmt::format(
      R"({{"channel":"trade","type":"update","data":[{{"symbol":"BTC/USD","side":"buy",)"
      R"("price":2.0,"qty":1.0,"ord_type":"limit","trade_id":{},)"
      R"("timestamp":"2023-11-14T22:13:20.000001Z"}}]}})",
      id);
}

std::string okx_trade(int id) {
  return fmt::format(
      R"({{"arg":{{"channel":"trades","instId":"BTC-USD"}},"data":[{{"instId":"BTC-USD",)"
      R"("tradeId":"{}","px":"2","sz":"1","side":"buy","ts":"1700000000000","count":"1"}}]}})",
      id);
}

struct FeedDialect {
  const char* venue;
  std::string (*frame)(int id);
};

class FeedAllocations : public testing::TestWithParam<FeedDialect> {};

TEST_P(FeedAllocations, are_none_from_the_socket_to_the_recorder) {
  ManualClock clock(RecvTime(1'700'000'000'000'000'000));
  OpenNetwork network;
  feed::RecordRing ring(std::size_t{1} << 20);
  feed::FeedsOptions options;
  options.feeds.push_back({.venue = GetParam().venue, .symbols = {"BTC-USD"}});
  auto feeds = feed::Feeds::make(options, network, ring, clock);
  ASSERT_TRUE(feeds) << feeds.error().text;
  for (int i = 0; i < 3; ++i) (*feeds)->do_work();
  ASSERT_NE(network.listener, nullptr);
  network.listener->on_open();
  journal::Record record;
  while (ring.front(record)) ring.pop();

  constexpr int kFrames = 10'000;
  std::string frames;
  std::vector<std::size_t> ends;
  for (int id = 0; id < kFrames; ++id) {
    frames += GetParam().frame(id);
    ends.push_back(frames.size());
  }
  frames.append(kReadPadding, '\0');
  std::size_t start = 0;
  std::uint64_t before = 0;
  int taken = 0;
  for (int id = 0; id < kFrames; ++id) {
    if (id == 10) before = allocations();
    const std::string_view frame(frames.data() + start, ends[static_cast<std::size_t>(id)] - start);
    start = ends[static_cast<std::size_t>(id)];
    taken += network.listener->on_message(frame, clock.wall()) == net::Taken::kYes ? 1 : 0;
    (*feeds)->do_work();
    if (ring.front(record) && record.bytes == frame) ring.pop();
  }
  EXPECT_EQ(allocations() - before, 0U);
  EXPECT_EQ(taken, kFrames);
  EXPECT_FALSE(ring.front(record));
  const auto status = (*feeds)->status();
  EXPECT_EQ(status.at(0).sessions.at(0).streams.at(0).frames, std::uint64_t{kFrames});
}

INSTANTIATE_TEST_SUITE_P(dialects, FeedAllocations,
                         testing::Values(FeedDialect{"coinbase", coinbase_match},
                                         FeedDialect{"binance", binance_trade},
                                         FeedDialect{"bybit", bybit_trade},
                                         FeedDialect{"kraken", kraken_trade},
                                         FeedDialect{"okx", okx_trade}),
                         [](const auto& instance) { return std::string(instance.param.venue); });

}  // namespace
}  // namespace tapeline
