// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.h"

namespace tapeline::replay {

// One line of a recording as the cryptofeed library writes it:
//   <seconds>: <frame>            received from the venue at that time
//   <url> <- <seconds>: <text>    sent to the venue
//   <url> <-> <seconds>           connected
//   <url> -> <seconds>: <text>    an HTTP answer
//   configuration: <text>
// where <seconds> is Unix time as digits with an optional fraction.
enum class CryptofeedKind : std::uint8_t {
  kFrame,
  kSent,
  kConnected,
  kAnswer,
  kConfiguration,
  kEmpty,
  kMalformed,
};

struct CryptofeedLine {
  CryptofeedKind kind = CryptofeedKind::kMalformed;
  RecvTime ts_recv;        // of all kinds that have a time
  std::string_view frame;  // of kFrame: a view into the line

  // Neither a frame nor malformed: nothing for the pipeline.
  [[nodiscard]] bool is_skipped() const {
    return kind != CryptofeedKind::kFrame && kind != CryptofeedKind::kMalformed;
  }
};

// Pure. Digits of the time beyond nanoseconds are dropped: they are the text of a float.
[[nodiscard]] CryptofeedLine parse_cryptofeed_line(std::string_view line);

}  // namespace tapeline::replay
