// SPDX-License-Identifier: Apache-2.0
#include "feed/status.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstddef>

namespace tapeline::feed {

const char* name_of(StreamState state) {
  switch (state) {
    case StreamState::kWaiting:
      return "waiting";
    case StreamState::kSubscribing:
      return "subscribing";
    case StreamState::kLive:
      return "live";
    case StreamState::kSilent:
      return "silent";
    case StreamState::kRefused:
      return "refused";
    case StreamState::kGivenUp:
      return "given_up";
  }
  return "";
}

const char* name_of(SessionState state) {
  switch (state) {
    case SessionState::kWaiting:
      return "waiting";
    case SessionState::kConnecting:
      return "connecting";
    case SessionState::kSubscribing:
      return "subscribing";
    case SessionState::kLive:
      return "live";
    case SessionState::kDiskFull:
      return "disk_full";
    case SessionState::kRefused:
      return "refused";
    case SessionState::kStopped:
      return "stopped";
  }
  return "";
}

std::string refusals_of(const SessionStatus& session) {
  constexpr std::size_t kNamedMax = 3;
  std::vector<std::string> named;
  std::size_t count = 0;
  for (const StreamStatus& stream : session.streams) {
    if (stream.state != StreamState::kRefused) continue;
    if (++count > kNamedMax) continue;
    named.push_back(fmt::format("{} {}: {}", stream.symbol, stream.channel, stream.last_error));
  }
  if (count > kNamedMax) named.push_back(fmt::format("and {} more", count - kNamedMax));
  return fmt::format("{}", fmt::join(named, "; "));
}

}  // namespace tapeline::feed
