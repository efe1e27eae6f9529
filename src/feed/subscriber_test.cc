// SPDX-License-Identifier: Apache-2.0
// What is asked for, and what follows from the answers of a venue of each kind.
#include "feed/subscriber.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tapeline::feed {
namespace {

using Words = std::vector<std::string>;

venue::SubscribeRequest request_of(const std::string& method,
                                   const std::vector<venue::Subscription>& streams,
                                   std::uint64_t id) {
  std::string text = method + " " + std::to_string(id) + ":";
  for (const auto& [symbol, channel] : streams) text += " " + symbol + "/" + channel;
  return {text, streams};
}

venue::SessionFacts toy_facts() {
  venue::SessionFacts facts;
  facts.per_request_max = 3;
  facts.stream_channel = [](std::string_view word) { return word; };
  facts.subscribe = [](const std::vector<venue::Subscription>& to, std::uint64_t id) {
    return request_of("want", to, id);
  };
  facts.unsubscribe = [](const std::vector<venue::Subscription>& from, std::uint64_t id) {
    return request_of("leave", from, id);
  };
  return facts;
}

// Streams of the symbols A to D, each in both channels.
std::vector<WantedStream> wanted(const std::vector<std::string>& symbols) {
  std::vector<WantedStream> streams;
  for (const std::string& symbol : symbols) {
    for (const char* channel : {"trades", "quotes"}) streams.push_back({{symbol, channel}});
  }
  return streams;
}

// A connection's requests against a venue that the test plays.
class Asking {
 public:
  Asking(const venue::SessionFacts& facts, const std::vector<std::string>& symbols)
      : facts_(facts), streams_(facts_, wanted(symbols)), subscriber_(facts_, streams_) {
    subscriber_.ask_for_all(RecvTime(1));
  }

  // The next message, sent; empty: none may be sent now.
  std::string send() {
    const auto text = subscriber_.next(now_ns_);
    if (!text) return {};
    std::string sent(*text);
    subscriber_.sent(RecvTime(1), now_ns_);
    return sent;
  }
  void ack(const venue::FrameMeaning& meaning) { subscriber_.on_ack(meaning, RecvTime(1), 1); }
  bool refuse(const venue::FrameMeaning& meaning) {
    return subscriber_.on_refusal(meaning, RecvTime(1), now_ns_);
  }
  void ask_again(const std::string& symbol, const std::string& channel) {
    subscriber_.ask_again({streams_.find(symbol, channel)});
  }
  void wait(Duration time) { now_ns_ += time.count(); }
  [[nodiscard]] bool is_settled() const { return subscriber_.is_settled(); }
  [[nodiscard]] StreamState state(const std::string& symbol, const std::string& channel) const {
    return streams_.state(streams_.find(symbol, channel));
  }

