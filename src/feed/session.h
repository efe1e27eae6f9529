// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "feed/link.h"
#include "feed/status.h"
#include "feed/streams.h"
#include "feed/surroundings.h"
#include "model/coverage.h"
#include "net/backoff.h"

namespace tapeline::feed {

// Some streams of one venue, kept alive over one connection after the other. Where the venue ends a
// connection by a plan, the next one takes over first. What no retry can mend stops here, with a
// status that says why. status() is for any thread, the rest for the network's.
class Session {
 public:
  Session(SessionOptions options, const Surroundings& around);

  std::size_t do_work(std::int64_t now_ns);
  // Further streams are asked for, or given up, over the connection that there is.
  void add(const std::vector<WantedStream>& streams);
  void remove(const std::vector<WantedStream>& streams);
  // Says good-bye; is_stopped() follows.
  void stop();
  [[nodiscard]] bool is_stopped() const { return is_stopping_ && links_.empty(); }

  [[nodiscard]] SessionStatus status() const;

  // Between which times, by the clock of arrival, it did not listen to a stream, once it does
  // again; told once. The stream stays until others are added.
  struct Absence {
    const WantedStream* stream = nullptr;
    TimeSpan span{};
  };
  [[nodiscard]] std::vector<Absence> take_absences();
  // Since when it does not listen to that stream; before its first frame, since ever:
  // kEventTimeMin.
  [[nodiscard]] std::optional<EventTime> away_since(const WantedStream& stream) const;

 private:
  static constexpr Duration kLookForSilence = std::chrono::seconds(1);
  // A venue that says good-bye to such a connection is only left when it does as it said.
  static constexpr Duration kTooYoung = std::chrono::seconds(10);

  // Gives how many links it took away.
  std::size_t bury_links(std::int64_t now_ns);
  void on_lost(Link& link, std::int64_t now_ns);
  void connect(std::int64_t now_ns);
  [[nodiscard]] bool may_connect(std::int64_t now_ns) const;
  [[nodiscard]] bool needs_successor(std::int64_t now_ns) const;
  void look_after(Link& newest, std::int64_t now_ns);
  void close_all(CloseReason reason);
  [[nodiscard]] SessionState judge_state() const;
  void set_status(SessionState state);
  void set_error(std::string_view text);

  const SessionOptions options_;
  const Surroundings around_;
  Streams streams_;
  std::vector<std::unique_ptr<Link>> links_;  // the oldest first; two while one takes over
  net::Backoff backoff_;
  std::int64_t next_try_ns_ = INT64_MIN;
  std::int64_t looked_ns_ = 0;
  bool is_stopping_ = false;
  bool is_refused_ = false;

  mutable std::mutex status_mutex_;  // guards what follows
  SessionState state_ = SessionState::kWaiting;
  RecvTime since_;
  std::uint64_t connects_ = 0;
  bool was_live_ = false;
  std::string last_error_;
};

}  // namespace tapeline::feed
