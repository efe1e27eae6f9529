// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/listing.h"

namespace tapeline::venue {

// A venue's instrument list, in its order.
struct InstrumentList {
  struct Row {
    Listing listing{};
    bool is_unreadable = false;  // something of it is malformed, and left empty
  };

  std::vector<Row> rows{};
  bool is_whole = true;  // else there is more of it: what is not here may be there
};

// What a row says of its names. Views live for the call.
struct InstrumentRow {
  std::string_view symbol;
  std::string_view base;
  std::string_view quote;
};

// What a word of a venue means.
struct StatusWord {
  std::string_view word;
  ListingStatus status;
};

// Under which names a list says what it says. Names of fields within others are joined by dots, as
// "result.list"; a step into an array names the element whose "filterType" it is.
struct InstrumentFields {
  std::string_view list = {};  // leads to the array; empty: the document is the array
  bool is_object = false;      // no array, but an object whose fields' values are the rows
  std::string_view more =
      {};  // true, or a text that is not empty, where the list goes on elsewhere
  std::string_view symbol = {};
  bool skips_unnamed = false;  // rows without a symbol are not meant
  std::string_view base = {};  // empty: not there
  std::string_view quote = {};
  // Sets symbol, canonical name and assets.
  void (*name)(const InstrumentRow& row, Listing& out) = nullptr;

  // What may be missing from a row; empty: not there.
  std::string_view tick = {};         // a number, or one with a word behind it: "10.0 USD"
  std::string_view tick_places = {};  // how many decimal places, where there is no tick
  std::string_view lot = {};
  std::string_view lot_places = {};
  std::string_view min_size = {};
  std::string_view min_notional = {};
  std::string_view status = {};
  std::span<const StatusWord> words = {};
  std::span<const StatusWord> flags = {};  // what is true of it, although it trades; the first
};

// Of names BASE-QUOTE: which are symbol and canonical name in one.
void name_of_pair(const InstrumentRow& row, Listing& out);
// Where the list says the assets and the symbol alone does not: BTCUSDT of BTC and USDT.
void name_of_parts(const InstrumentRow& row, Listing& out);
// The assets of a name BASE-QUOTE.
void set_assets(std::string_view canonical, Listing& out);

inline constexpr std::size_t kListedMax = 200'000;  // rows of a list

// A row that lacks symbol, base or quote, or whose symbol is none, spoils all of it: then the Error
// says `complaint`. Of the same symbol the first row counts. Rare, so it copies the text.
[[nodiscard]] Result<InstrumentList> read_instruments(std::string_view text,
                                                      const InstrumentFields& fields,
                                                      std::string_view complaint);

}  // namespace tapeline::venue
