// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "journal/record.h"
#include "model/coverage.h"
#include "venue/venue.h"

namespace tapeline::feed {

// When somebody listened to streams of venues whose ids do not count, as a journal's records tell:
// a stream is listened to from when a connection was granted it, or brought it, until the last
// frame of that connection before it ended. What lies between is time of which nobody knows what
// was traded. Times are those of arrival. One thread.
class Listening {
 public:
  // More spans than this of one stream are said as fewer that hold more time.
  static constexpr std::size_t kSpansMax = 10'000;

  struct Absence {
    TimeSpan span;
    // Nobody listens again, as far as the records go.
    bool is_last = false;
    // The venue's history was read from before it until behind it.
    bool is_refilled = false;
  };

  // `wire` is its trades, as the venue's live interface writes them.
  void add(std::string instrument, const venue::Venue& venue, venue::Subscription wire);

  // The next record of the journal.
  void pass(const journal::Record& record);

  // By now, of one that was added: since it was first listened to, in their order.
  [[nodiscard]] std::vector<Absence> absences(std::string_view instrument) const;

 private:
  struct Stream {
    venue::Subscription wire;
    std::vector<TimeSpan> listened{};  // by connections that ended
    std::vector<TimeSpan> refilled{};  // by the venue's history
    bool is_left = false;              // we hung up ourselves: that is no loss yet
  };
  struct OfVenue {
    const venue::Venue* venue = nullptr;
    std::string asks;    // what says in a request that it asks for streams,
    std::string leaves;  // or gives them up
    std::map<std::string, Stream*, std::less<>> by_symbol{};
    std::map<std::string, Stream*, std::less<>> by_word{};  // as a request names it
    std::unique_ptr<venue::HistoryParser> history{};
  };
  struct Connection {
    const OfVenue* streams = nullptr;
    std::unique_ptr<venue::FrameReader> reader;
    EventTime last;  // frame, or the opening
    bool is_stated = true;
    std::vector<Stream*> asked{};  // and not granted yet, but where a venue only says no
    std::set<Stream*> given_up{};  // what it still brings counts no more
    std::map<Stream*, EventTime, std::less<>> granted{};  // since when
  };

  void pass_on_connection(const journal::Record& record);
  void open(const journal::Record& record);
  void sent(Connection& connection, std::string_view text);
  void frame(Connection& connection, std::string_view bytes);
  void grant(Connection& connection);
  static void refuse(Connection& connection);
  void brought(Connection& connection, std::string_view symbol);
  void refilled(const journal::Record& record);
  void end_unstated();
  static void end(const Connection& connection, bool is_left);
  static void end(Stream& stream, TimeSpan listened);

  std::map<std::string, Stream, std::less<>> streams_;  // by instrument
  std::map<std::string_view, OfVenue> venues_;          // by name
  std::map<ConnectionId, Connection> connections_;      // those that are open
  bool is_any_unstated_ = false;  // behind an epoch: is over, if it is not said to be open
  EventTime now_ = kEventTimeMin;
  venue::FrameMeaning meaning_;
};

}  // namespace tapeline::feed
