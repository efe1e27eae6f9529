// SPDX-License-Identifier: Apache-2.0
// Any bytes as a frame to a session: what it takes for an answer, a trade or a good-bye is what the
// parser of the venue says, and nothing behind the frame is looked at.
#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/padding.h"
#include "decode/venue_table.h"

namespace {

using tapeline::venue::FrameKind;

// What the session must find where the parser found this; kOther: whatever it likes.
FrameKind expected_of(const tapeline::venue::Items& items) {
  using tapeline::venue::ControlReason;
  if (items.size() != 1) return FrameKind::kOther;
  if (std::holds_alternative<tapeline::venue::WireTrade>(items[0])) return FrameKind::kData;
  if (std::holds_alternative<tapeline::venue::WireHeartbeat>(items[0]))
    return FrameKind::kHeartbeat;
  const auto* control = std::get_if<tapeline::venue::Control>(&items[0]);
  if (control == nullptr) return FrameKind::kOther;
  if (control->reason == ControlReason::kAck) return FrameKind::kAck;
  return control->reason == ControlReason::kVenueError ? FrameKind::kRefusal : FrameKind::kOther;
}

void compare(const tapeline::venue::Venue& venue, tapeline::venue::Parser& parser,
             tapeline::venue::FrameReader& reader, std::string_view frame) {
  tapeline::venue::Items items;
  parser.parse(frame, items);
  tapeline::venue::FrameMeaning meaning;
  reader.read(frame, meaning);
  const FrameKind expected = expected_of(items);
  // The name of a combined stream decides before its payload does.
  const bool is_wrapped = venue.name == "binance" && meaning.kind == FrameKind::kData;
  // Of this one the parser reads nothing more, so it may be no JSON.
  const bool is_goodbye =
      expected == FrameKind::kRefusal && frame.find("serverShutdown") != std::string_view::npos;
  // What the venue complains of may be told stream by stream, be the end, or come before it.
  const bool is_told_so =
      expected == FrameKind::kRefusal &&
      (meaning.kind == FrameKind::kDenial || meaning.kind == FrameKind::kGoodbye ||
       (meaning.kind == FrameKind::kAck && !meaning.refused.empty()));
  if (expected == FrameKind::kOther || expected == meaning.kind || is_wrapped || is_goodbye ||
      is_told_so) {
    return;
  }
  fmt::print(stderr, "{}: {}, but the session takes it for {}\n", venue.name,
             static_cast<int>(expected), static_cast<int>(meaning.kind));
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Exactly as much memory as a reader may look at.
  std::vector<char> bytes(size + tapeline::kReadPadding, '"');
  std::copy(data, data + size, bytes.begin());
  for (const tapeline::venue::Venue* venue : tapeline::decode::venue_table()) {
    const auto parser = venue->make_parser();
    const auto reader = venue->session.make_frame_reader();
    compare(*venue, *parser, *reader, {bytes.data(), size});
  }
  return 0;
}
