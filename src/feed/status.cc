// SPDX-License-Identifier: Apache-2.0
#include "feed/status.h"

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

}  // namespace tapeline::feed
