// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <variant>

#include "base/padding.h"
#include "venue/history.h"

namespace tapeline::venue {

// What a venue's history parser makes of an answer, one line per trade and one for the page; or the
// error's text. Behind the body stands what would complete many a cut one.
inline std::string describe_page(const HistoryFacts& facts, const HistoryWish& wish,
                                 std::string_view body) {
  std::string bytes(body);
  bytes.append(kReadPadding, ']');
  const auto parser = facts.make_parser();
  Items items(1);  // what was there before stays
  const auto page = parser->parse(wish, std::string_view(bytes).substr(0, body.size()), items);
  if (!page) return items.size() == 1 ? page.error().text : "an error left items behind";
  std::string out;
  for (std::size_t i = 1; i < items.size(); ++i) {
    const auto& trade = std::get<WireTrade>(items[i]);
    std::string flags;
    append_flags(flags, trade.flags);
    std::string id;
    trade.id.append_to(id);
    out += fmt::format("{} {} {} {} {}@{} {} [{}]", trade.symbol, name_of(trade.channel), id,
                       name_of(trade.side), to_string(trade.size), to_string(trade.price),
                       format_rfc3339(trade.ts_event.unix_ns()), flags);
    if (trade.has_fills) out += fmt::format(" fills {}-{}", trade.first_fill, trade.last_fill);
    out += '\n';
  }
  out += fmt::format("{} rows", page->rows);
  if (page->settled_first <= page->settled_last) {
    out += fmt::format(", settled {}-{}", page->settled_first, page->settled_last);
  }
  if (page->rest) out += ", rest " + facts.target(*page->rest, RecvTime());
  return out + "\n";
}

}  // namespace tapeline::venue
