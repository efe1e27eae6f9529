// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "venue/history.h"

namespace tapeline::venue::coinbase_advanced {

std::string history_target(const HistoryWish& wish, RecvTime now);
bool has_history_of(Channel channel);
std::unique_ptr<HistoryParser> make_history_parser();

// Of 10 requests a second and address, half. How many rows an answer may have is not published:
// what more is asked for, an answer may leave out, and the next one brings.
inline constexpr HistoryFacts kHistoryFacts{.request_every = std::chrono::milliseconds(200),
                                            .rows_max = 1000,
                                            .depth = {},
                                            .target = history_target,
                                            .has_channel = has_history_of,
                                            .make_parser = make_history_parser};

}  // namespace tapeline::venue::coinbase_advanced
