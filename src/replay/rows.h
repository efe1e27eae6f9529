// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "metrics/counters.h"
#include "model/bar.h"
#include "model/coverage.h"
#include "model/trade.h"
#include "replay/options.h"

namespace tapeline::replay {

// The CSV tables of the command line: header lines, and rows appended without a line end. Decimals
// are exact text, empty means absent.

inline constexpr std::string_view kTradesHeader =
    "instrument,trade_id,ts_event,ts_recv,price,size,side,flags,conditions,counts";
inline constexpr std::string_view kQuotesHeader =
    "instrument,ts_event,ts_recv,bid_price,bid_size,ask_price,ask_size,flags";
inline constexpr std::string_view kBarsHeader =
    "instrument,interval,start,open,high,low,close,volume,buy_volume,notional,vwap,trades,first_id,"
    "last_id,state,quality,revision,cause";
inline constexpr std::string_view kGapsHeader =
    "instrument,channel,from_id,to_id,from_time,to_time,cause,state";
inline constexpr std::string_view kCoverageHeader =
    "instrument,channel,from_id,to_id,from_time,to_time";

// RFC 4180: as it is, in quotes with quotes doubled where it needs them.
void append_csv_text(std::string& out, std::string_view text);
void append_time(std::string& out, std::int64_t unix_ns, TimeFormat format);

void append_trade(std::string& out, std::string_view instrument, const Trade& trade,
                  TimeFormat times);
void append_quote(std::string& out, std::string_view instrument, const Quote& quote,
                  TimeFormat times);
// A sum that does not fit DECIMAL(38,18) stays empty and is counted in `unshown`.
void append_bar(std::string& out, std::string_view instrument, const BarRevision& bar,
                TimeFormat times, metrics::Cell& unshown);
void append_gap(std::string& out, std::string_view instrument, Channel channel, const IdGap& gap,
                TimeFormat times);
void append_run(std::string& out, std::string_view instrument, Channel channel, const IdRun& run,
                TimeFormat times);

}  // namespace tapeline::replay
