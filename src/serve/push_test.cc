// SPDX-License-Identifier: Apache-2.0
#include "serve/push.h"

#include <deque>
#include <map>
#include <random>
#include <set>

#include "serve/serve_fixture.h"

namespace tapeline::serve {
namespace {

const std::string kBars = "bars:a:B:1s";
const std::string kTrades = "trades:a:B";

// Sockets that take what they were sent when the test says so.
class Sockets final : public Outlet {
 public:
  net::Sent send(net::PeerId peer, std::string_view text) override {
    queued_[peer].emplace_back(text);
    return net::Sent::kYes;
  }
  std::size_t outbox_bytes(net::PeerId peer) const override {
    const auto found = queued_.find(peer);
    return found != queued_.end() && !found->second.empty() ? 1 : 0;
  }
  std::deque<std::string> take(net::PeerId peer) { return std::exchange(queued_[peer], {}); }
  std::size_t waiting(net::PeerId peer) { return queued_[peer].size(); }

 private:
  std::map<net::PeerId, std::deque<std::string>> queued_;
};

class PushTest : public testing::Test {
 protected:
  PushTest()
      : push_("e1", sockets_, [this](const std::string& name, std::uint64_t first_seq) {
          return make(name, first_seq);
        }) {}

  Result<std::unique_ptr<Topic>> make(const std::string& name, std::uint64_t first_seq) {
    if (name == kBars) {
      auto topic = std::make_unique<BarsTopic>(name, first_seq,
                                               BarsTopic::Of{BarsKey{{}, kSecond}, beat_, truth_},
                                               waits_, [] { return RecvTime(1); });
      topic->load({});
      return topic;
    }
    if (name == kTrades) {
      auto topic = std::make_unique<TradesTopic>(name, first_seq, beat_);
      topic->load({});
      return topic;
    }
    return fail(Fault::kCaller, "there is no such topic");
  }

  void bar(const store::BarRow& bar) {
    put_newest(truth_, bar);
    if (auto* topic = dynamic_cast<BarsTopic*>(push_.find(kBars))) topic->on_bar(bar, {});
  }
  void run(Duration later) {
    now_ += later.count();
    push_.run(now_);
  }
  void subscribe(net::PeerId peer, const std::string& topic, const std::string& resume = "") {
    push_.on_message(peer, R"({"op":"subscribe","topics":[")" + topic + "\"]" + resume + "}");
  }

  Sockets sockets_;
  metrics::Histogram waits_;
  std::shared_ptr<Beat> beat_ = std::make_shared<Beat>();
  BarsByStart truth_;
  Push push_;
  std::int64_t now_ = 1'000'000'000;
};

// What a client makes of its messages, as docs/api.md tells it to.
struct Client {
  net::PeerId peer;
  std::string epoch{};
  std::optional<std::uint64_t> seq{};
  std::map<std::string, std::string> bars{};  // by start: the close
  std::uint64_t trades = 0;                   // shown or said to be left out
  std::uint64_t snapshots = 0;

