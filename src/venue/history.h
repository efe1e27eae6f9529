// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "model/trade.h"
#include "venue/message.h"

namespace tapeline::venue {

// A venue's REST history of trades, for back-fill. All of it is pure: when to ask, how often and
// what to do about a refusal is feed's.

// The cursor of the first page of a wish by times that begins at its end: the newest trades first,
// and then older ones, as far as the venue tells these by pages.
inline constexpr std::string_view kNewest = "newest";

// What is wished of the history of one stream: ids or, where these do not count without holes,
// times. A page that leaves something over gives the wish for the next one.
struct HistoryWish {
  std::string symbol{};  // as the frames write it
  Channel channel = Channel::kTrades;
  // Both ends included, of the ids that the ledger counts: fills of aggregated trades. Both 0:
  // only the times are known.
  std::uint64_t first_id = 0;
  std::uint64_t last_id = 0;
  // Of the neighbours: nothing that is wished lies outside, but for a slack that decode has.
  EventTime from_time{};
  EventTime to_time{};
  // Where the next page begins, in the venue's own terms; empty in the first. One line.
  std::string cursor{};

  friend bool operator==(const HistoryWish&, const HistoryWish&) = default;
};

// What an answer says beside its trades.
struct HistoryPage {
  std::size_t rows = 0;
  // What is left of the wish, always less than before; none: the history has no more of it.
  std::optional<HistoryWish> rest{};
  // Ids of the wish of which the history has now told everything that it has. None: first > last.
  std::uint64_t settled_first = 1;
  std::uint64_t settled_last = 0;
};

// Reads answers. Pure but for scratch memory; one thread.
class HistoryParser {
 public:
  HistoryParser() = default;
  HistoryParser(const HistoryParser&) = delete;
  HistoryParser& operator=(const HistoryParser&) = delete;
  virtual ~HistoryParser() = default;

  // The body of an answer of status 200 to target(wish), with kReadPadding readable bytes behind
  // it. Appends a trade for each row, with Flag::kBackfill and otherwise the same as in the stream
  // (symbol, id, order, side and time), even where the row is not of the wish: decode sorts that
  // out. Texts are views into the body and the wish. An Error, without any item, says that it is no
  // page or that the page lies: a row that cannot be read, rows in another order than the venue's,
  // or from where nobody asked.
  virtual Result<HistoryPage> parse(const HistoryWish& wish, std::string_view body,
                                    Items& items) = 0;
};

struct HistoryFacts {
  Duration request_every{};  // no more than one request in this time
  std::size_t rows_max = 0;  // of one answer
  Duration depth{};          // how far back it reaches; zero: no limit is known
  // Path and query of a GET below SessionFacts::rest. `now` is for venues that ask by age.
  std::string (*target)(const HistoryWish& wish, RecvTime now) = nullptr;
  // Whether it has a history of that channel.
  bool (*has_channel)(Channel channel) = nullptr;
  std::unique_ptr<HistoryParser> (*make_parser)() = nullptr;
};

// How many ids the wish is about; 0 where only times are known.
std::uint64_t ids_of(const HistoryWish& wish);

// Of a page of that many rows whose ids go down to `lowest`, or up to `highest`, without leaving
// any out that the venue still has. An empty one says downwards that it has nothing older; upwards
// it says nothing, since what bounds the wish above is newer, and was there.
HistoryPage descending_page(const HistoryWish& wish, std::size_t rows, std::uint64_t lowest);
HistoryPage ascending_page(const HistoryWish& wish, std::size_t rows, std::uint64_t highest);

// Of a wish by times that began with kNewest: the id that the page is to lie below, which is its
// cursor; where it has none yet, UINT64_MAX.
std::uint64_t cursor_id(const HistoryWish& wish);
// Of such a page, whose oldest trade is that one.
HistoryPage older_page(const HistoryWish& wish, std::size_t rows, std::uint64_t lowest,
                       EventTime lowest_time);

}  // namespace tapeline::venue
