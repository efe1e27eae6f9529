// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "app/option_table.h"
#include "app/values/values.h"
#include "model/asset.h"

namespace tapeline::app {
namespace {

// One that another command has too.
OptionRow same_as(std::span<const OptionRow> rows, std::string_view name) {
  return *std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.name == name; });
}

std::string take_asset(std::string_view text, std::string& to) {
  if (text.empty()) return "needs the name of an asset, like BTC";
  to = canonical_asset(text);
  return {};
}

constexpr OptionRow kListVenueRow{.name = "--venue",
                                  .short_name = {},
                                  .placeholder = "VENUE",
                                  .help = "only of this venue",
                                  .take = [](std::string_view t, OptionContext c) {
                                    auto venue = values::read_venue(t, c.venues);
                                    if (!venue) return std::move(venue.error());
                                    c.settings.listings.venue = std::move(*venue);
                                    return std::string();
                                  }};

constexpr OptionRow kBaseRow{.name = "--base",
                             .short_name = {},
                             .placeholder = "ASSET",
                             .help = "only markets of this asset, at every venue: BTC",
                             .take = [](std::string_view t, OptionContext c) {
                               return take_asset(t, c.settings.listings.base);
                             }};

constexpr OptionRow kQuoteRow{.name = "--quote",
                              .short_name = {},
                              .placeholder = "ASSET",
                              .help = "only those priced in this asset; USD is not USDT",
                              .take = [](std::string_view t, OptionContext c) {
                                return take_asset(t, c.settings.listings.quote);
                              }};

constexpr OptionRow kKnownAtRow{
    .name = "--as-of",
    .short_name = {},
    .placeholder = "TIME",
    .help = "what was known then, by when the lists were received (default: now)",
    .take = [](std::string_view t, OptionContext c) {
      const auto time = values::read_time(t, c.settings.replay.time_format);
      if (!time) return time.error();
      c.settings.listings.as_of = RecvTime(time->unix_ns());
      return std::string();
    }};

constexpr OptionRow kAllRow{.name = "--history",
                            .short_name = {},
                            .placeholder = {},
                            .help = "everything that was known by then, not the last of each alone",
                            .take = [](std::string_view /*text*/, OptionContext c) {
                              c.settings.listings.is_history = true;
                              return std::string();
                            }};

}  // namespace

std::span<const OptionRow> instruments_options() {
  static const std::array kRows{kListVenueRow,
                                kBaseRow,
                                kQuoteRow,
                                same_as(rows_options(), "--time"),
                                kKnownAtRow,
                                kAllRow,
                                same_as(sql_options(), "--format"),
                                same_as(sql_options(), "--limit")};
  return kRows;
}

}  // namespace tapeline::app
