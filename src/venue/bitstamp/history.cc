// SPDX-License-Identifier: Apache-2.0
#include "venue/bitstamp/history.h"

#include <fmt/format.h>

#include "venue/history_rows.h"

namespace tapeline::venue::bitstamp {
namespace {

enum Column : std::size_t { kDate, kId, kPrice, kAmount, kType, kColumns };
constexpr std::array<std::string_view, kColumns> kNames{"date", "tid", "price", "amount", "type"};

// [{"date":"1641343721","tid":"216000501","price":"3800.74","amount":"7.5","type":"1"}]; in which
// order is not documented.
constexpr const char* kHour = "hour";
constexpr std::size_t kRowsOfQuietMinute = 80;

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
    HistoryPage page;
    FieldReader fields(reader_, Channel::kTrades);
    const json::Step step = reader_.walk_array([&](json::ondemand::value& row) {
      const json::Step read = read_row(reader_, row, kNames, values_);
      if (read != json::Step::kNext) return read;
      WireTrade& trade = std::get<WireTrade>(items.emplace_back(std::in_place_type<WireTrade>));
      trade.symbol = wish.symbol;
      ++page.rows;
      return read_trade(fields, trade) ? json::Step::kNext : json::Step::kStop;
    });
    if (step == json::Step::kBad) return no_page("it is no array of objects");
    if (step == json::Step::kStop) return no_page(fields.reject());
    if (wish.cursor == kNewest && page.rows <= kRowsOfQuietMinute) {
      page.rest = wish;
      page.rest->cursor = kHour;
    }
    return page;
  }

  // The stream has microseconds, this only whole seconds.
  bool read_trade(FieldReader& fields, WireTrade& trade) {
    constexpr std::uint64_t kSecondsMax = 9'000'000'000;
    std::uint64_t seconds = 0;
    std::uint64_t type = 0;
    if (!fields.count(values_[kDate], "date", seconds) ||
        !fields.id(values_[kId], "tid", trade.id) ||
        !fields.price(values_[kPrice], "price", trade.price) ||
        !fields.size(values_[kAmount], "amount", trade.size) ||
        !fields.count(values_[kType], "type", type)) {
      return false;
    }
    if (seconds > kSecondsMax) return fields.refuse(RejectReason::kBadTime, "date");
    if (type > 1) return fields.refuse(RejectReason::kBadField, "type");
    trade.ts_event = EventTime(static_cast<std::int64_t>(seconds) * 1'000'000'000);
    trade.side = type == 0 ? Side::kBuy : Side::kSell;
    trade.flags.set(Flag::kBackfill);
    trade.flags.set(Flag::kCoarseTime);
    return true;
  }

  json::Reader reader_;
  RowValues<kColumns> values_;
};

}  // namespace

// As little as reaches back to where the wish begins. An answer has no pages: of the newest the
// last minute comes first, and then the hour where that is not too much.
std::string history_target(const HistoryWish& wish, RecvTime now) {
  const Duration age(now.unix_ns() - wish.from_time.unix_ns());
  // An answer takes its time too.
  constexpr Duration kSlack = std::chrono::seconds(10);
  const char* span = wish.cursor == kNewest                   ? "minute"
                     : !wish.cursor.empty()                   ? kHour
                     : age + kSlack < std::chrono::minutes(1) ? "minute"
                     : age + kSlack < std::chrono::hours(1)   ? "hour"
                                                              : "day";
  return fmt::format("/transactions/{}/?time={}", wish.symbol, span);
}

bool has_history_of(Channel channel) { return channel == Channel::kTrades; }

std::unique_ptr<HistoryParser> make_history_parser() { return std::make_unique<Parser>(); }

}  // namespace tapeline::venue::bitstamp