 private:
  venue::SessionFacts facts_;
  Streams streams_;
  Subscriber subscriber_;
  std::int64_t now_ns_ = 1;
};

venue::FrameMeaning for_stream(const char* symbol, const char* channel) {
  return {.symbol = symbol, .channel = channel};
}

TEST(Subscriber, one_answer_is_for_the_whole_request) {
  Asking asking(toy_facts(), {"A", "B"});
  EXPECT_EQ(asking.send(), "want 1: A/trades A/quotes B/trades");
  EXPECT_EQ(asking.send(), "") << "one is under way";
  asking.ack(for_stream("A", "trades"));
  EXPECT_EQ(asking.state("B", "trades"), StreamState::kLive);
  EXPECT_EQ(asking.send(), "want 2: B/quotes");
  asking.ack({.request = 1});
  EXPECT_FALSE(asking.is_settled()) << "the answer to another request";
  asking.ack({.request = 2});
  EXPECT_TRUE(asking.is_settled());
}

TEST(Subscriber, waits_for_the_answer_of_each_stream) {
  auto facts = toy_facts();
  facts.answers_each = true;
  Asking asking(facts, {"A", "B"});
  EXPECT_EQ(asking.send(), "want 1: A/trades A/quotes B/trades");
  asking.ack(for_stream("A", "quotes"));
  EXPECT_EQ(asking.state("A", "quotes"), StreamState::kLive);
  EXPECT_EQ(asking.state("A", "trades"), StreamState::kSubscribing);
  asking.ack(for_stream("A", "quotes"));
  asking.ack(for_stream("C", "trades"));
  EXPECT_EQ(asking.send(), "") << "two are not answered";
  EXPECT_TRUE(asking.refuse({.symbol = "B", .channel = "trades", .text = "no B"}));
  EXPECT_EQ(asking.state("B", "trades"), StreamState::kRefused);
  asking.ack(for_stream("A", ""));
  EXPECT_EQ(asking.state("A", "trades"), StreamState::kLive);
  EXPECT_EQ(asking.send(), "want 2: B/quotes");
  asking.ack({});
  EXPECT_TRUE(asking.is_settled());
}

TEST(Subscriber, what_is_refused_for_now_is_asked_for_again_without_what_was_granted) {
  auto facts = toy_facts();
  facts.answers_each = true;
  Asking asking(facts, {"A"});
  EXPECT_EQ(asking.send(), "want 1: A/trades A/quotes");
  asking.ack(for_stream("A", "trades"));
  EXPECT_TRUE(asking.refuse({.retry = Retry::kAfterBackoff, .text = "too fast"}));
  EXPECT_FALSE(asking.refuse({.retry = Retry::kAfterBackoff, .text = "too fast"}));
  EXPECT_EQ(asking.send(), "");
  asking.wait(std::chrono::seconds(1));
  EXPECT_EQ(asking.send(), "want 2: A/quotes");
  EXPECT_EQ(asking.state("A", "quotes"), StreamState::kSubscribing);
}

TEST(Subscriber, a_refusal_without_a_name_is_narrowed_down_to_what_was_not_answered) {
  auto facts = toy_facts();
  facts.answers_each = true;
  Asking asking(facts, {"A", "B"});
  EXPECT_EQ(asking.send(), "want 1: A/trades A/quotes B/trades");
  asking.ack(for_stream("A", "trades"));
  EXPECT_TRUE(asking.refuse({.text = "something is wrong"}));
  EXPECT_EQ(asking.send(), "want 2: A/quotes");
  EXPECT_TRUE(asking.refuse({.text = "no quotes"}));
  EXPECT_EQ(asking.state("A", "quotes"), StreamState::kRefused);
  EXPECT_EQ(asking.send(), "want 3: B/trades");
}

TEST(Subscriber, what_was_given_up_is_not_refused_for_good) {
  auto facts = toy_facts();
  facts.answers_each = true;
  Asking asking(facts, {"A"});
  EXPECT_EQ(asking.send(), "want 1: A/trades A/quotes");
  asking.ack({});
  asking.ask_again("A", "trades");
  EXPECT_EQ(asking.send(), "leave 2: A/trades");
  EXPECT_TRUE(asking.refuse({.symbol = "A", .channel = "trades", .text = "no such subscription"}));
  EXPECT_EQ(asking.state("A", "trades"), StreamState::kLive);
  EXPECT_EQ(asking.send(), "want 3: A/trades");
}

TEST(Subscriber, asks_for_one_channel_at_a_time_where_a_message_has_but_one) {
  auto facts = toy_facts();
  facts.mixes_channels = false;
  Asking asking(facts, {"A", "B", "C", "D"});
  Words sent;
  while (!asking.is_settled()) {
    sent.push_back(asking.send());
    asking.ack({});
  }
  EXPECT_EQ(sent, (Words{"want 1: A/quotes B/quotes C/quotes", "want 2: D/quotes",
                         "want 3: A/trades B/trades C/trades", "want 4: D/trades"}));
}

TEST(Subscriber, a_venue_that_only_refuses_has_granted_what_was_sent) {
  auto facts = toy_facts();
  facts.acknowledges = false;
  Asking asking(facts, {"A", "B"});
  EXPECT_EQ(asking.send(), "want 1: A/trades A/quotes B/trades");
  EXPECT_EQ(asking.state("A", "trades"), StreamState::kLive);
  EXPECT_EQ(asking.send(), "want 2: B/quotes");
  EXPECT_TRUE(asking.is_settled());
}

TEST(Subscriber, one_answer_can_grant_some_and_refuse_others) {
  Asking asking(toy_facts(), {"A"});
  EXPECT_EQ(asking.send(), "want 1: A/trades A/quotes");
  asking.ack({.subscriptions = {{"A", "trades"}}, .refused = {{"A", "quotes"}}, .text = "no plan"});
  EXPECT_EQ(asking.state("A", "trades"), StreamState::kLive);
  EXPECT_EQ(asking.state("A", "quotes"), StreamState::kRefused);
  EXPECT_TRUE(asking.is_settled());
}

}  // namespace
}  // namespace tapeline::feed
