// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string_view>
#include <vector>

#include "app/config/config.h"
#include "app/live/capture.h"
#include "app/live/data_dir.h"
#include "base/result.h"

namespace tapeline::app::live {

// Whether the feeds are simulated: theirs is this machine. Both kinds at once are refused.
[[nodiscard]] Result<Holds> holds_of(const std::vector<config::Feed>& feeds);

// The feed of a venue that another symbol belongs to: one that is parsed rather than one that is
// recorded only. Null: none is of this venue.
[[nodiscard]] config::Feed* feed_to_extend(std::vector<config::Feed>& feeds,
                                           std::string_view venue);

// What a running process listens to, and how that changes: by a new configuration, or one
// instrument at a time until there is a new configuration. Any thread.
class Subscriptions {
 public:
  // The capture outlives it.
  Subscriptions(std::vector<config::Feed> feeds, Holds holds, Capture& capture)
      : holds_(holds), capture_(capture), feeds_(std::move(feeds)) {}

  // An Error says what is wrong, and nothing changes.
  [[nodiscard]] Result<void> replace(std::vector<config::Feed> feeds);
  // "coinbase:SOL-USD", of a venue that is listened to. It is no mistake to ask for what is so.
  [[nodiscard]] Result<void> change(std::string_view instrument, bool is_wanted);

 private:
  [[nodiscard]] Result<void> apply(std::vector<config::Feed> feeds);

  const Holds holds_;
  Capture& capture_;
  std::mutex mutex_;  // guards feeds_
  std::vector<config::Feed> feeds_;
};

}  // namespace tapeline::app::live
