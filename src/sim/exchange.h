// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sim/dialect/dialect.h"
#include "sim/market/market.h"
#include "sim/market/truth.h"
#include "sim/outbox.h"

namespace tapeline::sim {

struct ExchangeOptions {
  std::string venue{};  // of dialect_names()
  std::uint64_t seed = 1;
  FaultSpec faults{};
  std::size_t instruments = kInstrumentsDefault;
  std::uint32_t trades_per_second = MarketOptions::kRateDefault;
  // How long the market has been going when the exchange opens.
  Duration history = std::chrono::minutes(1);
  std::size_t truth_trades_max = Truth::kTradesMaxDefault;
};

using ExchangeConnection = std::uint64_t;

// What is known of a connection, open or ended.
struct ConnectionReport {
  ExchangeConnection id = 0;
  std::string target{};
  EventTime opened;
  std::optional<EventTime> closed{};
  bool is_silent = false;
  std::string_view end{};  // why it ended: client, fault, asked, too_slow, turned_away, venue
  FrameCounts counts{};
  StreamIds lost{};
};

// A whole simulated venue without sockets and clock: the market, its truth, the venue's language
// and the faults. The same options and calls give the same bytes, in whatever steps the time
// passes. Time never goes back: an earlier one counts as the last, and a skew that shrinks lets the
// venue's clock stand still until time has caught up. One thread.
//
// VenueServer puts it on sockets; a deterministic simulation calls it directly:
//   connect(), receive() what the client sends, advance(), take() what it gets.
class Exchange {
 public:
  static constexpr std::size_t kConnectionsMax = 256;
  static constexpr std::size_t kEndedConnectionsMax = 1000;  // remembered for the reports
  // The faults' own bounds: for how long who connects is turned away, and how many requests within
  // a second are not too many.
  static constexpr Duration kTurnedAwayFor = std::chrono::seconds(3);
  static constexpr int kRequestsMax = 4;

  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange() = default;

  // Refuses an unknown venue and numbers out of their bounds.
  static Result<std::unique_ptr<Exchange>> make(const ExchangeOptions& options, EventTime now);

  // The answer to who is not let in, in place of a connection.
  [[nodiscard]] std::optional<Answer> refuse(std::string_view target) const {
    return dialect_->refuse(target);
  }
  // A WebSocket to the target of a URL, like "/stream?streams=btcusdt@trade". Nothing when the
  // venue has no such endpoint or no room.
  std::optional<ExchangeConnection> connect(std::string_view target, EventTime now);
  // The client has left.
  void disconnect(ExchangeConnection connection, EventTime now);
  void receive(ExchangeConnection connection, std::string_view text, EventTime now);

  // Lets the market go on until `now`.
  void advance(EventTime now);
  // The next frame for the connection, due by the time of the last advance(). After kCut and kClose
  // the connection has ended.
  bool take(ExchangeConnection connection, Frame& out);
  // Ends the connection when its cut is due, whatever still waits: for a client that reads so
  // slowly that there is no room for what take() would give.
  bool end_if_due(ExchangeConnection connection);
  // Whether the connection is a half-open one: it will say nothing any more.
  [[nodiscard]] bool is_silent(ExchangeConnection connection) const;
  // When there is something to advance() to, or to take(), by the caller's clock; not before,
  // unless a client acts.
  [[nodiscard]] EventTime next_at() const;

  // HTTP: the venue's own REST interface, and beside it
  //   GET /truth/trades, /truth/bars   what really happened
  //   GET /sim/stats                   what was done to it on the way
  //   POST /sim/faults SPEC, /sim/drop, /sim/list?instrument&as
  Answer answer(const Request& request, EventTime now);

  void change_faults(const FaultSpec& faults, EventTime now);
  // What the venue's instrument list says of one from now on.
  void list(std::size_t instrument, ListedAs listed) { truth_.list(instrument, listed); }
  // Cuts all connections, or one.
  void drop_all(EventTime now);
  void drop(ExchangeConnection connection, EventTime now);

  [[nodiscard]] const ExchangeOptions& options() const { return options_; }
  [[nodiscard]] const Truth& truth() const { return truth_; }
  // By the venue's clock, as all times that are told.
  [[nodiscard]] EventTime now() const { return now_; }
  [[nodiscard]] EventTime opened() const { return opened_; }
  // Ended ones first, in the order of their ends.
  [[nodiscard]] std::vector<ConnectionReport> connections() const;
  [[nodiscard]] std::uint64_t connections_forgotten() const { return connections_forgotten_; }
  [[nodiscard]] std::uint64_t turned_away() const { return turned_away_; }
  // The ids that some connection was sent as they should be.
  [[nodiscard]] const StreamIds& shown() const { return shown_; }
  [[nodiscard]] std::uint64_t rest_answered() const { return rest_answered_; }
  [[nodiscard]] std::uint64_t rest_refused() const { return rest_refused_; }

 private:
  struct Connection {
    std::string target;
    EventTime opened;
    std::unique_ptr<Feed> feed;
    Outbox outbox;
    bool is_asked_to_end = false;
    bool is_turned_away = false;
  };

  Exchange(const ExchangeOptions& options, const DialectRow& dialect, EventTime now);

  void enforce_faults();
  void relist_if_due(EventTime second);
  void advance_market(EventTime until);
  void turn_away(ExchangeConnection connection);
  void pass_on(Connection& connection);
  void end(std::map<ExchangeConnection, Connection>::iterator at, std::string_view why);
  void end_by_cut(std::map<ExchangeConnection, Connection>::iterator at);
  [[nodiscard]] ConnectionReport report(ExchangeConnection id, const Connection& connection) const;
  Answer answer_by_venue(const Request& request);
  [[nodiscard]] bool is_one_too_many();

  ExchangeOptions options_;
  EventTime opened_;
  EventTime now_;
  EventTime next_second_;
  Market market_;
  Truth truth_;
  std::unique_ptr<Dialect> dialect_;
  Random rest_faults_;
  Random list_faults_;
  EventTime next_relist_ = kEventTimeMax;
  EventTime faults_since_;
  EventTime turns_away_until_ = kEventTimeMin;
  EventTime requests_since_ = kEventTimeMin;  // the second that is counted
  int requests_ = 0;
  StreamIds shown_;
  std::map<ExchangeConnection, Connection> connections_;
  std::deque<ConnectionReport> ended_;
  ExchangeConnection next_connection_ = 1;
  std::uint64_t connections_forgotten_ = 0;
  std::uint64_t turned_away_ = 0;
  std::uint64_t rest_answered_ = 0;
  std::uint64_t rest_refused_ = 0;
  std::vector<Fill> fills_;  // scratch
  Frames frames_;            // scratch
};

}  // namespace tapeline::sim
