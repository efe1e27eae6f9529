// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "feed/absences.h"
#include "feed/backfill.h"
#include "feed/candles.h"
#include "feed/feed_options.h"
#include "feed/hole_board.h"
#include "feed/session.h"
#include "feed/status.h"
#include "feed/surroundings.h"
#include "net/backoff.h"
#include "net/discreet_network.h"
#include "net/http.h"
#include "venue/venue.h"

namespace tapeline::feed {

// One feed of the configuration: fetches the venue's instrument list and records it, and then runs
// as many sessions as the venue's limits ask for. Without the list it goes by the venue's rule for
// symbols, and only patterns have to wait for it. status() is for any thread, the rest for the
// network's.
class VenueFeed {
 public:
  VenueFeed(FeedOptions options, const venue::Venue& venue, const SessionTimes& times,
            const HoleBoard& holes, const Surroundings& around);

  std::size_t do_work(std::int64_t now_ns);
  // From now on these symbols and channels, as FeedOptions has them: what is not among them is
  // given up, and what is new asked for.
  void change(std::vector<std::string> symbols, std::vector<std::string> channels);
  // Asks for the instrument list anew, as soon as that is no burden to the venue.
  void refresh_list();
  [[nodiscard]] const FeedOptions& options() const { return options_; }
  // Whether nobody else may be connected to the venue: without ids everything would come twice.
  [[nodiscard]] bool is_alone() const { return !venue_.has_ids; }
  // Whether it has had connections.
  [[nodiscard]] bool has_begun() const { return !lines_.empty(); }
  // Closes the connections; what is missing is asked for until it is here, or so long at most.
  void stop(Duration settle);
  [[nodiscard]] bool is_stopped() const;
  [[nodiscard]] FeedStatus status() const;

 private:
  // Between two lists at least, and so long until another try for one that failed.
  static constexpr Duration kListPause = std::chrono::seconds(10);
  static constexpr Duration kListRetry = std::chrono::minutes(10);
  // So long after the first that failed where there is none; three times that after the next.
  static constexpr Duration kFirstListRetry = std::chrono::seconds(5);
  // The nearest names are looked for of so many symbols at once.
  static constexpr std::size_t kAdvisedMax = 20;

  enum class List : std::uint8_t { kWanted, kFetching, kKnown, kFailed, kDone };
  // An instrument as the last list has it.
  struct Listed {
    std::string symbol{};  // the venue's
    ListingStatus status = ListingStatus::kUnknown;
  };
  // Sessions for the same streams.
  struct Lines {
    std::vector<std::unique_ptr<Session>> sessions{};
    std::map<std::string, Absences, std::less<>> absences{};  // from trades, by symbol
    bool is_record_only = false;
    std::vector<WantedStream> streams{};
    bool is_leaving = false;  // nobody wants any of them

    [[nodiscard]] bool are_stopped() const;
    void stop();
  };
  using SymbolAndChannel = std::pair<std::string, std::string>;

  void fetch_list(std::int64_t now_ns);
  void on_list(const Result<net::HttpResponse>& answer);
  // Of an answer that is the venue's list; its size, or what is wrong with it.
  [[nodiscard]] Result<std::size_t> take_list(const Result<net::HttpResponse>& answer);
  [[nodiscard]] Duration pause_after_failed_list();
  void take_rows(const venue::InstrumentList& list);
  // What the list says of the streams that should trade and do not.
  void note_untraded();
  void record_answer(const Result<net::HttpResponse>& answer, const Result<std::size_t>& taken);
  void record(journal::RecordType type, RecvTime ts_recv, std::string_view bytes);

