// SPDX-License-Identifier: Apache-2.0
#include "venue/kraken/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "venue/history_rows.h"
#include "venue/kraken/symbol.h"
#include "venue/session.h"

namespace tapeline::venue::kraken {
namespace {

constexpr std::int64_t kNsPerUs = 1'000;

enum Column : std::size_t { kPrice, kVolume, kTime, kSide, kOrderType, kMisc, kTradeId, kColumns };

// {"error":[],"result":{"XXBTZUSD":[["30243.4","0.34",1688669597.8277369,"b","m","",61044952]],
// "last":"1688671969993150842"}}, the oldest first.
class PageParser final : public HistoryParser {
 public:
  Result<HistoryPage> parse(const HistoryWish& wish, std::string_view body, Items& items) override {
    const std::size_t before = items.size();
    auto page = read(wish, body, items);
    if (!page) items.resize(before);
    return page;
  }

 private:
  Result<HistoryPage> read(const HistoryWish& wish, std::string_view body, Items& items) {
    if (!reader_.open(body)) return no_page("it is no object");
    last_ = error_ = json::Value();
    rows_ = 0;
    highest_ = 0;
    has_list_ = is_ordered_ = false;
    is_of_pair_ = true;
    FieldReader fields(reader_, Channel::kTrades);
    const json::Step step = reader_.walk([&](std::string_view key, json::ondemand::value& value) {
      if (key == "error") return read_errors(value);
      if (key != "result" || json::Reader::first_of(value) != '{') return reader_.skip(value);
      return reader_.walk(value, [&](std::string_view name, json::ondemand::value& inner) {
        if (name == "last") return reader_.take(inner, last_);
        is_of_pair_ = is_key_of(name, wish.symbol);
        return is_of_pair_ ? read_rows(inner, wish, fields, items) : json::Step::kStop;
      });
    });
    if (step == json::Step::kBad) return no_page("it is no object with rows");
    std::string_view error;
    if (reader_.string_of(error_, error)) return refused(error);
    if (!is_of_pair_) return no_page("its trades are of another pair");
    if (step == json::Step::kStop && !is_ordered_) return no_page("its ids are not the next newer");
    if (step == json::Step::kStop) return no_page(fields.reject());
    if (!has_list_) return no_page("it has no rows of a pair");
    return page_of(wish);
  }

  static tl::unexpected<Error> refused(std::string_view error) {
    const bool is_wrong = has_any_word(error, {"unknown asset pair", "invalid arguments"});
    return fail(Fault::kTheirs, "refused: " + std::string(cut_error_text(error)),
                is_wrong ? Retry::kNever : Retry::kAfterBackoff);
  }

  // Where the venue left off is where the next page begins.
  Result<HistoryPage> page_of(const HistoryWish& wish) {
    HistoryPage page = ascending_page(wish, rows_, highest_);
    if (wish.cursor == kNewest) return HistoryPage{.rows = rows_};
    const bool is_by_time = ids_of(wish) == 0;
    const bool is_left = is_by_time ? latest_ < wish.to_time : highest_ < wish.last_id;
    if (rows_ == 0 || !is_left) return page;
    std::string_view last;
    if (!reader_.string_of(last_, last)) last = last_.text();
    const auto cursor = parse_count(last);
    if (!cursor || cursor <= parse_count(wish.cursor))
      return no_page("it does not say how to go on");
    if (is_by_time || highest_ < wish.first_id) page = {.rows = rows_, .rest = wish};
    page.rest->cursor = last;
    return page;
  }

  json::Step read_errors(json::ondemand::value& value) {
    return reader_.walk_array(
        value, [this](json::ondemand::value& error) { return reader_.take(error, error_); });
  }

  json::Step read_rows(json::ondemand::value& value, const HistoryWish& wish, FieldReader& fields,
                       Items& items) {
    if (has_list_) return json::Step::kBad;  // of whom are they?
    has_list_ = true;
    return reader_.walk_array(value, [&](json::ondemand::value& row) {
      std::size_t column = 0;
      values_.fill({});
      const json::Step step = reader_.walk_array(row, [&](json::ondemand::value& cell) {
        json::Value ignored;
        return reader_.take(cell, column < kColumns ? values_[column++] : ignored);
      });
      if (step != json::Step::kNext) return step;
      auto& trade = std::get<WireTrade>(items.emplace_back(std::in_place_type<WireTrade>));
      trade.symbol = wish.symbol;
      trade.flags.set(Flag::kBackfill);
      is_ordered_ = true;
      if (!read_trade(fields, trade)) return json::Step::kStop;
      is_ordered_ = trade.id.is_number() && trade.id.number() > highest_;
      if (!is_ordered_) return json::Step::kStop;
      highest_ = trade.id.number();
      latest_ = trade.ts_event;
      ++rows_;
      return json::Step::kNext;
    });
  }

  bool read_trade(FieldReader& fields, WireTrade& trade) {
    std::string_view side;
    if (!fields.id(values_[kTradeId], "trade_id", trade.id) ||
        !fields.price(values_[kPrice], "price", trade.price) ||
        !fields.size(values_[kVolume], "volume", trade.size) ||
        !fields.string(values_[kSide], "side", side)) {
      return false;
    }
    const auto time = parse_row_time(values_[kTime].text());
    if (!time) return fields.refuse(RejectReason::kBadTime, "time");
    trade.ts_event = *time;
    trade.side = side == "b" ? Side::kBuy : Side::kSell;
    return side == "b" || side == "s" || fields.refuse(RejectReason::kBadField, "side");
  }

  json::Reader reader_;
  RowValues<kColumns> values_;
  json::Value last_;
  json::Value error_;
  std::size_t rows_ = 0;
  std::uint64_t highest_ = 0;
  EventTime latest_;
  bool has_list_ = false;
  bool is_ordered_ = false;
  bool is_of_pair_ = true;
};

}  // namespace

std::optional<EventTime> parse_row_time(std::string_view number) {
  const auto seconds = parse_decimal(number);
  if (!seconds || seconds->mantissa < 0) return std::nullopt;
  const Int128 ns = seconds->at_scale_18() / 1'000'000'000;
  const Int128 rounded = (ns + kNsPerUs / 2) / kNsPerUs * kNsPerUs;
  if (rounded > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return EventTime(static_cast<std::int64_t>(rounded));
}

// `since` leaves out the time itself; what is wished may be as old as its neighbour, whose time
// was rounded. Without it come the newest; how far before these the next page would have to begin,
// nobody knows.
std::string history_target(const HistoryWish& wish, RecvTime /*now*/) {
  std::string pair = rest_name(wish.symbol);
  std::erase(pair, '/');
  if (wish.cursor == kNewest) {
    return fmt::format("/0/public/Trades?pair={}&count={}", pair, kHistoryFacts.rows_max);
  }
  const std::string since =
      wish.cursor.empty()
          ? std::to_string(std::max<std::int64_t>(wish.from_time.unix_ns() - 2 * kNsPerUs, 0))
          : wish.cursor;
  return fmt::format("/0/public/Trades?pair={}&since={}&count={}", pair, since,
                     kHistoryFacts.rows_max);
}

bool has_history_of(Channel channel) { return channel == Channel::kTrades; }

std::unique_ptr<HistoryParser> make_history_parser() { return std::make_unique<PageParser>(); }

}  // namespace tapeline::venue::kraken
