// SPDX-License-Identifier: Apache-2.0
#include "feed/probe.h"

#include <string>

namespace tapeline::feed {

using metrics::Counter;

namespace {

metrics::Cell& venue_cell(metrics::Counters& counters, Counter counter, std::string_view venue,
                          std::string_view reason = {}) {
  return counters.cell(counter, {std::string(venue), {}, std::string(reason)});
}

}  // namespace

const char* name_of(CloseReason reason) {
  switch (reason) {
    case CloseReason::kLost:
      return "lost";
    case CloseReason::kNotOpened:
      return "not_opened";
    case CloseReason::kSilent:
      return "silent";
    case CloseReason::kUnacknowledged:
      return "unacknowledged";
    case CloseReason::kReplaced:
      return "replaced";
    case CloseReason::kDiskFull:
      return "disk_full";
    case CloseReason::kNothingWanted:
      return "nothing_wanted";
    case CloseReason::kStopped:
      return "stopped";
    case CloseReason::kEnd:
      break;
  }
  return "";
}

Probe::Probe(metrics::Counters& counters, std::string_view venue)
    : frames_received(venue_cell(counters, Counter::kFeedFramesReceived, venue)),
      bytes_received(venue_cell(counters, Counter::kFeedBytesReceived, venue)),
      frames_deferred(venue_cell(counters, Counter::kFeedFramesDeferred, venue)),
      connections_opened(venue_cell(counters, Counter::kFeedConnectionsOpened, venue)),
      requests_sent(venue_cell(counters, Counter::kFeedRequestsSent, venue)),
      requests_refused(venue_cell(counters, Counter::kFeedRequestsRefused, venue)),
      streams_resubscribed(venue_cell(counters, Counter::kFeedStreamsResubscribed, venue)),
      answers_received(venue_cell(counters, Counter::kFeedAnswersReceived, venue)),
      answers_unrecorded(venue_cell(counters, Counter::kFeedAnswersUnrecorded, venue)) {
  for (std::size_t i = 0; i < closed_.size(); ++i) {
    closed_[i] = &venue_cell(counters, Counter::kFeedConnectionsClosed, venue,
                             name_of(static_cast<CloseReason>(i)));
  }
}

}  // namespace tapeline::feed
