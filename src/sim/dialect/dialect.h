// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/time.h"
#include "sim/dialect/frame.h"
#include "sim/dialect/request.h"
#include "sim/market/fill.h"
#include "sim/market/truth.h"

namespace tapeline::sim {

// One WebSocket connection as the venue keeps it: what it asked for, and what it is told. Pure: the
// same calls give the same frames. Frames are appended, their times never go back.
class Feed {
 public:
  Feed() = default;
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;
  virtual ~Feed() = default;

  // A text of the client's.
  virtual void on_message(std::string_view text, EventTime now, Frames& out) = 0;
  virtual void on_fill(const Fill& fill, Frames& out) = 0;
  // A whole second is reached: every fill before it was given, none at or after it.
  virtual void on_second(EventTime second, Frames& out) = 0;
  // Whether the client gets that stream of the instrument by now.
  [[nodiscard]] virtual bool has(std::uint32_t instrument, Stream stream) const = 0;
};

// What a client finds at a venue: its endpoints, texts and rules. The truth outlives it.
class Dialect {
 public:
  Dialect() = default;
  Dialect(const Dialect&) = delete;
  Dialect& operator=(const Dialect&) = delete;
  virtual ~Dialect() = default;

  // The answer to who is not let in: the URL's query says that.
  [[nodiscard]] virtual std::optional<Answer> refuse(std::string_view /*target*/) const {
    return std::nullopt;
  }
  // A connection to the target of the WebSocket's URL; null: there is no such endpoint.
  [[nodiscard]] virtual std::unique_ptr<Feed> open_feed(std::string_view target,
                                                        EventTime now) const = 0;
  // The venue's REST interface; status 404 where it has no such page.
  [[nodiscard]] virtual Answer answer(const Request& request, EventTime now) const = 0;
};

// A venue that can be simulated.
struct DialectRow {
  std::string_view name;
  std::string_view dollar;     // what its instruments are quoted in
  Duration time_step;          // of its event times
  std::string_view path = {};  // of the WebSocket's URL
  std::unique_ptr<Dialect> (*make)(const Truth& truth);
  const TradeConditions* conditions = nullptr;  // null: it tells none
};

// Null: no such venue.
const DialectRow* find_dialect(std::string_view name);
// All of them, and as words of a text.
std::span<const std::string_view> dialect_names();
inline constexpr std::string_view kDialectWords =
    "binance bitstamp bybit coinbase coinbase_advanced finnhub kraken okx twelvedata";

std::unique_ptr<Dialect> make_binance(const Truth& truth);
std::unique_ptr<Dialect> make_bitstamp(const Truth& truth);
std::unique_ptr<Dialect> make_bybit(const Truth& truth);
std::unique_ptr<Dialect> make_coinbase(const Truth& truth);
std::unique_ptr<Dialect> make_coinbase_advanced(const Truth& truth);
std::unique_ptr<Dialect> make_finnhub(const Truth& truth);
std::unique_ptr<Dialect> make_kraken(const Truth& truth);
std::unique_ptr<Dialect> make_okx(const Truth& truth);
std::unique_ptr<Dialect> make_twelvedata(const Truth& truth);

}  // namespace tapeline::sim
