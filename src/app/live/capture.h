// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/config/config.h"
#include "app/live/agent.h"
#include "app/live/bell.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "feed/feeds.h"
#include "feed/housekeeper.h"
#include "feed/record_ring.h"
#include "feed/recorder.h"
#include "journal/disk.h"
#include "net/network.h"
#include "store/reader.h"

namespace tapeline::app::live {

struct CaptureOptions {
  std::string journal_folder{};
  std::string engine_version{};
  std::vector<config::Feed> feeds{};
  config::Journal journal{};
  Duration lateness{};
  Duration settle{};                               // of feed::FeedsOptions
  std::size_t ring_bytes = std::size_t{64} << 20;  // reserved; used as the recorder lags
  std::optional<JournalId> new_journal{};          // the name of one that is founded; none: random
  // Of the store beside the journal, whether it goes on or not: a journal that it cannot go on with
  // is refused as it is. Null: there is none. Not used behind open().
  store::Reader* store = nullptr;
};

// What is subscribed to of a feed: what it names, or else what its venue has of the usual ones.
std::vector<std::string> channels_of(const config::Feed& feed);

// How much free space capture leaves on the journal's disk.
std::uint64_t reserve_of(const CaptureOptions& options);

// The capture side of a live run: feeds on the network's thread, the recorder on its own, and the
// housekeeper on a third.
class Capture {
 public:
  // Opens the journal; nothing runs yet. All that is given outlives it.
  [[nodiscard]] static Result<std::unique_ptr<Capture>> open(const CaptureOptions& options,
                                                             std::unique_ptr<net::Network> network,
                                                             journal::Disk& disk,
                                                             const Clock& clock, Log& log);

  void start();
  // Rung whenever more can be read of the journal.
  [[nodiscard]] const std::shared_ptr<Bell>& written() const { return written_; }
  // What the threads that start() begins do over and over. A simulation, which has one thread,
  // takes these turns itself instead.
  std::size_t run_network();
  std::size_t run_recorder();
  std::size_t run_housekeeper() { return housekeeper_->do_work(); }
  // From now on these feeds, by the rules of feed::Feeds::change(), once the network's thread has
  // its turn. An Error names what is wrong, and nothing changes. Any thread.
  [[nodiscard]] Result<void> change_feeds(const std::vector<config::Feed>& feeds);
  // Closes the connections; then is_quiet() once every record of theirs is in the journal, and a
  // tick behind them, however long a sync takes.
  void stop_feeds();
  [[nodiscard]] bool is_ending() const { return stop_feeds_.load(std::memory_order_acquire); }
  [[nodiscard]] bool is_quiet();
  // Ends the threads; is_stopped() once they have, and the journal is closed.
  void stop();
  [[nodiscard]] bool is_stopped();

  [[nodiscard]] const feed::Recorder& recorder() const { return *recorder_; }
  [[nodiscard]] feed::Housekeeper& housekeeper() { return *housekeeper_; }
  [[nodiscard]] const feed::Housekeeper& housekeeper() const { return *housekeeper_; }
  [[nodiscard]] const feed::Feeds& feeds() const { return *feeds_; }
  [[nodiscard]] feed::HoleBoard& holes() { return feeds_->holes(); }
  // Of the disk with the journal: what is free, and how much of it capture leaves free. Nothing
  // where the system does not tell.
  struct Room {
    std::uint64_t free_bytes = 0;
    std::uint64_t reserve_bytes = 0;
  };
  [[nodiscard]] std::optional<Room> room() const;
  // What ended the recorder for good.
  [[nodiscard]] std::optional<Error> failure() const;

 private:
  Capture(const Clock& clock, Log& log) : clock_(clock), log_(log) {}

  void take_wish();
  void say_changes();

  const Clock& clock_;
  Log& log_;
  std::string folder_;  // of the journal
  std::uint64_t reserve_bytes_ = 0;
  Duration trades_reach_{};  // of FeedOptions::trades_history
  std::unique_ptr<net::Network> network_;
  std::unique_ptr<feed::RecordRing> ring_;
  std::unique_ptr<feed::Recorder> recorder_;
  std::unique_ptr<feed::Housekeeper> housekeeper_;
  std::unique_ptr<feed::Feeds> feeds_;

  std::shared_ptr<Bell> written_ = std::make_shared<Bell>();  // the other owner: who waits for it
  std::mutex wish_mutex_;                                     // guards wished_
  std::optional<std::vector<feed::FeedOptions>> wished_;
  std::atomic<bool> stop_feeds_{false};
  std::atomic<bool> feeds_stopped_{false};
  std::atomic<bool> recorder_failed_{false};
  std::atomic<bool> recorder_closed_{false};
  bool is_stopping_ = false;                   // the network's thread has told the feeds
  std::optional<std::uint64_t> rests_before_;  // of the recorder, when the feeds had stopped
  std::int64_t said_ns_ = 0;
  std::vector<std::string> said_;  // the state of each session, as it was logged last
  feed::RecorderState said_recorder_ = feed::RecorderState::kRecording;

  std::unique_ptr<Agent> network_agent_;
  std::unique_ptr<Agent> recorder_agent_;
  std::unique_ptr<Agent> housekeeper_agent_;
};

}  // namespace tapeline::app::live
