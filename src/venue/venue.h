// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "venue/candles.h"
#include "venue/condition_table.h"
#include "venue/history.h"
#include "venue/instruments.h"
#include "venue/message.h"
#include "venue/session.h"

namespace tapeline::venue {

// Reads one venue's frames. Pure but for scratch memory: the same frame gives the same items.
// One thread. Whatever the frame holds, it ends as at least one item.
class Parser {
 public:
  Parser() = default;
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  virtual ~Parser() = default;

  // `frame` has kReadPadding readable bytes behind it. Items are appended.
  virtual void parse(std::string_view frame, Items& items) = 0;
};

// A venue as the rest of the system sees it: one row of decode's table.
struct Venue {
  std::string_view name;
  std::unique_ptr<Parser> (*make_parser)();
  // The canonical symbol where no instrument list says it.
  std::string (*canonical_symbol)(std::string_view symbol);
  // The venue's own instrument list as its REST interface gives it.
  Result<InstrumentList> (*parse_instruments)(std::string_view json);
  // Whether the ids (or fill ids) of the trade channels count without holes.
  bool contiguous_ids = false;
  // Whether its trades have ids at all. Where not, two lines would double everything.
  bool has_ids = true;
  // What a live session has to know.
  SessionFacts session = {};
  // Its REST history of trades; null: it has none, and what is lost stays lost.
  const HistoryFacts* history = nullptr;
  // Its REST history of its own candles; null: it has none that needs no key.
  const CandleFacts* candles = nullptr;
  // Its codes of trades, as far as their meaning is known; empty: it has none.
  std::span<const ConditionCode> conditions = {};
};

}  // namespace tapeline::venue
