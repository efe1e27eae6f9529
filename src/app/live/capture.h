// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "app/config/config.h"
#include "app/live/agent.h"
#include "base/clock.h"
#include "base/log.h"
#include "feed/feeds.h"
#include "feed/housekeeper.h"
#include "feed/record_ring.h"
#include "feed/recorder.h"
#include "journal/disk.h"
#include "net/network.h"

namespace tapeline::app::live {

struct CaptureOptions {
  std::string journal_folder{};
  std::string engine_version{};
  std::vector<config::Feed> feeds{};
  config::Journal journal{};
  Duration lateness{};
};

// How much free space capture leaves on the journal's disk.
std::uint64_t reserve_of(const CaptureOptions& options);

// The capture side of a live run: feeds on the network's thread, the recorder on its own, and the
// housekeeper on a third.
class Capture {
 public:
  // Opens the journal; nothing runs yet. All that is given outlives it.
  [[nodiscard]] static Result<std::unique_ptr<Capture>> open(const CaptureOptions& options,
                                                             journal::Disk& disk,
                                                             const Clock& clock, Log& log);

  void start();
  // Closes the connections; then is_quiet() once every record of theirs is in the journal, and a
  // tick behind them, however long a sync takes.
  void stop_feeds();
  [[nodiscard]] bool is_quiet();
  // Ends the threads; is_stopped() once they have, and the journal is closed.
  void stop();
  [[nodiscard]] bool is_stopped();

  [[nodiscard]] const feed::Recorder& recorder() const { return *recorder_; }
  [[nodiscard]] feed::Housekeeper& housekeeper() { return *housekeeper_; }
  [[nodiscard]] const feed::Feeds& feeds() const { return *feeds_; }
  // What ended the recorder for good.
  [[nodiscard]] std::optional<Error> failure() const;

 private:
  Capture(const Clock& clock, Log& log) : clock_(clock), log_(log) {}

  std::size_t run_network();
  std::size_t run_recorder();
  void say_changes();

  const Clock& clock_;
  Log& log_;
  std::unique_ptr<net::Network> network_;
  std::unique_ptr<feed::RecordRing> ring_;
  std::unique_ptr<feed::Recorder> recorder_;
  std::unique_ptr<feed::Housekeeper> housekeeper_;
  std::unique_ptr<feed::Feeds> feeds_;

  std::atomic<bool> stop_feeds_{false};
  std::atomic<bool> feeds_stopped_{false};
  std::atomic<bool> recorder_failed_{false};
  std::atomic<bool> recorder_closed_{false};
  bool is_stopping_ = false;          // the network's thread has told the feeds
  std::optional<RecvTime> empty_at_;  // the feeds have stopped, and the ring was empty
  std::int64_t empty_ns_ = 0;         // likewise
  std::int64_t said_ns_ = 0;
  std::vector<std::string> said_;  // the state of each session, as it was logged last
  feed::RecorderState said_recorder_ = feed::RecorderState::kRecording;

  std::unique_ptr<Agent> network_agent_;
  std::unique_ptr<Agent> recorder_agent_;
  std::unique_ptr<Agent> housekeeper_agent_;
};

}  // namespace tapeline::app::live
