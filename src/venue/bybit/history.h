// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "venue/history.h"

namespace tapeline::venue::bybit {

std::string history_target(const HistoryWish& wish, RecvTime now);
bool has_history_of(Channel channel);
std::unique_ptr<HistoryParser> make_history_parser();

// The latest 60 trades, and no way to ask for older ones. 600 requests in 5 s and address.
inline constexpr HistoryFacts kHistoryFacts{.request_every = std::chrono::milliseconds(100),
                                            .rows_max = 60,
                                            .depth = {},
                                            .target = history_target,
                                            .has_channel = has_history_of,
                                            .make_parser = make_history_parser};

}  // namespace tapeline::venue::bybit