  // The venue's symbol of an instrument that is one of this feed's.
  [[nodiscard]] std::optional<std::string> symbol_of(std::string_view instrument) const;
  // Where ids do not count without holes, what came while nobody listened is asked for by time.
  void ask_for_absences();
  void ask_for_absences(Lines& lines, std::size_t line);
  // Of a stream that is new to the folder its newest trades are asked for, once it is listened to:
  // so none is missed in between.
  void begin_warm(std::int64_t now_ns);
  [[nodiscard]] bool is_listened_to(const std::string& symbol) const;
  // What its own candles are asked for by: the symbols that are wanted.
  void tell_candles(const std::vector<std::string>& wanted);
  std::size_t run_backfill(std::int64_t now_ns);
  [[nodiscard]] bool misses_nothing();
  [[nodiscard]] bool are_sessions_stopped() const;

  // What is wanted, as far as the symbols are known by now, and nothing else. False where that has
  // to wait until a connection is gone.
  bool bring_into_line();
  void give_up_unwanted(const std::vector<std::string>& wanted);
  // Streams that were asked for before there was a list, and that it does not have.
  void refuse_unlisted();
  void ask_for_missing(const std::vector<std::string>& wanted, bool is_record_only);
  [[nodiscard]] std::vector<std::string> wanted_symbols();
  [[nodiscard]] bool has_pattern() const;
  // Channels that are recorded for a later parser have connections of their own, which the journal
  // marks. Where ids are missing nobody may connect twice, and so they have none.
  [[nodiscard]] bool is_for_later(std::string_view channel) const;
  // Of the configured channels those of that kind, with the heartbeat that goes with them.
  [[nodiscard]] std::vector<std::string> channels_of(bool is_record_only) const;
  // Of that symbol, but for those that are asked for.
  [[nodiscard]] std::vector<WantedStream> streams_of(const std::string& symbol,
                                                     const std::vector<std::string>& channels,
                                                     const std::set<SymbolAndChannel>& asked_for);
  // Whether there is a list of everything, and no list ever had it.
  [[nodiscard]] bool is_unlisted(const std::string& symbol) const;
  // Why it cannot be had, with the nearest names of the list.
  [[nodiscard]] std::string refusal_of(const std::string& symbol);
  // Where there is room for so many further streams; null: nowhere.
  [[nodiscard]] Lines* lines_with_room(std::size_t streams, bool is_record_only);
  void add_sessions(std::vector<WantedStream> streams, bool is_record_only);
  void bury_lines();

  FeedOptions options_;
  const venue::Venue& venue_;
  const SessionTimes times_;
  net::DiscreetNetwork network_;  // nothing that comes from the venue has its token
  const Surroundings around_;
  std::string list_url_;
  std::unique_ptr<Backfill> backfill_;  // null: none
  std::unique_ptr<Candles> candles_;    // likewise
  List list_ = List::kWanted;
  std::map<std::string, Listed> listed_;  // by the canonical symbol; what has vanished too
  ConnectionId list_connection_;
  net::Backoff backoff_;
  std::int64_t next_fetch_ns_ = INT64_MIN;
  bool is_refresh_ = false;                   // of a list that is there
  std::int64_t next_refresh_ns_ = INT64_MAX;  // INT64_MAX: never
  std::optional<std::int64_t> last_fetch_ns_{};
  std::set<std::string> known_;  // symbols that were ever asked for: their holes are still mended
  std::set<std::string> cold_;   // of these the trades before the start are still to be asked for
  std::int64_t next_look_at_cold_ns_ = INT64_MIN;
  bool is_list_whole_ = false;  // the last that came
  unsigned lists_failed_ = 0;   // since then
  std::size_t advised_ = 0;     // symbols that the last list does not have
  bool is_stopping_ = false;
  bool is_settled_ = true;                  // nothing is asked for any more
  std::optional<RecvTime> silent_since_{};  // the sessions have stopped
  std::int64_t settle_until_ns_ = 0;        // at the latest
  // Its only other holders are answers under way, which come to nothing once this is gone.
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);

  mutable std::mutex mutex_;  // guards what follows against status()
  std::vector<Lines> lines_;
  std::string last_error_;
  std::uint64_t instruments_ = 0;
  std::vector<std::string> untraded_;
};

}  // namespace tapeline::feed
