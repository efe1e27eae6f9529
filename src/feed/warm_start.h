// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "base/time.h"
#include "feed/hole_board.h"
#include "model/coverage.h"
#include "venue/history.h"

namespace tapeline::feed {

// What one feed asks of its venue's history before an empty folder has anything: of each stream the
// newest trades, a page of each in turn, as many as are soon here. It is no hole: what lies before
// them nobody has missed, and what does not come is not asked for again. Decides, and does nothing
// itself; times are monotonic.
class WarmStart {
 public:
  static constexpr std::size_t kTradesMax = 5'000;  // of a stream; a page more than that at most
  static constexpr unsigned kPagesMax = 10;         // likewise, for venues whose pages are short
  static constexpr unsigned kTriesMax = 3;          // of a page
  static constexpr Duration kWithin = std::chrono::seconds(30);  // of a stream's beginning

  // A stream, and how far back; its symbol as the frames write it.
  void add(const StreamKey& stream, venue::HistoryWish wish, std::int64_t now_ns);

  struct Turn {
    StreamKey stream{};
    venue::HistoryWish wish;
  };
  // What is to be asked for next; the turn is over with one of the calls below.
  [[nodiscard]] std::optional<Turn> next(std::int64_t now_ns);
  void answered(const venue::HistoryPage& page);
  void failed(bool is_hopeless, Duration pause, std::int64_t now_ns);

  [[nodiscard]] bool is_empty() const { return waiting_.empty(); }
  // Streams that were left without any, or with fewer than there are, because of the bounds above.
  [[nodiscard]] std::size_t left_out() const { return left_out_; }

 private:
  struct Stream {
    Turn turn{};
    std::int64_t until_ns = 0;
    std::int64_t due_ns = 0;
    std::size_t trades = 0;
    unsigned pages = 0;
    unsigned tries = 0;
  };

  std::deque<Stream> waiting_;
  Stream asked_;
  std::size_t left_out_ = 0;
};

}  // namespace tapeline::feed