  void hear(const std::string& text) {
    const Json message(text);
    const std::string type = message.text("/type");
    ASSERT_TRUE(type == "snapshot" || type == "update") << text;
    if (type == "update") {
      ASSERT_EQ(message.number("/prev"), seq) << text;
      ASSERT_GT(message.number("/seq"), *seq);
    } else {
      bars.clear();
      ++snapshots;
    }
    seq = message.number("/seq");
    const bool is_bars = message.text("/topic") == kBars;
    for (std::size_t i = 0; i < message.size("/data"); ++i) {
      const std::string at = "/data/" + std::to_string(i);
      if (is_bars) {
        bars[message.text(at + "/start")] = message.text(at + "/close");
      } else if (type == "update") {
        ++trades;
      }
    }
    if (message.has("/left_out")) trades += message.number("/left_out");
  }
};

std::map<std::string, std::string> shown(const BarsByStart& truth) {
  std::map<std::string, std::string> out;
  for (const auto& [start, bar] : truth) {
    out[format_rfc3339(start.unix_ns())] =
        std::to_string(static_cast<std::int64_t>(*bar.columns.close / 1'000'000'000'000'000'000));
  }
  return out;
}

// Clients that read when they like, go and come back: in the end all have what there is.
TEST_F(PushTest, whoever_reads_has_everything_in_the_end) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::vector<Client> clients;
    std::uint64_t peers = seed * 1000;
    for (int i = 0; i < 5; ++i) {
      clients.push_back({.peer = net::PeerId(++peers)});
      ASSERT_TRUE(push_.add(clients.back().peer));
      subscribe(clients.back().peer, kBars);
    }
    const auto read = [&](Client& client) {
      for (const std::string& text : sockets_.take(client.peer)) client.hear(text);
    };
    for (int step = 0; step < 400; ++step) {
      if (random() % 2 == 0) {
        const auto start = second(static_cast<std::int64_t>(random() % 40));
        const auto known = truth_.find(start);
        const std::uint32_t revision = known != truth_.end() ? known->second.revision + 1 : 0;
        bar(make_bar(start, static_cast<std::int64_t>(random() % 1000), revision));
      }
      run(std::chrono::milliseconds(random() % 60));
      Client& client = clients[random() % clients.size()];
      EXPECT_LE(sockets_.waiting(client.peer), 1U) << "nothing is queued for who does not read";
      if (random() % 3 != 0) read(client);
      if (random() % 40 == 0) {
        sockets_.take(client.peer);  // lost with the connection
        push_.remove(client.peer);
        client.peer = net::PeerId(++peers);
        ASSERT_TRUE(push_.add(client.peer));
        subscribe(client.peer, kBars,
                  client.seq ? R"(,"resume":{"epoch":"e1","seq":{")" + kBars +
                                   "\":" + std::to_string(*client.seq) + "}}"
                             : "");
      }
    }
    for (int i = 0; i < 3; ++i) {
      run(Beat::kEvery);
      for (Client& client : clients) read(client);
    }
    for (Client& client : clients) {
      EXPECT_EQ(client.bars, shown(truth_));
      push_.remove(client.peer);
    }
  }
  EXPECT_GT(push_.stats().conflated, 0U);
}

TEST_F(PushTest, a_number_of_another_start_means_a_snapshot) {
  bar(make_bar(second(0), 1));
  Client client{.peer = net::PeerId(1)};
  ASSERT_TRUE(push_.add(client.peer));
  subscribe(client.peer, kBars, R"(,"resume":{"epoch":"other","seq":{"bars:a:B:1s":1}})");
  run(Beat::kEvery);
  for (const auto& text : sockets_.take(client.peer)) client.hear(text);
  EXPECT_EQ(client.snapshots, 1U);
}

TEST_F(PushTest, a_topic_that_was_forgotten_takes_no_number_of_before) {
  ASSERT_TRUE(push_.add(net::PeerId(1)));
  subscribe(net::PeerId(1), kBars);
  for (int i = 0; i < 5; ++i) {
    bar(make_bar(second(i), i));
    run(Beat::kEvery);
  }
  push_.remove(net::PeerId(1));
  run(Push::kRemembered + kSecond);
  EXPECT_EQ(push_.find(kBars), nullptr);
  ASSERT_TRUE(push_.add(net::PeerId(3)));
  subscribe(net::PeerId(3), kBars);  // the new topic has as many changes as the old one had
  for (int i = 5; i < 15; ++i) {
    bar(make_bar(second(i), i));
    run(Beat::kEvery);
  }
  Client client{.peer = net::PeerId(2)};
  ASSERT_TRUE(push_.add(client.peer));
  subscribe(client.peer, kBars, R"(,"resume":{"epoch":"e1","seq":{"bars:a:B:1s":3}})");
  run(Beat::kEvery);
  for (const auto& text : sockets_.take(client.peer)) client.hear(text);
  EXPECT_EQ(client.snapshots, 1U);
  EXPECT_EQ(client.bars, shown(truth_));
}

