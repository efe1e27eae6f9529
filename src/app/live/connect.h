// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/config/config.h"
#include "base/clock.h"
#include "base/result.h"

namespace tapeline::app::live {

// One thing that was tried: what came of it, or a sentence that ends with the way out. Neither
// shows a secret.
struct Tried {
  std::string what{};
  Result<std::string> outcome;
};

// Reaches every feed's WebSocket, as far as the first answer to a subscription, and its instrument
// list over REST; all of them at once, each step with a deadline. `is_stopped` ends it early.
std::vector<Tried> try_feeds(const std::vector<config::Feed>& feeds, const Clock& clock,
                             const std::function<bool()>& is_stopped);

// Whether the store of the data folder can be read, or made. Changes nothing.
Tried try_store(const std::string& data_dir, const Clock& clock,
                const std::function<bool()>& is_stopped);

// What a process that runs in the data folder has measured of how disorderly trades come, and which
// bound would do beside the one of the configuration: a line for each venue, or nothing. Without a
// process it is measured on the newest trades that are stored.
std::string suggest_disorder(const std::string& data_dir, const config::Config& config,
                             const Clock& clock, const std::function<bool()>& is_stopped);

}  // namespace tapeline::app::live
