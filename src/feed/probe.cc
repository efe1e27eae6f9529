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

const char* name_of(PageFailure failure) {
  switch (failure) {
    case PageFailure::kUnreachable:
      return "unreachable";
    case PageFailure::kRateLimit:
      return "rate_limit";
    case PageFailure::kServerError:
      return "server_error";
    case PageFailure::kRefused:
      return "refused";
    case PageFailure::kNoPage:
      return "no_page";
    case PageFailure::kTooLong:
      return "too_long";
    case PageFailure::kEnd:
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
      answers_unrecorded(venue_cell(counters, Counter::kFeedAnswersUnrecorded, venue)),
      lists_refused(venue_cell(counters, Counter::kFeedListsRefused, venue)),
      history_requests(venue_cell(counters, Counter::kFeedHistoryRequests, venue)),
      history_answers(venue_cell(counters, Counter::kFeedHistoryAnswers, venue)),
      history_trades(venue_cell(counters, Counter::kFeedHistoryTrades, venue)),
      history_given_up(venue_cell(counters, Counter::kFeedHistoryGivenUp, venue)),
      candle_requests(venue_cell(counters, Counter::kFeedCandleRequests, venue)) {
  for (std::size_t i = 0; i < closed_.size(); ++i) {
    closed_[i] = &venue_cell(counters, Counter::kFeedConnectionsClosed, venue,
                             name_of(static_cast<CloseReason>(i)));
  }
  for (std::size_t i = 0; i < page_failures_.size(); ++i) {
    page_failures_[i] = &venue_cell(counters, Counter::kFeedHistoryFailures, venue,
                                    name_of(static_cast<PageFailure>(i)));
    candle_failures_[i] = &venue_cell(counters, Counter::kFeedCandleFailures, venue,
                                      name_of(static_cast<PageFailure>(i)));
  }
}

}  // namespace tapeline::feed