TEST_F(PushTest, the_first_change_of_a_bar_goes_at_once_and_the_next_waits_for_its_turn) {
  ASSERT_TRUE(push_.add(net::PeerId(1)));
  subscribe(net::PeerId(1), kBars);
  run(Duration(1));
  sockets_.take(net::PeerId(1));
  bar(make_bar(second(0), 1, 0, BarState::kProvisional));
  run(Duration(1));
  EXPECT_EQ(sockets_.take(net::PeerId(1)).size(), 1U);
  bar(make_bar(second(0), 2, 0, BarState::kProvisional));
  run(Beat::kEvery - Duration(2));
  EXPECT_EQ(sockets_.take(net::PeerId(1)).size(), 0U) << "too early";
  run(Duration(2));
  const auto sent = sockets_.take(net::PeerId(1));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(Json(sent[0]).text("/data/0/close"), "2");
  bar(make_bar(second(0), 3, 0, BarState::kProvisional));
  run(Duration(1));
  EXPECT_EQ(sockets_.take(net::PeerId(1)).size(), 0U) << "too early";
  bar(make_bar(second(1), 4, 0, BarState::kProvisional));
  run(Duration(1));
  const auto both = sockets_.take(net::PeerId(1));
  ASSERT_EQ(both.size(), 1U) << "another bar's first change, and what waited goes with it";
  EXPECT_EQ(Json(both[0]).text("/data/0/close"), "3");
  EXPECT_EQ(Json(both[0]).text("/data/1/close"), "4");
}

// Who follows both would see two prices else.
TEST_F(PushTest, trades_go_out_with_the_bars_that_show_them) {
  ASSERT_TRUE(push_.add(net::PeerId(1)));
  subscribe(net::PeerId(1), kBars);
  subscribe(net::PeerId(1), kTrades);
  run(Duration(1));
  sockets_.take(net::PeerId(1));
  const auto trade = [&](std::uint64_t id, std::int64_t minute) {
    dynamic_cast<TradesTopic*>(push_.find(kTrades))->on_trade(make_trade(id));
    bar(make_bar(second(minute), static_cast<std::int64_t>(id), 0, BarState::kProvisional));
  };
  std::uint64_t sent = 0;
  for (std::uint64_t id = 1; id <= 400; ++id) {
    trade(id, static_cast<std::int64_t>(id) / 50);
    run(std::chrono::milliseconds(7));
    const auto messages = sockets_.take(net::PeerId(1));
    ASSERT_TRUE(messages.empty() || messages.size() == 2) << id;
    sent += messages.size();
  }
  EXPECT_GE(sent, 2U * (400 * 7 / 105));
  EXPECT_LE(sent, 2U * (400 * 7 / 100 + 9));
}

TEST_F(PushTest, what_nobody_followed_has_kept_nobody_waiting) {
  ASSERT_TRUE(push_.add(net::PeerId(1)));
  subscribe(net::PeerId(1), kBars);
  run(Duration(1));
  const auto change = [this](std::int64_t id) {
    const auto row = make_bar(second(0), id, 0, BarState::kProvisional);
    put_newest(truth_, row);
    auto* const topic = dynamic_cast<BarsTopic*>(push_.find(kBars));
    topic->on_bar(row, RecvTime(1));
    run(Beat::kEvery);
    topic->note_sent();
  };
  change(1);
  EXPECT_EQ(waits_.count(), 1U);
  push_.on_message(net::PeerId(1),
                   R"({"op":"unsubscribe","topics":[")" + std::string(kBars) + "\"]}");
  change(2);
  subscribe(net::PeerId(1), kBars);
  run(Beat::kEvery);
  dynamic_cast<BarsTopic*>(push_.find(kBars))->note_sent();
  EXPECT_EQ(waits_.count(), 1U);
  change(3);
  EXPECT_EQ(waits_.count(), 2U);
}

