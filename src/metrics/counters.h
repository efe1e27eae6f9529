// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace tapeline::metrics {

// Everything that is counted. Each has one row in kCounters, in this order.
enum class Counter : std::uint8_t {
  kItemsReceived,
  kItemsDelivered,
  kItemsDuplicate,
  kItemsLate,
  kItemsRejected,
  kItemsShed,
  kItemsControl,
  kItemsConflicting,
  kConditionsUnknown,
  kTradesCountLess,
  kFramesRead,
  kFramesRejected,
  kListingsChanged,
  kColumnsUnshown,
  kFeedFramesReceived,
  kFeedBytesReceived,
  kFeedFramesDeferred,
  kFeedConnectionsOpened,
  kFeedConnectionsClosed,
  kFeedRequestsSent,
  kFeedRequestsRefused,
  kFeedStreamsResubscribed,
  kFeedAnswersReceived,
  kFeedAnswersUnrecorded,
  kFeedListsRefused,
  kFeedHistoryRequests,
  kFeedHistoryAnswers,
  kFeedHistoryFailures,
  kFeedHistoryTrades,
  kFeedHistoryGivenUp,
  kFeedCandleRequests,
  kFeedCandleFailures,
  kFeedRecordsWritten,
  kFeedTicksWritten,
  kFeedDiskFull,
  kFeedSegmentsSealed,
  kFeedSegmentsRemoved,
  kEnd,
};

struct CounterRow {
  Counter counter;
  const char* name;
  const char* help;
};

inline constexpr std::array kCounters{
    CounterRow{Counter::kItemsReceived, "tapeline_decode_items_received_total",
               "Items found in what was received; the sum of the outcomes below."},
    CounterRow{Counter::kItemsDelivered, "tapeline_decode_items_delivered_total",
               "Items passed on: new, well-formed and in time."},
    CounterRow{Counter::kItemsDuplicate, "tapeline_decode_items_duplicate_total",
               "Items whose id the ledger already held."},
    CounterRow{Counter::kItemsLate, "tapeline_decode_items_late_total",
               "Items behind the watermark by more than the allowed lateness."},
    CounterRow{Counter::kItemsRejected, "tapeline_decode_items_rejected_total",
               "Items that were malformed or refused, by reason."},
    CounterRow{Counter::kItemsShed, "tapeline_decode_items_shed_total",
               "Items dropped before the journal because something was full."},
    CounterRow{Counter::kItemsControl, "tapeline_decode_items_control_total",
               "Items that carry no market data or that nothing here parses, by reason."},
    CounterRow{Counter::kItemsConflicting, "tapeline_decode_items_conflicting_total",
               "Duplicates whose content differed from the first (seen within the last 256 ids)."},
    CounterRow{Counter::kConditionsUnknown, "tapeline_decode_trades_with_unknown_conditions_total",
               "Delivered trades with a condition code that the venue's table does not know."},
    CounterRow{
        Counter::kTradesCountLess, "tapeline_decode_trades_counting_less_total",
        "Delivered trades that by their conditions count for less than all of a bar, by what."},
    CounterRow{Counter::kFramesRead, "tapeline_decode_frames_read_total",
               "Frames and rows decoded."},
    CounterRow{Counter::kFramesRejected, "tapeline_decode_frames_rejected_total",
               "Frames and rows with at least one rejected item."},
    CounterRow{Counter::kListingsChanged, "tapeline_decode_listings_changed_total",
               "Changes of what a venue's instrument list says of one, by the status then."},
    CounterRow{Counter::kColumnsUnshown, "tapeline_replay_columns_unshown_total",
               "Sums that do not fit DECIMAL(38,18) and are left empty."},
    CounterRow{Counter::kFeedFramesReceived, "tapeline_feed_frames_received_total",
               "Frames taken from a venue's socket and handed to the recorder."},
    CounterRow{Counter::kFeedBytesReceived, "tapeline_feed_received_bytes_total",
               "Bytes of these frames."},
    CounterRow{Counter::kFeedFramesDeferred, "tapeline_feed_frames_deferred_total",
               "Times that a socket stopped reading because the recorder was behind."},
    CounterRow{Counter::kFeedConnectionsOpened, "tapeline_feed_connections_opened_total",
               "Connections to a venue that were opened."},
    CounterRow{Counter::kFeedConnectionsClosed, "tapeline_feed_connections_closed_total",
               "Connections that ended, or never opened, by reason."},
    CounterRow{Counter::kFeedRequestsSent, "tapeline_feed_requests_sent_total",
               "Messages sent to subscribe or unsubscribe."},
    CounterRow{Counter::kFeedRequestsRefused, "tapeline_feed_requests_refused_total",
               "Requests that a venue refused."},
    CounterRow{Counter::kFeedStreamsResubscribed, "tapeline_feed_streams_resubscribed_total",
               "Streams asked for anew because they had fallen silent."},
    CounterRow{Counter::kFeedAnswersReceived, "tapeline_feed_answers_received_total",
               "Answers of a venue's REST interface, failures too."},
    CounterRow{Counter::kFeedAnswersUnrecorded, "tapeline_feed_answers_unrecorded_total",
               "Answers that were too long to be recorded."},
    CounterRow{Counter::kFeedListsRefused, "tapeline_feed_lists_refused_total",
               "Instrument lists that did not come or were none; the one before stands."},
    CounterRow{Counter::kFeedHistoryRequests, "tapeline_feed_history_requests_total",
               "Pages asked of a venue's history, for back-fill."},
    CounterRow{Counter::kFeedHistoryAnswers, "tapeline_feed_history_answers_total",
               "Pages that came."},
    CounterRow{Counter::kFeedHistoryFailures, "tapeline_feed_history_failures_total",
               "Pages that did not come, by reason."},
    CounterRow{Counter::kFeedHistoryTrades, "tapeline_feed_history_trades_total",
               "Trades on these pages, also those that were here before."},
    CounterRow{Counter::kFeedHistoryGivenUp, "tapeline_feed_history_given_up_total",
               "Requests after which the holes they were for are left until somebody asks."},
    CounterRow{Counter::kFeedCandleRequests, "tapeline_feed_candle_requests_total",
               "Pages asked of a venue's own candles."},
    CounterRow{Counter::kFeedCandleFailures, "tapeline_feed_candle_failures_total",
               "Pages of candles that did not come, by reason."},
    CounterRow{Counter::kFeedRecordsWritten, "tapeline_feed_records_written_total",
               "Records written to the journal, ticks not counted."},
    CounterRow{Counter::kFeedTicksWritten, "tapeline_feed_ticks_written_total",
               "Ticks written to the journal."},
    CounterRow{Counter::kFeedDiskFull, "tapeline_feed_disk_full_total",
               "Times that capture stopped because the disk was full."},
    CounterRow{Counter::kFeedSegmentsSealed, "tapeline_feed_segments_sealed_total",
               "Segments of the journal that were sealed."},
    CounterRow{Counter::kFeedSegmentsRemoved, "tapeline_feed_segments_removed_total",
               "Segments of the journal that were removed because of their age or the room."},
};

