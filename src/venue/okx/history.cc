// SPDX-License-Identifier: Apache-2.0
#include "venue/okx/history.h"

#include <fmt/format.h>

#include <algorithm>

#include "venue/history_rows.h"
#include "venue/session.h"

namespace tapeline::venue::okx {
namespace {

enum Column : std::size_t { kTradeId, kPrice, kSize, kSide, kTime, kSymbol, kColumns };
constexpr std::array<std::string_view, kColumns> kNames{"tradeId", "px", "sz",
                                                        "side",    "ts", "instId"};

// {"code":"0","msg":"","data":[{"instId":"BTC-USDT","side":"sell","sz":"0.1","px":"9.5",
// "tradeId":"734864333","ts":"1747087163557"}]}, the newest first. Each row is one fill.
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
    code_ = message_ = json::Value();
    const bool is_by_time = ids_of(wish) == 0;
    below_ = is_by_time ? cursor_id(wish) : wish.last_id + 1;
    rows_ = 0;
    has_data_ = false;
    is_ordered_ = is_of_wish_ = true;
    FieldReader fields(reader_, Channel::kTrades);
    const json::Step step = reader_.walk([&](std::string_view key, json::ondemand::value& value) {
      if (key == "data" && !has_data_) return read_rows(value, wish, fields, items);
      return reader_.take(value, key == "code" ? code_ : key == "msg" ? message_ : other_);
    });
    if (step == json::Step::kBad) return no_page("it is no object with rows");
    if (!is_of_wish_) return no_page("its trades are of another instrument");
    if (!is_ordered_) return no_page("its ids are not the next older ones");
    if (step == json::Step::kStop) return no_page(fields.reject());
    std::string_view code;
    if (!reader_.string_of(code_, code)) return no_page("it has no code");
    if (code != "0") return refused(code);
    if (!has_data_) return no_page("it has no data");
    return is_by_time ? older_page(wish, rows_, below_, lowest_time_)
                      : descending_page(wish, rows_, below_);
  }

  tl::unexpected<Error> refused(std::string_view code) {
    std::string_view message;
    if (!reader_.string_of(message_, message)) message = {};
    // Of an instrument that is none, or of a parameter.
    const bool is_wrong = code.starts_with("51");
    return fail(Fault::kTheirs,
                fmt::format("refused: {} (code {})", cut_error_text(message), cut_error_text(code)),
                is_wrong ? Retry::kNever : Retry::kAfterBackoff);
  }

  json::Step read_rows(json::ondemand::value& value, const HistoryWish& wish, FieldReader& fields,
                       Items& items) {
    has_data_ = true;
    return reader_.walk_array(value, [&](json::ondemand::value& row) {
      const json::Step read = read_row(reader_, row, kNames, values_);
      if (read != json::Step::kNext) return read;
      auto& trade = std::get<WireTrade>(items.emplace_back(std::in_place_type<WireTrade>));
      trade.symbol = wish.symbol;
      trade.flags.set(Flag::kBackfill);
      if (!read_trade(fields, trade)) return json::Step::kStop;
      is_of_wish_ = is_named(reader_, values_[kSymbol], wish.symbol);
      if (!is_of_wish_) return json::Step::kStop;
      is_ordered_ = trade.id.is_number() && trade.id.number() < below_;
      if (!is_ordered_) return json::Step::kStop;
      below_ = trade.id.number();
      lowest_time_ = trade.ts_event;
      ++rows_;
      return json::Step::kNext;
    });
  }

  bool read_trade(FieldReader& fields, WireTrade& trade) {
    std::string_view side;
    if (!fields.id(values_[kTradeId], "tradeId", trade.id) ||
        !fields.price(values_[kPrice], "px", trade.price) ||
        !fields.size(values_[kSize], "sz", trade.size) ||
        !fields.epoch_text(values_[kTime], "ts", trade.ts_event) ||
        !fields.string(values_[kSide], "side", side)) {
      return false;
    }
    trade.side = side == "buy" ? Side::kBuy : Side::kSell;
    return side == "buy" || side == "sell" || fields.refuse(RejectReason::kBadField, "side");
  }

  json::Reader reader_;
  RowValues<kColumns> values_;
  json::Value code_;
  json::Value message_;
  json::Value other_;
  std::uint64_t below_ = 0;
  EventTime lowest_time_;
  std::size_t rows_ = 0;
  bool has_data_ = false;
  bool is_ordered_ = true;
  bool is_of_wish_ = true;
};

}  // namespace

// Type 1: `after` is an id, and what is older is meant; without it, the newest.
std::string history_target(const HistoryWish& wish, RecvTime /*now*/) {
  if (ids_of(wish) == 0) {
    const bool is_first = cursor_id(wish) == UINT64_MAX;
    return fmt::format("/api/v5/market/history-trades?instId={}&type=1{}&limit={}", wish.symbol,
                       is_first ? "" : "&after=" + wish.cursor, kHistoryFacts.rows_max);
  }
  const std::uint64_t limit = std::clamp<std::uint64_t>(ids_of(wish), 1, kHistoryFacts.rows_max);
  return fmt::format("/api/v5/market/history-trades?instId={}&type=1&after={}&limit={}",
                     wish.symbol, wish.last_id + 1, limit);
}

bool has_history_of(Channel channel) { return channel == Channel::kTrades; }

std::unique_ptr<HistoryParser> make_history_parser() { return std::make_unique<PageParser>(); }

}  // namespace tapeline::venue::okx
