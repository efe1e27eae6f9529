// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "venue/history.h"

namespace tapeline::venue::binance {

std::string history_target(const HistoryWish& wish, RecvTime now);
bool has_history_of(Channel channel);
std::unique_ptr<HistoryParser> make_history_parser();

// A page of single trades weighs 25 of the 6000 that an address has in a minute: half of it.
inline constexpr HistoryFacts kHistoryFacts{.request_every = std::chrono::milliseconds(500),
                                            .rows_max = 1000,
                                            .depth = {},
                                            .target = history_target,
                                            .has_channel = has_history_of,
                                            .make_parser = make_history_parser};

}  // namespace tapeline::venue::binance