constexpr bool rows_match_enum() {
  for (std::size_t i = 0; i < kCounters.size(); ++i) {
    if (static_cast<std::size_t>(kCounters[i].counter) != i) return false;
    if (std::string_view(kCounters[i].help).empty()) return false;
  }
  return kCounters.size() == static_cast<std::size_t>(Counter::kEnd);
}
static_assert(rows_match_enum(), "one row per counter, in enum order, each with help text");

// Labels come from closed lists (venues, channels, reasons), never from symbols or ids.
struct Labels {
  std::string venue;
  std::string channel;
  std::string reason;

  friend bool operator==(const Labels&, const Labels&) = default;
};

// One number with one writer; any thread may read it.
class Cell {
 public:
  void add(std::uint64_t n = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// All cells of one agent. Cells are made at the edges and stay where they are, so that the hot
// path holds references. One thread, but for total().
class Counters {
 public:
  // The cell of these labels, made when it is new. Not for the hot path.
  Cell& cell(Counter counter, const Labels& labels);

  // Calls with each counter, its labels and its value. Any thread; the owner waits for new cells
  // meanwhile.
  template <typename OnCell>
  void for_each(OnCell&& on_cell) const {
    const std::lock_guard lock(mutex_);
    for (const Entry& entry : entries_) on_cell(entry.counter, entry.labels, entry.cell.value());
  }
  // Over all labels. Any thread.
  [[nodiscard]] std::uint64_t total(Counter counter) const;

  struct Entry {
    Counter counter = Counter::kEnd;
    Labels labels;
    Cell cell;
  };
  // What was counted, by the counter's name and its labels. Loaded into cells that are there and
  // have counted nothing yet.
  void save(ByteWriter& out) const;
  void load(ByteReader& in);

  [[nodiscard]] const std::deque<Entry>& entries() const { return entries_; }

 private:
  // With views of the labels of an entry, which stays where it is.
  using Key = std::tuple<Counter, std::string_view, std::string_view, std::string_view>;
  static Key key_of(Counter counter, const Labels& labels) {
    return {counter, labels.venue, labels.channel, labels.reason};
  }
  [[nodiscard]] Entry* find(std::string_view name, const Labels& labels) const;

  mutable std::mutex mutex_;  // held while entries_ grows, and by other threads that read it
  std::deque<Entry> entries_;
  std::map<Key, Entry*> index_;
};

}  // namespace tapeline::metrics
