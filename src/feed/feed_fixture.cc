// SPDX-License-Identifier: Apache-2.0
#include "feed/feed_fixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace tapeline::feed {
namespace {

constexpr Duration kStep = std::chrono::milliseconds(10);

// The texts between quotes, in order.
std::vector<std::string> quoted(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at + 1)) {
    const std::size_t end = text.find('"', at + 1);
    out.emplace_back(text.substr(at + 1, end - at - 1));
    at = end;
  }
  return out;
}

}  // namespace

FeedsOptions World::two_products() {
  FeedsOptions options;
  options.first_connection = ConnectionId(1);
  options.feeds.push_back({.venue = "coinbase", .symbols = {"BTC-USD", "ETH-USD"}});
  return options;
}

void World::start(const FeedsOptions& options) {
  auto made = Feeds::make(options, network, ring, clock);
  TAPELINE_CHECK(made, made.error().text.c_str());
  feeds = std::move(*made);
}

std::int64_t World::now_ms() const { return (clock.wall().unix_ns() - kWorldStart) / 1'000'000; }

void World::run(Duration time) {
  for (Duration passed{}; passed < time; passed += kStep) {
    clock.advance(kStep);
    beat();
    network.run({});
    feeds->do_work();
    if (!is_recorder_stuck) drain();
  }
}

void World::drain() {
  journal::Record record;
  while (ring.front(record)) {
    recorded.push_back({record.type, record.connection.value(),
                        (record.ts_recv.unix_ns() - kWorldStart) / 1'000'000,
                        std::string(record.bytes)});
    ring.pop();
  }
}

void World::on_connect(FakeConnection& connection) {
  subscribed_[&connection].clear();
  if (is_refusing_to_connect) return connection.end(refusal);
  connection.accept(std::chrono::milliseconds(20));
  if (is_hanging_up) {
    connection.end({Fault::kTheirs, Retry::kAfterBackoff, "example.com:443: hung up"},
                   std::chrono::milliseconds(30));
  }
}

void World::on_text(FakeConnection& connection, std::string_view text) {
  texts.emplace_back(text);
  text_times_ms.push_back(now_ms());
  if (!is_acknowledging) return;
  if (connection.url().find("binance") != std::string::npos) {
    answer_binance(connection, text);
  } else {
    answer_coinbase(connection, text);
  }
}

void World::refuse(FakeConnection& connection, const std::string& product) {
  const std::string reason = is_naming_whom_it_refuses ? product + " is not a valid product"
                                                       : "one is not a valid product?";
  connection.send(R"({"type":"error","message":"Failed to subscribe","reason":")" + reason + "\"}");
}

// {"type":"subscribe","channels":[{"name":"matches","product_ids":["BTC-USD"]}]}
void World::answer_coinbase(FakeConnection& connection, std::string_view text) {
  if (!refuses_for_now.empty()) {
    return connection.send(R"({"type":"error","message":")" + refuses_for_now + "\"}");
  }
  const auto words = quoted(text);
  Subscribed asked;
  std::string channel;
  for (std::size_t i = 3; i < words.size(); ++i) {
    if (words[i] == "name") {
      channel = words[++i];
    } else if (words[i] != "product_ids") {
      if (unknown.contains(words[i])) return refuse(connection, words[i]);
      asked.emplace(channel, words[i]);
    }
  }
  Subscribed& all = subscribed_[&connection];
  for (const auto& each : asked) {
    if (words[1] == "subscribe") {
      all.insert(each);
    } else {
      all.erase(each);
    }
  }
  std::string ack = R"({"type":"subscriptions","channels":[)";
  for (const auto& [name, product] : all) {
    ack += fmt::format(R"({}{{"name":"{}","product_ids":["{}"]}})", ack.back() == '[' ? "" : ",",
                       name, product);
  }
  connection.send(ack + "]}");
  // As at every subscription, the latest trade is shown again.
  for (const auto& [name, product] : asked) {
    if (name != "matches" || words[1] != "subscribe" || !last_ids.contains(product)) continue;
    if (!deaf.contains(product)) connection.send(match(product, last_ids[product]));
  }
}

void World::answer_binance(FakeConnection& connection, std::string_view text) {
  const std::string id(text.substr(text.rfind(':') + 1, text.size() - text.rfind(':') - 2));
  for (const std::string& word : quoted(text)) {
    if (unknown.contains(word)) {
      return connection.send(R"({"error":{"code":2,"msg":"Invalid request"},"id":)" + id + "}");
    }
  }
  connection.send(R"({"result":null,"id":)" + id + "}");
}

Result<net::HttpResponse> World::on_fetch(const net::HttpRequest& request) {
  const auto asks_for = [&](std::string_view page) {
    return request.url.find(page) != std::string::npos;
  };
  if (!asks_for("/trades?") && !asks_for("/candles?")) return list;
  pages_asked_ms.push_back(now_ms());
  pages_asked.push_back(request.url);
  return history(request.url);
}

std::string World::match(const std::string& product, std::uint64_t id) {
  return fmt::format(
      R"({{"type":"match","trade_id":{},"side":"sell","size":"1","price":"2","product_id":"{}",)"
      R"("sequence":9,"time":"2023-11-14T22:13:20.000001Z"}})",
      id, product);
}

void World::trade(const std::string& product, std::uint64_t id) {
  last_ids[product] = std::max(last_ids[product], id);
  if (deaf.contains(product)) return;
  for (FakeConnection* each : network.connections()) {
    if (subscribed_[each].contains({"matches", product})) each->send(match(product, id));
  }
}

void World::beat() {
  if (!is_beating || now_ms() - beat_ms_ < 1'000) return;
  beat_ms_ = now_ms();
  for (FakeConnection* each : network.connections()) {
    for (const auto& [channel, product] : subscribed_[each]) {
      if (channel != "heartbeat") continue;
      each->send(fmt::format(R"({{"type":"heartbeat","sequence":9,"last_trade_id":{},)"
                             R"("product_id":"{}","time":"2023-11-14T22:13:20.000001Z"}})",
                             last_ids[product], product));
    }
  }
}

FakeConnection& World::connection() {
  const auto all = network.connections();
  TAPELINE_CHECK(all.size() == 1, "the test expects one connection");
  return *all.front();
}

std::vector<Recorded> World::records(journal::RecordType type) const {
  std::vector<Recorded> out;
  for (const Recorded& each : recorded) {
    if (each.type == type) out.push_back(each);
  }
  return out;
}

std::vector<std::string> World::frames_with(std::string_view text) const {
  std::vector<std::string> out;
  for (const Recorded& each : records(journal::RecordType::kFrame)) {
    if (each.bytes.find(text) != std::string::npos) out.push_back(each.bytes);
  }
  return out;
}

std::vector<std::string> World::close_reasons() const {
  std::vector<std::string> out;
  for (const Recorded& each : records(journal::RecordType::kClose)) {
    constexpr std::string_view kKey = "reason: ";
    out.push_back(each.bytes.substr(kKey.size(), each.bytes.find('\n') - kKey.size()));
  }
  return out;
}

SessionStatus World::session(std::size_t index) const {
  return feeds->status().front().sessions.at(index);
}

StreamStatus World::stream(const std::string& symbol, const std::string& channel) const {
  const std::vector<FeedStatus> status = feeds->status();
  for (const SessionStatus& each : status.front().sessions) {
    for (const StreamStatus& stream : each.streams) {
      if (stream.symbol == symbol && stream.channel == channel) return stream;
    }
  }
  TAPELINE_CHECK(false, "the test expects the stream");
  return {};
}

}  // namespace tapeline::feed
