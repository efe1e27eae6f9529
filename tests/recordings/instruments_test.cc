// SPDX-License-Identifier: Apache-2.0
// Instrument lists that real venues gave, against what a plain search of their text finds.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include "base/decimal.h"
#include "decode/venue_table.h"
#include "shared_data.h"

namespace tapeline {
namespace {

class RealLists : public SharedData {
 protected:
  // The body of the only answer in the recording.
  static std::string list_in(const std::string& name) {
    const std::string text = read_whole(data() / "ws_recordings" / "cryptofeed" / name);
    const std::size_t arrow = text.find(" -> ");
    const std::size_t begin = text.find(": ", arrow + 4) + 2;
    return text.substr(begin, text.find('\n', begin) - begin);
  }
  static venue::InstrumentList read(std::string_view venue, const std::string& text) {
    return decode::venue_table()[*decode::find_venue(venue)]->parse_instruments(text).value();
  }
  // What stands behind `"key":` in the row, without quotes.
  static std::string value_of(std::string_view row, std::string_view key) {
    const std::string mark = "\"" + std::string(key) + "\":";
    std::size_t begin = row.find(mark);
    if (begin == std::string_view::npos) return "";
    begin += mark.size();
    if (row[begin] == '"') ++begin;
    return std::string(row.substr(begin, row.find_first_of("\",}", begin) - begin));
  }
  // The rows by one of their texts; each begins with `front`.
  static std::map<std::string, std::string> rows_of(const std::string& text, std::string_view front,
                                                    std::string_view key) {
    std::map<std::string, std::string> rows;
    for (std::size_t at = text.find(front); at != std::string::npos;) {
      const std::size_t next = text.find(front, at + 1);
      const std::string row = text.substr(at, next - at);
      if (const std::string name = value_of(row, key); !name.empty()) rows[name] = row;
      at = next;
    }
    return rows;
  }
};

TEST_F(RealLists, of_coinbase_is_read_whole_and_exactly) {
  const std::string text = list_in("COINBASE.0.zst");
  const auto list = read("coinbase", text);
  const auto rows = rows_of(text, R"({"id":")", "id");
  ASSERT_GT(rows.size(), 150U);
  ASSERT_EQ(list.rows.size(), rows.size());
  for (const auto& [listing, is_unreadable] : list.rows) {
    const std::string& row = rows.at(listing.symbol);
    EXPECT_FALSE(is_unreadable);
    EXPECT_EQ(listing.base, value_of(row, "base_currency"));
    EXPECT_EQ(listing.quote, value_of(row, "quote_currency"));
    EXPECT_EQ(listing.tick_size, parse_decimal(value_of(row, "quote_increment")));
    EXPECT_EQ(listing.lot_size, parse_decimal(value_of(row, "base_increment")));
    EXPECT_EQ(listing.min_size, parse_decimal(value_of(row, "base_min_size")));
    EXPECT_EQ(listing.min_notional, parse_decimal(value_of(row, "min_market_funds")));
    const bool is_free = value_of(row, "status") == "online" &&
                         row.find(R"(_only":true)") == std::string::npos &&
                         value_of(row, "trading_disabled") == "false";
    EXPECT_EQ(listing.status == ListingStatus::kTrading, is_free) << row;
    EXPECT_NE(listing.status, ListingStatus::kUnknown) << row;
  }
}

TEST_F(RealLists, of_kraken_is_read_but_for_what_is_not_streamed) {
  const std::string text = list_in("KRAKEN.0.zst");
  const auto list = read("kraken", text);
  const auto rows = rows_of(text, R"({"altname":")", "wsname");
  ASSERT_GT(rows.size(), 250U);
  ASSERT_EQ(list.rows.size(), rows.size());
  std::map<std::string, const Listing*> by_symbol;
  for (const auto& row : list.rows) {
    EXPECT_FALSE(row.is_unreadable);
    by_symbol[row.listing.symbol] = &row.listing;
  }
  for (const auto& [name, row] : rows) {
    const std::string symbol = std::string(name).erase(name.find('\\'), 1);  // BTC\/USD
    if (symbol.find("XBT") != std::string::npos || symbol.find("XDG") != std::string::npos)
      continue;
    ASSERT_EQ(by_symbol.count(symbol), 1U) << symbol;
    const Listing& listing = *by_symbol[symbol];
    const auto step = [&row = row](const char* key) {
      return Decimal{1, static_cast<std::uint8_t>(std::stoi(value_of(row, key)))};
    };
    EXPECT_EQ(listing.tick_size, step("pair_decimals")) << symbol;
    EXPECT_EQ(listing.lot_size, step("lot_decimals")) << symbol;
    EXPECT_EQ(listing.min_size, parse_decimal(value_of(row, "ordermin"))) << symbol;
  }
}

}  // namespace
}  // namespace tapeline
