// SPDX-License-Identifier: Apache-2.0
// The fast CSV parser against a slow and obvious one. The first byte chooses time unit and header
// (two fixed ones, or the next line), each further line is a row.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/padding.h"
#include "decode/csv_row.h"
#include "reference/csv_reference.h"
#include "venue/venue.h"

namespace {

using tapeline::TimeUnit;

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

void compare(bool good, const tapeline::decode::CsvRow& fast,
             const tapeline::reference::CsvAnswer& slow) {
  TAPELINE_CHECK(good == !slow.reason, "one refuses the row");
  if (!good) {
    TAPELINE_CHECK(fast.reject.reason == *slow.reason, "the same reason");
    TAPELINE_CHECK(fast.reject.detail == slow.detail, "the same detail");
    return;
  }
  const tapeline::venue::WireTrade& trade = fast.trade;
  tapeline::Flags flags;
  if (!slow.has_size) flags.set(tapeline::Flag::kNoSize);
  TAPELINE_CHECK(trade.symbol == slow.symbol, "symbol");
  TAPELINE_CHECK(trade.has_id == slow.has_id && trade.id == slow.id, "trade_id");
  TAPELINE_CHECK(trade.ts_event == slow.ts_event, "ts_event");
  TAPELINE_CHECK(trade.price == slow.price, "price");
  TAPELINE_CHECK(trade.size == slow.size && trade.flags == flags, "size");
  TAPELINE_CHECK(trade.side == slow.side, "side");
  TAPELINE_CHECK(fast.venue == slow.venue, "venue");
  TAPELINE_CHECK(fast.ts_recv == slow.ts_recv, "ts_recv");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto unit = static_cast<TimeUnit>(data[0] % 5);
  std::string_view header = "symbol,trade_id,ts_event,price,size,side";
  if (data[0] / 5 % 3 == 1) header = "ts_recv,side,venue,size,x,price,ts_event,trade_id,symbol";
  if (data[0] / 5 % 3 == 2) header = take_line(text);
  const auto layout = tapeline::decode::parse_csv_header(header, unit);
  if (!layout) return 0;

  tapeline::decode::CsvRowParser parser(*layout);
  tapeline::decode::CsvRow row;
  while (!text.empty()) {
    // A copy with the promised padding and not a byte more; what follows looks like a row.
    const std::string_view line = take_line(text);
    const auto padded = std::make_unique<char[]>(line.size() + tapeline::kReadPadding);
    line.copy(padded.get(), line.size());
    for (std::size_t i = 0; i < tapeline::kReadPadding; ++i) {
      padded[line.size() + i] = "0,\".9-"[(i + line.size()) % 6];
    }
    const bool good = parser.parse({padded.get(), line.size()}, row);
    compare(good, row, tapeline::reference::read_row(line, *layout));
  }
  return 0;
}
