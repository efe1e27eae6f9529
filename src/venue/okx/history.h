// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "venue/history.h"

namespace tapeline::venue::okx {

std::string history_target(const HistoryWish& wish, RecvTime now);
bool has_history_of(Channel channel);
std::unique_ptr<HistoryParser> make_history_parser();

// Three months, and 20 requests in two seconds, of which others behind the same address may want
// some.
inline constexpr HistoryFacts kHistoryFacts{.request_every = std::chrono::milliseconds(200),
                                            .rows_max = 100,
                                            .depth = std::chrono::hours(24 * 90),
                                            .target = history_target,
                                            .has_channel = has_history_of,
                                            .make_parser = make_history_parser};

}  // namespace tapeline::venue::okx
