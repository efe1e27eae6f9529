// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase_advanced/history.h"

#include <fmt/format.h>

#include <algorithm>

#include "venue/coinbase_advanced/parse.h"
#include "venue/history_rows.h"

namespace tapeline::venue::coinbase_advanced {
namespace {

std::int64_t second_of(EventTime time) { return time.unix_ns() / 1'000'000'000; }

enum Column : std::size_t { kTime, kTradeId, kPrice, kSize, kSide, kProduct, kColumns };
constexpr std::array<std::string_view, kColumns> kNames{"time", "trade_id", "price",
                                                        "size", "side",     "product_id"};

// {"trades":[{"trade_id":"74","price":"10.00","size":"0.01","time":"...","side":"SELL"}]}, the
// newest first; the side is the maker's.
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
    constexpr std::string_view kNoTrades = "it is no object with trades";
    if (!reader_.open(body)) return no_page(kNoTrades);
    rows_ = 0;
    has_list_ = false;
    is_ordered_ = is_of_wish_ = true;
    lowest_ = UINT64_MAX;
    FieldReader fields(reader_, Channel::kTrades);
    const json::Step step = reader_.walk([&](std::string_view name, json::ondemand::value& value) {
      const bool is_list = json::Reader::first_of(value) == '[';
      if (name != "trades" || !is_list || has_list_) return reader_.skip(value);
      has_list_ = true;
      return reader_.walk_array(
          value, [&](json::ondemand::value& row) { return on_row(wish, row, fields, items); });
    });
    if (!is_of_wish_) return no_page("its trades are of another product");
    if (!is_ordered_) return no_page("its ids do not go down");
    if (step == json::Step::kBad || !has_list_) return no_page(kNoTrades);
    if (step == json::Step::kStop) return no_page(fields.reject());
    return page_of(wish);
  }

  json::Step on_row(const HistoryWish& wish, json::ondemand::value& row, FieldReader& fields,
                    Items& items) {
    const json::Step read = read_row(reader_, row, kNames, values_);
    if (read != json::Step::kNext) return read;
    WireTrade& trade = std::get<WireTrade>(items.emplace_back(std::in_place_type<WireTrade>));
    if (!read_trade(fields, trade)) return json::Step::kStop;
    is_of_wish_ = is_named(reader_, values_[kProduct], wish.symbol);
    if (!is_of_wish_) return json::Step::kStop;
    is_ordered_ = trade.id.is_number() && trade.id.number() < lowest_;
    if (!is_ordered_) return json::Step::kStop;
    trade.symbol = wish.symbol;
    lowest_ = trade.id.number();
    lowest_time_ = trade.ts_event;
    ++rows_;
    return json::Step::kNext;
  }

  bool read_trade(FieldReader& fields, WireTrade& trade) {
    trade.flags.set(Flag::kBackfill);
    return fields.id(values_[kTradeId], "trade_id", trade.id) &&
           fields.price(values_[kPrice], "price", trade.price) &&
           fields.size(values_[kSize], "size", trade.size) &&
           fields.rfc3339(values_[kTime], "time", trade.ts_event) &&
           read_side(fields, values_[kSide], trade.side);
  }

  // The venue asks by whole seconds, so a page ends within one and the next begins in it: what of
  // that second is there twice is a duplicate.
  [[nodiscard]] HistoryPage page_of(const HistoryWish& wish) const {
    // The neighbours are of the time that was asked for: where not even they are there, the answer
    // says nothing of what is between them.
    if (rows_ == 0) return {};
    HistoryPage page = descending_page(wish, rows_, lowest_);
    if (lowest_ > wish.last_id) {
      // It was full before it came to the wish. A second that has more trades than a page shows
      // nothing that is older, and says nothing of it.
      page = {.rows = rows_};
      if (second_of(lowest_time_) < second_of(wish.to_time)) page.rest = wish;
    }
    // A page that lies of its times makes the wish no other.
    const auto [from, to] = std::minmax(wish.from_time, wish.to_time);
    if (page.rest) page.rest->to_time = std::clamp(lowest_time_, from, to);
    return page;
  }

  json::Reader reader_;
  RowValues<kColumns> values_;
  std::size_t rows_ = 0;
  bool has_list_ = false;
  bool is_ordered_ = true;
  bool is_of_wish_ = true;
  std::uint64_t lowest_ = 0;
  EventTime lowest_time_{};
};

}  // namespace

// The seconds in which the neighbours are, both included.
std::string history_target(const HistoryWish& wish, RecvTime /*now*/) {
  return fmt::format("/products/{}/ticker?limit={}&start={}&end={}", wish.symbol,
                     kHistoryFacts.rows_max, second_of(wish.from_time),
                     second_of(wish.to_time) + 1);
}

bool has_history_of(Channel channel) { return channel == Channel::kTrades; }

std::unique_ptr<HistoryParser> make_history_parser() { return std::make_unique<Parser>(); }

}  // namespace tapeline::venue::coinbase_advanced
