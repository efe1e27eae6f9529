// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/record_mark.h"
#include "base/result.h"
#include "base/time.h"
#include "model/instrument.h"
#include "store/answer.h"
#include "store/rows.h"

namespace tapeline::store {

enum class Order : std::uint8_t {
  kPosition,  // position, ordinal
  kTime,      // instrument; trades by their order key, quotes and late by ts_event, bars by
          // interval, start and revision, candles by interval and start; then position, ordinal.
          // Rejected items and listings have neither: their order is always kPosition
};

enum class Revisions : std::uint8_t { kLast, kAll };

// Which rows, and in which order. What does not apply to a kind of row is passed over.
struct Selection {
  std::string instrument{};            // "venue:SYMBOL"; empty: all
  std::optional<Duration> interval{};  // of bars
  std::optional<EventTime> from{};     // ts_event, of a bar its start: included
  std::optional<EventTime> to{};       // not included
  std::uint64_t position_from = 0;     // included
  std::uint64_t position_to = std::numeric_limits<std::uint64_t>::max();  // not included
  Order order = Order::kPosition;
  std::optional<std::size_t> newest{};  // only so many, the last ones of the order
};

struct Counts {
  std::uint64_t trades = 0;
  std::uint64_t quotes = 0;
  std::uint64_t bars = 0;       // each once
  std::uint64_t revisions = 0;  // of all bars
  std::uint64_t runs = 0;
  std::uint64_t gaps = 0;
  std::uint64_t rejected = 0;
  std::uint64_t late = 0;

  friend bool operator==(const Counts&, const Counts&) = default;
};

// Whether a query is to end before its time: asked every few milliseconds, on a thread of its own.
using ShouldStop = std::function<bool()>;

// Gets each row; false ends the reading. A row lives until the next.
template <typename Row>
using OnRow = std::function<bool(const Row&)>;

// Reads what is committed, row by row, in bounded memory. One thread. The rows' instruments are ids
// of names(), which grows as they come.
class Reader {
 public:
  Reader() = default;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  virtual ~Reader() = default;

  [[nodiscard]] virtual const InstrumentNames& names() const = 0;

  // None before the first commit.
  [[nodiscard]] virtual Result<std::optional<Position>> position() = 0;
  // The record at position(), as the last commit said it.
  [[nodiscard]] virtual Result<std::optional<RecordMark>> last_record() = 0;
  // The record of the first row of any table but the ledgers'; none: there is none.
  [[nodiscard]] virtual Result<std::optional<std::uint64_t>> first_row() = 0;
  [[nodiscard]] virtual Result<Counts> counts() = 0;

  [[nodiscard]] virtual Result<void> trades(const Selection& which,
                                            const OnRow<TradeRow>& on_row) = 0;
  [[nodiscard]] virtual Result<void> quotes(const Selection& which,
                                            const OnRow<QuoteRow>& on_row) = 0;
  [[nodiscard]] virtual Result<void> bars(const Selection& which, Revisions revisions,
                                          const OnRow<BarRow>& on_row) = 0;
  [[nodiscard]] virtual Result<void> rejected(const Selection& which,
                                              const OnRow<RejectedRow>& on_row) = 0;
  [[nodiscard]] virtual Result<void> late(const Selection& which, const OnRow<LateRow>& on_row) = 0;
  [[nodiscard]] virtual Result<void> candles(const Selection& which,
                                             const OnRow<CandleRow>& on_row) = 0;
  // In their order of position; instruments and times are passed over.
  [[nodiscard]] virtual Result<void> listings(const Selection& which,
                                              const OnRow<ListingRow>& on_row) = 0;
  // Of one instrument, or of all with an empty name; by instrument and channel.
  [[nodiscard]] virtual Result<void> ledgers(std::string_view instrument,
                                             const OnRow<LedgerRow>& on_row) = 0;

  // Answers one SELECT (or DESCRIBE, SHOW, SUMMARIZE, EXPLAIN) and nothing that changes anything
  // or leaves the store. What is wrong with it is an Error of the caller; `should_stop` ends it
  // with one.
  [[nodiscard]] virtual Result<void> query(std::string_view sql, AnswerSink& answer,
                                           const ShouldStop& should_stop) = 0;

  // Any thread: whatever is read now ends soon with an Error, and so does all that follows. To be
  // called again until it has ended; a reader of what is in memory needs none of it.
  virtual void stop() {}
};

}  // namespace tapeline::store
