// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/dialect/dialect.h"
#include "sim/market/truth.h"

namespace tapeline::sim {

// 2021-04-17T16:43:37.089Z
inline constexpr EventTime kFixtureTime{1'618'677'817'089'000'000};

inline std::vector<Instrument> two_instruments(const std::string& dollar) {
  return {
      {.base = "BTC", .quote = dollar, .price_places = 2, .size_places = 8},
      {.base = "SKL", .quote = "BTC", .price_places = 8, .size_places = 1},
  };
}

// A trade of BTC: the taker bought 0.25 at 41250.10.
inline Fill bought(std::uint64_t id) {
  return {.instrument = 0,
          .taker_buys = true,
          .ends_aggregate = true,
          .ends_order = true,
          .ts_event = kFixtureTime,
          .id = id,
          .sequence = 9000 + id,
          .price = 4'125'010,
          .size = 25'000'000,
          .taker_order = 11,
          .maker_order = 10,
          .aggregate_id = 300 + id,
          .aggregate_first = id,
          .aggregate_size = 25'000'000,
          .book = {.id = 77,
                   .bid = 4'124'999,
                   .bid_size = 46'688'654,
                   .ask = 4'125'010,
                   .ask_size = 150'000'000},
          .day = {.open = 4'000'000, .low = 3'900'000, .high = 4'200'000, .volume = 1'250'000'000}};
}

// A trade of SKL: the taker sold 985 at 0.00001305, 723 microseconds later.
inline Fill sold(std::uint64_t id) {
  Fill fill = bought(id);
  fill.instrument = 1;
  fill.taker_buys = false;
  fill.ts_event = kFixtureTime + std::chrono::microseconds(723);
  fill.price = 1305;
  fill.size = 9850;
  fill.aggregate_size = 9850;
  fill.book = {.id = 78, .bid = 1303, .bid_size = 20, .ask = 1305, .ask_size = 30};
  fill.day = {.open = 1300, .low = 1290, .high = 1310, .volume = 98500};
  return fill;
}

using Texts = std::vector<std::string>;
using Ids = std::vector<std::uint64_t>;

inline bool begins(const std::string& text, std::string_view with) {
  return text.starts_with(with);
}
inline bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}
// The only one of the texts.
inline std::string only(const Texts& texts) {
  return texts.size() == 1 ? texts.front() : "not one text";
}

inline Texts texts_of(const Frames& frames) {
  Texts texts;
  for (const Frame& frame : frames) texts.push_back(frame.text);
  return texts;
}

}  // namespace tapeline::sim
