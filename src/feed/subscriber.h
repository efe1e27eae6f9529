// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "feed/streams.h"
#include "venue/session.h"

namespace tapeline::feed {

// Which messages one connection sends, and when: one is under way at a time, since not every venue
// says what it answers, and no more than the venue lets in. Where each stream is answered apart, a
// request is under way until all of them are. One that is refused for good as a whole is halved
// until it is known which stream is meant; that one is refused, the others go on. Decides, and does
// nothing itself.
class Subscriber {
 public:
  Subscriber(const venue::SessionFacts& facts, Streams& streams);

  // Everything that was not refused.
  void ask_for_all(RecvTime now);
  // What was not refused of these.
  void ask_for(const std::vector<Streams::Index>& streams, RecvTime now);
  void give_up(const std::vector<Streams::Index>& streams) { add(true, streams); }
  // These are given up and asked for anew.
  void ask_again(const std::vector<Streams::Index>& silent);

  // The message that may be sent now, until sent() tells that it was.
  [[nodiscard]] std::optional<std::string_view> next(std::int64_t now_ns);
  void sent(RecvTime now, std::int64_t now_ns);

  void on_ack(const venue::FrameMeaning& ack, RecvTime now, std::int64_t now_ns);
  // False: no request of ours was meant.
  bool on_refusal(const venue::FrameMeaning& refusal, RecvTime now, std::int64_t now_ns);

  // How long the venue has owed an answer.
  [[nodiscard]] Duration owed(std::int64_t now_ns) const;
  // Whether a request of its, now or later, is about that stream.
  [[nodiscard]] bool mentions(Streams::Index index) const;
  // Everything was answered.
  [[nodiscard]] bool is_settled() const { return requests_.empty(); }

 private:
  struct Request {
    bool is_giving_up = false;
    std::vector<Streams::Index> streams{};  // that were not answered
    unsigned refused_for_now = 0;
  };

  void add(bool is_giving_up, std::vector<Streams::Index> streams);
  [[nodiscard]] bool is_meant(const venue::FrameMeaning& answer) const;
  [[nodiscard]] bool is_named(const venue::FrameMeaning& answer, Streams::Index index) const;
  // Whether an answer to the request under way is for that stream of it.
  [[nodiscard]] bool is_answered(const venue::FrameMeaning& answer, Streams::Index index) const;
  void answer(const venue::FrameMeaning& ack, Streams::Index index, RecvTime now,
              std::int64_t now_ns);
  // Takes away the streams of the request under way that were answered, and with the last one it.
  void strike(const venue::FrameMeaning& answer);
  [[nodiscard]] bool is_known_channel(Streams::Index index) const;
  // Where nothing is acknowledged.
  bool refuse_newest(const venue::FrameMeaning& refusal, RecvTime now, std::int64_t now_ns);
  void refuse(const Request& request, const venue::FrameMeaning& refusal, RecvTime now);
  [[nodiscard]] std::string text_of(const Request& request) const;

  const venue::SessionFacts& facts_;
  Streams& streams_;
  std::vector<Streams::Index> granted_;  // in the order asked for, where nothing is acknowledged
  unsigned refused_for_now_ = 0;         // likewise
  std::deque<Request> requests_;         // the first is the one under way, or next
  std::uint64_t id_ = 0;                 // of that one
  std::string text_;                     // of that one; empty: not made yet
  std::optional<std::int64_t> sent_ns_;
  std::int64_t not_before_ns_ = INT64_MIN;
};

}  // namespace tapeline::feed
