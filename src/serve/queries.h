// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/trade.h"
#include "serve/board.h"
#include "serve/market.h"
#include "serve/shelf.h"
#include "store/reader.h"
#include "store/rows.h"

namespace tapeline::serve {

// Which rows of an instrument, the newest ones.
struct Range {
  std::string instrument{};
  Duration interval{};  // of bars
  std::optional<EventTime> from{};
  std::optional<EventTime> to{};
  std::size_t limit = 0;

  [[nodiscard]] bool holds(EventTime time) const {
    return (!from || time >= *from) && (!to || time < *to);
  }
};

template <typename Row>
struct Page {
  std::vector<Row> rows{};
  bool more = false;  // older ones of the range were left out
};

// What the store holds, and of the same bars what is newer and not stored yet.
[[nodiscard]] Result<Page<store::BarRow>> last_bars(store::Reader& reader, const Range& range,
                                                    const BarsByStart& unstored);
// Every revision, in order; the limit counts bars.
[[nodiscard]] Result<Page<store::BarRow>> all_revisions(store::Reader& reader, const Range& range,
                                                        const BarsByStart& unstored);
[[nodiscard]] Result<Page<Trade>> newest_trades(store::Reader& reader, const Range& range,
                                                const std::vector<Trade>& unstored);

// What Market::prime() takes: the newest trade, and the day before it out of bars of `interval`.
[[nodiscard]] Result<StoredDay> stored_day(store::Reader& reader, const std::string& instrument,
                                           Duration interval);

// One bar as the store knows it, as JSON without its bracket and its text (docs/api.md).
struct BarAsked {
  std::string instrument{};
  Duration interval{};
  EventTime start{};
  std::optional<store::BarRow> unstored{};
  std::vector<TradeNews> trades{};  // of its window, not stored yet
  std::vector<LedgerNews> ledgers{};
};
[[nodiscard]] Result<std::string> explain_bar(store::Reader& reader, const BarAsked& asked);

}  // namespace tapeline::serve
