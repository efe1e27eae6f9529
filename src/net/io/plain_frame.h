// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tapeline::net {

// A frame of a WebSocket that is a whole message as it stands.
struct PlainFrame {
  std::size_t header = 0;  // bytes
  std::size_t payload = 0;
};

// The frame that `bytes` begin with, if it is there to its end and nothing has to be done about it:
// binary, or text of ASCII alone; not masked, no fragment, not compressed, as short as it can be
// written, and no longer than that. Everything else is for a reader of the whole protocol. Up to
// kReadPadding bytes behind `bytes` may be read.
std::optional<PlainFrame> find_plain_frame(std::string_view bytes, std::size_t payload_max);

// Cuts a stream of frames where they end.
class FrameCutter {
 public:
  // How many of these bytes may be given away at once so that nothing of the next frame is among
  // them: one at least, if there is one. They count as given.
  std::size_t take(std::string_view bytes);

 private:
  static constexpr std::size_t kHeaderBytesMax = 14;

  std::array<char, kHeaderBytesMax> header_{};  // of the frame that is being given
  std::size_t header_bytes_ = 0;                // of them, by now
  std::uint64_t left_ = 0;                      // of its payload
};

}  // namespace tapeline::net
