// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "metrics/counters.h"

namespace tapeline::feed {

// Why a connection ended. The words stand in the journal and label a counter.
enum class CloseReason : std::uint8_t {
  kLost,            // the venue or the network ended it
  kNotOpened,       // it never stood
  kSilent,          // nothing came any more
  kUnacknowledged,  // the venue owes an answer
  kReplaced,        // another connection has taken over
  kDiskFull,
  kNothingWanted,  // everything was refused
  kStopped,
  kEnd,
};
const char* name_of(CloseReason reason);

// Why a page of a venue's history did not come.
enum class PageFailure : std::uint8_t {
  kUnreachable,  // there was no answer
  kRateLimit,
  kServerError,
  kRefused,  // the request is wrong, or the venue does not know what was asked for
  kNoPage,   // the answer is none, or lies
  kTooLong,  // to be recorded
  kEnd,
};
const char* name_of(PageFailure failure);

// What is counted of one venue's feeds. The cells are made here, once, so that any thread may read
// the counters meanwhile.
class Probe {
 public:
  Probe(metrics::Counters& counters, std::string_view venue);

  metrics::Cell& frames_received;
  metrics::Cell& bytes_received;
  metrics::Cell& frames_deferred;
  metrics::Cell& connections_opened;
  metrics::Cell& requests_sent;
  metrics::Cell& requests_refused;
  metrics::Cell& streams_resubscribed;
  metrics::Cell& answers_received;
  metrics::Cell& answers_unrecorded;
  metrics::Cell& lists_refused;
  metrics::Cell& history_requests;
  metrics::Cell& history_answers;
  metrics::Cell& history_trades;
  metrics::Cell& history_given_up;
  [[nodiscard]] metrics::Cell& history_failures(PageFailure failure) const {
    return *page_failures_[static_cast<std::size_t>(failure)];
  }
  metrics::Cell& candle_requests;
  [[nodiscard]] metrics::Cell& candle_failures(PageFailure failure) const {
    return *candle_failures_[static_cast<std::size_t>(failure)];
  }
  [[nodiscard]] metrics::Cell& connections_closed(CloseReason reason) const {
    return *closed_[static_cast<std::size_t>(reason)];
  }

 private:
  std::array<metrics::Cell*, static_cast<std::size_t>(CloseReason::kEnd)> closed_{};
  std::array<metrics::Cell*, static_cast<std::size_t>(PageFailure::kEnd)> page_failures_{};
  std::array<metrics::Cell*, static_cast<std::size_t>(PageFailure::kEnd)> candle_failures_{};
};

}  // namespace tapeline::feed
