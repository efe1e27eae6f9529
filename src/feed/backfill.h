// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "decode/history_record.h"
#include "feed/hole_board.h"
#include "feed/probe.h"
#include "feed/rest_answer.h"
#include "feed/status.h"
#include "feed/surroundings.h"
#include "feed/warm_start.h"
#include "feed/wish_list.h"
#include "net/backoff.h"
#include "net/http.h"
#include "venue/venue.h"

namespace tapeline::feed {

struct BackfillOptions {
  const venue::Venue* venue = nullptr;  // with a history
  std::string rest{};                   // base of its REST interface
  net::Trust trust{};
  const HoleBoard* holes = nullptr;  // outlives it
  // The venue's symbol of an instrument of this feed, by its name; nothing for another's.
  std::function<std::optional<std::string>(std::string_view instrument)> symbol_of{};
};

// Asks a venue's history for what the ledger misses, a page at a time and no faster than the venue
// allows. What comes goes through the journal like everything else: nothing here knows whether it
// helped, the ledger shows it. status() is for any thread, the rest for the network's.
class Backfill {
 public:
  static constexpr std::size_t kPagesMax = 1000;    // for one wish
  static constexpr std::size_t kPagesPerTurn = 10;  // where others wait
  // A venue that says when to ask again is asked then; one that says so ever again is not believed.
  static constexpr unsigned kBelievedMax = 3;

  Backfill(BackfillOptions options, const Surroundings& around);

  std::size_t do_work(std::int64_t now_ns);
  // Nobody listened to a stream whose ids do not count without holes.
  void add_span(const StreamKey& stream, TimeSpan span);
  // Nothing of the stream is here yet: what is newest in the history is asked for, as far back as
  // the span goes.
  void begin_with(const StreamKey& stream, TimeSpan span);
  // There are more instruments of this feed than before.
  void look_again() { seen_version_ = 0; }
  // Of what was received until then nothing is asked for any more, or waits to be.
  [[nodiscard]] bool is_done_until(RecvTime time) const {
    const HoleBoard& board = *options_.holes;
    return board.shown_until().unix_ns() >= time.unix_ns() &&
           !board.has_changed_since(seen_version_) && !job_ && wishes_.waiting() == 0;
  }
  [[nodiscard]] BackfillStatus status() const;

 private:
  // What is being asked for, page by page.
  struct Job {
    WishList::Wish whole;
    decode::HistoryQuestion question;
    std::size_t pages = 0;
    bool is_warm = false;  // of the warm start, and `whole` is only its stream
  };

  void look_at_board(std::int64_t now_ns);
  [[nodiscard]] std::optional<Job> next_job(std::int64_t now_ns);
  [[nodiscard]] std::optional<Job> next_warm_job(std::int64_t now_ns);
  void ask(std::int64_t now_ns);
  void on_answer(const Result<net::HttpResponse>& answer);
  // With what a page leaves out of the wish.
  void go_on(const venue::HistoryPage& page);
  // Reads the page where it is one, and records the answer whatever it is.
  [[nodiscard]] tl::expected<venue::HistoryPage, PageFailure> take(
      const Result<net::HttpResponse>& answer);
  void fail(PageFailure failure, const Result<net::HttpResponse>& answer);
  [[nodiscard]] Duration pause_after(const Result<net::HttpResponse>& answer);
  void set_status(std::string_view error);

  const BackfillOptions options_;
  const venue::HistoryFacts& facts_;
  const Surroundings around_;
  RestRecords records_;
  const std::unique_ptr<venue::HistoryParser> parser_;
  WishList wishes_;
  WarmStart warm_start_;
  std::size_t warm_left_out_ = 0;
  bool was_warm_ = false;  // the last job: they take turns with the holes
  std::uint64_t seen_version_ = 0;
  std::uint64_t seen_repairs_ = 0;
  std::optional<Job> job_;
  bool is_asking_ = false;
  net::Backoff backoff_;
  unsigned told_when_ = 0;  // times, one after the other
  std::int64_t not_before_ns_ = INT64_MIN;
  venue::Items items_;  // of an answer
  // Its only other holders are answers under way, which come to nothing once this is gone.
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);

  mutable std::mutex mutex_;  // guards status_
  BackfillStatus status_;
};

}  // namespace tapeline::feed