TEST_F(PushTest, every_trade_is_shown_or_said_to_be_left_out) {
  std::mt19937 random(3);
  Client quick{.peer = net::PeerId(1)};
  Client slow{.peer = net::PeerId(2)};
  for (const Client* client : {&quick, &slow}) {
    ASSERT_TRUE(push_.add(client->peer));
    subscribe(client->peer, kTrades);
  }
  run(Beat::kEvery);
  const auto read = [&](Client& client) {
    for (const auto& text : sockets_.take(client.peer)) client.hear(text);
  };
  read(quick);
  read(slow);
  std::uint64_t id = 0;
  std::uint64_t all = 0;
  for (int i = 0; i < 200; ++i) {
    auto* topic = dynamic_cast<TradesTopic*>(push_.find(kTrades));
    const std::uint64_t burst = random() % 20 == 0 ? 500 : random() % 30;
    for (std::uint64_t k = 0; k < burst; ++k) topic->on_trade(make_trade(++id));
    all += burst;
    if (random() % 10 == 0) {
      topic->on_left_out(7);
      all += 7;
    }
    run(Beat::kEvery);
    read(quick);
    if (random() % 9 == 0) read(slow);
  }
  for (int i = 0; i < 3; ++i) {
    run(Beat::kEvery);
    read(quick);
    read(slow);
  }
  EXPECT_EQ(quick.trades, all);
  EXPECT_EQ(slow.trades, all);
}

TEST_F(PushTest, what_is_wrong_with_a_request_comes_back_and_the_connection_stays) {
  ASSERT_TRUE(push_.add(net::PeerId(1)));
  const auto error_of = [&](std::string_view request) {
    push_.on_message(net::PeerId(1), request);
    const auto sent = sockets_.take(net::PeerId(1));
    return sent.size() == 1 ? Json(sent[0]).text("/error") : "";
  };
  EXPECT_NE(error_of("no json").find("a request is a JSON object"), std::string::npos);
  EXPECT_NE(error_of(R"({"op":"hello","topics":[]})").find("subscribe"), std::string::npos);
  EXPECT_EQ(error_of(R"({"op":"subscribe","topics":["x"]})"), "there is no such topic");
  subscribe(net::PeerId(1), kBars);
  run(Beat::kEvery);
  EXPECT_EQ(sockets_.take(net::PeerId(1)).size(), 1U);
}

TEST_F(PushTest, a_client_is_level_when_it_was_sent_all_that_is_published) {
  const net::PeerId peer(1);
  ASSERT_TRUE(push_.add(peer));
  EXPECT_TRUE(push_.is_level(peer)) << "it follows nothing";
  subscribe(peer, kBars);
  EXPECT_FALSE(push_.is_level(peer)) << "it has no snapshot";
  run(Beat::kEvery);
  EXPECT_TRUE(push_.is_level(peer));
  bar(make_bar(second(0), 1));
  run(Beat::kEvery);
  EXPECT_FALSE(push_.is_level(peer)) << "its socket has not taken the snapshot";
  sockets_.take(peer);
  run(Duration(1));
  EXPECT_TRUE(push_.is_level(peer));
  bar(make_bar(second(0), 2));
  run(Duration(1));
  EXPECT_TRUE(push_.is_level(peer)) << "what is not published yet is no news";
  sockets_.take(peer);
  run(Beat::kEvery);
  EXPECT_TRUE(push_.is_level(peer));
  EXPECT_TRUE(push_.is_level(net::PeerId(2))) << "who is gone waits for nothing";
}

TEST_F(PushTest, clients_have_a_bound) {
  for (std::uint64_t i = 0; i < Push::kClientsMax; ++i) ASSERT_TRUE(push_.add(net::PeerId(i)));
  EXPECT_FALSE(push_.add(net::PeerId(9999)));
  push_.remove(net::PeerId(3));
  EXPECT_TRUE(push_.add(net::PeerId(9999)));
}

TEST_F(PushTest, who_says_that_it_goes_is_told_nothing_more) {
  ASSERT_TRUE(push_.add(net::PeerId(1)));
  subscribe(net::PeerId(1), kBars);
  run(Beat::kEvery);
  sockets_.take(net::PeerId(1));
  push_.on_message(net::PeerId(1), R"({"op":"unsubscribe","topics":["bars:a:B:1s"]})");
  bar(make_bar(second(0), 1));
  run(Beat::kEvery);
  EXPECT_EQ(sockets_.take(net::PeerId(1)).size(), 0U);
}

}  // namespace
}  // namespace tapeline::serve
