// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "venue/history.h"

namespace tapeline::venue::bitstamp {

std::string history_target(const HistoryWish& wish, RecvTime now);
bool has_history_of(Channel channel);
std::unique_ptr<HistoryParser> make_history_parser();

// One answer holds all of the last minute, hour or day, however many that are: it has no pages. The
// venue lets in 8,000 requests in 10 minutes.
inline constexpr HistoryFacts kHistoryFacts{.request_every = std::chrono::milliseconds(100),
                                            .rows_max = 1'000'000,
                                            .depth = std::chrono::hours(24),
                                            .target = history_target,
                                            .has_channel = has_history_of,
                                            .make_parser = make_history_parser};

}  // namespace tapeline::venue::bitstamp
