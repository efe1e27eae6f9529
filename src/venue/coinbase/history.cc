// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase/history.h"

#include <fmt/format.h>

#include <algorithm>

#include "venue/coinbase/parse.h"
#include "venue/history_rows.h"

namespace tapeline::venue::coinbase {
namespace {

constexpr std::uint64_t kIdMax = UINT64_MAX - 1;

enum Column : std::size_t { kTime, kTradeId, kPrice, kSize, kSide, kColumns };
constexpr std::array<std::string_view, kColumns> kNames{"time", "trade_id", "price", "size",
                                                        "side"};

// [{"time":"...","trade_id":74,"price":"10.00","size":"0.01","side":"buy"}], the newest first.
class Parser final : public HistoryParser {
 public:
  Result<HistoryPage> parse(const HistoryWish& wish, std::string_view body, Items& items) override {
    const std::size_t before = items.size();
    auto page = read(wish, body, items);
    if (!page) items.resize(before);
    return page;
  }

 private:
  Result<HistoryPage> read(const HistoryWish& wish, std::string_view body, Items& items) {
    if (!reader_.open_array(body)) return no_page("it is no array of objects");
    const bool is_by_time = ids_of(wish) == 0;
    // Whether the row of the cursor itself is left out is not documented: it may be there.
    std::uint64_t below = std::min(is_by_time ? cursor_id(wish) : wish.last_id + 1, kIdMax) + 1;
    EventTime lowest_time;
    std::size_t rows = 0;
    bool is_ordered = true;
    FieldReader fields(reader_, Channel::kTrades);
    const json::Step step = reader_.walk_array([&](json::ondemand::value& row) {
      const json::Step read = read_row(reader_, row, kNames, values_);
      if (read != json::Step::kNext) return read;
      WireTrade& trade = std::get<WireTrade>(items.emplace_back(std::in_place_type<WireTrade>));
      if (!read_trade(fields, trade)) return json::Step::kStop;
      is_ordered = trade.id.is_number() && trade.id.number() < below;
      if (!is_ordered) return json::Step::kStop;
      trade.symbol = wish.symbol;
      below = trade.id.number();
      lowest_time = trade.ts_event;
      ++rows;
      return json::Step::kNext;
    });
    if (step == json::Step::kBad) return no_page("it is no array of objects");
    if (!is_ordered) return no_page("its ids are not the next older ones");
    if (step == json::Step::kStop) return no_page(fields.reject());
    return is_by_time ? older_page(wish, rows, below, lowest_time)
                      : descending_page(wish, rows, below);
  }

  bool read_trade(FieldReader& fields, WireTrade& trade) {
    trade.flags.set(Flag::kBackfill);
    return fields.id(values_[kTradeId], "trade_id", trade.id) &&
           fields.price(values_[kPrice], "price", trade.price) &&
           fields.size(values_[kSize], "size", trade.size) &&
           fields.rfc3339(values_[kTime], "time", trade.ts_event) &&
           read_side(fields, values_[kSide], trade.side);
  }

  json::Reader reader_;
  RowValues<kColumns> values_;
};

}  // namespace

// `after` asks for what is older than an id; without it, for the newest.
std::string history_target(const HistoryWish& wish, RecvTime /*now*/) {
  if (ids_of(wish) == 0) {
    const bool is_first = cursor_id(wish) > kIdMax;
    return fmt::format("/products/{}/trades?limit={}{}", wish.symbol, kHistoryFacts.rows_max,
                       is_first ? "" : "&after=" + wish.cursor);
  }
  const std::uint64_t limit = std::clamp<std::uint64_t>(ids_of(wish), 1, kHistoryFacts.rows_max);
  return fmt::format("/products/{}/trades?limit={}&after={}", wish.symbol, limit, wish.last_id + 1);
}

bool has_history_of(Channel channel) { return channel == Channel::kTrades; }

std::unique_ptr<HistoryParser> make_history_parser() { return std::make_unique<Parser>(); }

}  // namespace tapeline::venue::coinbase
