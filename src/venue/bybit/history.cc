// SPDX-License-Identifier: Apache-2.0
#include "venue/bybit/history.h"

#include <fmt/format.h>

#include "venue/history_rows.h"
#include "venue/session.h"

namespace tapeline::venue::bybit {
namespace {

enum Column : std::size_t { kId, kSymbol, kPrice, kSize, kSide, kTime, kSequence, kColumns };
constexpr std::array<std::string_view, kColumns> kNames{"execId", "symbol", "price", "size",
                                                        "side",   "time",   "seq"};

// {"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[{"execId":"2100000000007764263",
// "symbol":"BTCUSDT","price":"16618.49","size":"0.00012","side":"Buy","time":"1672052955758",
// "isBlockTrade":false,"seq":"79"}]}}, the newest first.
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
    code_ = message_ = category_ = json::Value();
    rows_ = 0;
    earliest_ = kEventTimeMax;
    has_list_ = false;
    is_of_wish_ = true;
    FieldReader fields(reader_, Channel::kTrades);
    const json::Step step = reader_.walk([&](std::string_view key, json::ondemand::value& value) {
      if (key == "retCode") return reader_.take(value, code_);
      if (key == "retMsg") return reader_.take(value, message_);
      if (key != "result" || json::Reader::first_of(value) != '{') return reader_.skip(value);
      return reader_.walk(value, [&](std::string_view name, json::ondemand::value& inner) {
        if (name == "category") return reader_.take(inner, category_);
        if (name != "list" || has_list_) return reader_.skip(inner);
        return read_rows(inner, wish, fields, items);
      });
    });
    if (step == json::Step::kBad) return no_page("it is no object with rows");
    if (!is_of_wish_) return no_page("its trades are of another symbol or not the newest first");
    if (step == json::Step::kStop) return no_page(fields.reject());
    if (code_.is_absent()) return no_page("it has no retCode");
    if (code_.text() != "0") return refused();
    if (!has_list_) return no_page("it has no list");
    if (!is_named(reader_, category_, "spot")) return no_page("its trades are of another category");
    // There is no next page: what these rows do not hold, nobody can ask for.
    return HistoryPage{.rows = rows_};
  }

  tl::unexpected<Error> refused() {
    std::string_view message;
    if (!reader_.string_of(message_, message)) message = {};
    // Of a parameter: the symbol is none, or of another category.
    const bool is_wrong = code_.text() == "10001";
    return fail(
        Fault::kTheirs,
        fmt::format("refused: {} (code {})", cut_error_text(message), cut_error_text(code_.text())),
        is_wrong ? Retry::kNever : Retry::kAfterBackoff);
  }

  json::Step read_rows(json::ondemand::value& value, const HistoryWish& wish, FieldReader& fields,
                       Items& items) {
    has_list_ = true;
    return reader_.walk_array(value, [&](json::ondemand::value& row) {
      const json::Step read = read_row(reader_, row, kNames, values_);
      if (read != json::Step::kNext) return read;
      auto& trade = std::get<WireTrade>(items.emplace_back(std::in_place_type<WireTrade>));
      trade.flags.set(Flag::kBackfill);
      if (!read_trade(fields, trade)) return json::Step::kStop;
      is_of_wish_ = trade.symbol == wish.symbol && trade.ts_event <= earliest_;
      if (!is_of_wish_) return json::Step::kStop;
      earliest_ = trade.ts_event;
      ++rows_;
      return json::Step::kNext;
    });
  }

  bool read_trade(FieldReader& fields, WireTrade& trade) {
    std::string_view side;
    const bool has_sequence = !values_[kSequence].is_absent();
    if (!fields.symbol(values_[kSymbol], "symbol", trade.symbol) ||
        !fields.id(values_[kId], "execId", trade.id) ||
        !fields.price(values_[kPrice], "price", trade.price) ||
        !fields.size(values_[kSize], "size", trade.size) ||
        !fields.epoch_text(values_[kTime], "time", trade.ts_event) ||
        !fields.string(values_[kSide], "side", side) ||
        (has_sequence && !fields.count(values_[kSequence], "seq", trade.order))) {
      return false;
    }
    trade.side = side == "Buy" ? Side::kBuy : Side::kSell;
    return side == "Buy" || side == "Sell" || fields.refuse(RejectReason::kBadField, "side");
  }

  json::Reader reader_;
  RowValues<kColumns> values_;
  json::Value code_;
  json::Value message_;
  json::Value category_;
  std::size_t rows_ = 0;
  EventTime earliest_;
  bool has_list_ = false;
  bool is_of_wish_ = true;
};

}  // namespace

std::string history_target(const HistoryWish& wish, RecvTime /*now*/) {
  return fmt::format("/v5/market/recent-trade?category=spot&symbol={}&limit={}", wish.symbol,
                     kHistoryFacts.rows_max);
}

bool has_history_of(Channel channel) { return channel == Channel::kTrades; }

std::unique_ptr<HistoryParser> make_history_parser() { return std::make_unique<PageParser>(); }

}  // namespace tapeline::venue::bybit
