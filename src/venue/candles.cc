// SPDX-License-Identifier: Apache-2.0
#include "venue/candles.h"

#include <algorithm>
#include <limits>

#include "venue/history_rows.h"

namespace tapeline::venue {
namespace {

using Cells = RowValues<kCandleCells>;

// More than any venue gives at once.
constexpr std::size_t kRowsMax = 5'000;

tl::unexpected<Error> no_candles(const std::string& why) {
  return fail(Fault::kTheirs, "the answer is no page of candles: " + why, Retry::kAfterBackoff);
}

class PageReader {
 public:
  explicit PageReader(const CandleFormat& format) : format_(format) {}

  Result<std::vector<WireCandle>> read(std::string_view body) {
    const json::Step step = format_.path[0].empty() ? read_root_list(body) : read_object(body);
    if (step == json::Step::kStop) return no_candles(why_);
    if (step == json::Step::kBad || !has_list_) return no_candles("it has no list of rows");
    if (candles_.size() > 1 && candles_[0].start > candles_[1].start) {
      std::reverse(candles_.begin(), candles_.end());
    }
    const auto is_not_after = [](const WireCandle& a, const WireCandle& b) {
      return a.start >= b.start;
    };
    if (std::adjacent_find(candles_.begin(), candles_.end(), is_not_after) != candles_.end()) {
      return no_candles("its rows are in no order");
    }
    return std::move(candles_);
  }

 private:
  json::Step read_root_list(std::string_view body) {
    if (!reader_.open_array(body)) return json::Step::kBad;
    has_list_ = true;
    return reader_.walk_array([this](json::ondemand::value& row) { return read_row(row); });
  }

  json::Step read_object(std::string_view body) {
    if (!reader_.open(body)) return json::Step::kBad;
    return reader_.walk([this](std::string_view key, json::ondemand::value& value) {
      return read_field(key, value, 0);
    });
  }

  json::Step read_field(std::string_view key, json::ondemand::value& value, std::size_t depth) {
    const bool is_last = depth + 1 == format_.path.size() || format_.path[depth + 1].empty();
    const bool is_on_path = key == format_.path[depth] || format_.path[depth] == format_.kAnyKey;
    if (!is_on_path || json::Reader::first_of(value) != (is_last ? '[' : '{')) {
      return reader_.skip(value);
    }
    if (!is_last) {
      return reader_.walk(value, [&](std::string_view inner_key, json::ondemand::value& inner) {
        return read_field(inner_key, inner, depth + 1);
      });
    }
    if (has_list_) return json::Step::kBad;  // of whom are they?
    has_list_ = true;
    return reader_.walk_array(value, [this](json::ondemand::value& row) { return read_row(row); });
  }

  json::Step read_row(json::ondemand::value& row) {
    const bool is_object = json::Reader::first_of(row) == '{';
    const json::Step step =
        is_object ? venue::read_row(reader_, row, format_.names, cells_) : read_columns(row);
    if (step != json::Step::kNext) return step;
    if (candles_.size() == kRowsMax) return stop("it has too many rows");
    FieldReader fields(reader_, Channel::kCandles);
    WireCandle& candle = candles_.emplace_back();
    if (!read_candle(fields, candle)) {
      return stop(std::string(name_of(fields.reject().reason)) + " (" +
                  std::string(fields.reject().detail) + ")");
    }
    return json::Step::kNext;
  }

  json::Step read_columns(json::ondemand::value& row) {
    cells_.fill({});
    std::size_t column = 0;
    return reader_.walk_array(row, [&](json::ondemand::value& value) {
      const auto& columns = format_.columns;
      const auto at = std::find(columns.begin(), columns.end(), column++);
      if (at == columns.end()) return reader_.skip(value);
      return reader_.take(value, cells_[static_cast<std::size_t>(at - columns.begin())]);
    });
  }

  bool read_candle(FieldReader& fields, WireCandle& candle) {
    std::uint64_t time = 0;
    if (!fields.count(cells_[kCandleTime], "time", time) ||
        !fields.price(cells_[kCandleOpen], "open", candle.open) ||
        !fields.price(cells_[kCandleHigh], "high", candle.high) ||
        !fields.price(cells_[kCandleLow], "low", candle.low) ||
        !fields.price(cells_[kCandleClose], "close", candle.close) ||
        !fields.size(cells_[kCandleVolume], "volume", candle.volume)) {
      return false;
    }
    const auto unit_ns = static_cast<std::uint64_t>(format_.time_unit.count());
    const bool fits = time <= std::numeric_limits<std::int64_t>::max() / unit_ns;
    candle.start = EventTime(fits ? static_cast<std::int64_t>(time * unit_ns) : 0);
    if (!fits || candle.start.unix_ns() % kCandleInterval.count() != 0) {
      return fields.refuse(RejectReason::kBadTime, "time");
    }
    if (!is_possible(candle)) return fields.refuse(RejectReason::kBadPrice, "high and low");
    if (candle.volume.mantissa < 0) return fields.refuse(RejectReason::kNegativeSize, "volume");
    if (cells_[kCandleTrades].is_absent()) return true;
    return fields.count(cells_[kCandleTrades], "trades", candle.trades.emplace());
  }

  static bool is_possible(const WireCandle& candle) {
    const Int128 high = candle.high.at_scale_18();
    const Int128 low = candle.low.at_scale_18();
    const auto is_within = [&](Decimal price) {
      return price.at_scale_18() >= low && price.at_scale_18() <= high;
    };
    return is_within(candle.open) && is_within(candle.close);
  }

  json::Step stop(std::string why) {
    why_ = std::move(why);
    return json::Step::kStop;
  }

  const CandleFormat& format_;
  json::Reader reader_;
  Cells cells_;
  bool has_list_ = false;
  std::string why_;
  std::vector<WireCandle> candles_;
};

}  // namespace

Result<std::vector<WireCandle>> read_candles(const CandleFormat& format, std::string_view body) {
  return PageReader(format).read(body);
}

}  // namespace tapeline::venue
