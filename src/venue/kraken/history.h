// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "venue/history.h"

namespace tapeline::venue::kraken {

std::string history_target(const HistoryWish& wish, RecvTime now);
bool has_history_of(Channel channel);
std::unique_ptr<HistoryParser> make_history_parser();

// Seconds since 1970 with a fraction, which carries the noise of a double: to the microsecond that
// the stream says.
std::optional<EventTime> parse_row_time(std::string_view number);

// About one request a second and address.
inline constexpr HistoryFacts kHistoryFacts{.request_every = std::chrono::seconds(1),
                                            .rows_max = 1000,
                                            .depth = {},
                                            .target = history_target,
                                            .has_channel = has_history_of,
                                            .make_parser = make_history_parser};

}  // namespace tapeline::venue::kraken
