// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/padding.h"
#include "venue/session.h"

namespace tapeline::venue {

// All that a frame means, as one line. Behind the frame stands what would complete many a cut one.
inline std::string describe_meaning(FrameReader& reader, std::string_view frame) {
  std::string bytes(frame);
  bytes.append(kReadPadding, '9');
  FrameMeaning meaning;
  reader.read(std::string_view(bytes).substr(0, frame.size()), meaning);
  const auto or_dash = [](std::string_view text) { return text.empty() ? "-" : text; };
  const std::string request = meaning.request ? std::to_string(*meaning.request) : "-";
  std::string out;
  switch (meaning.kind) {
    case FrameKind::kOther:
      return "other";
    case FrameKind::kGoodbye:
      return "goodbye";
    case FrameKind::kData:
    case FrameKind::kHeartbeat:
      out = meaning.kind == FrameKind::kData ? "data" : "heartbeat";
      for (const std::string_view symbol : meaning.more_symbols)
        out += fmt::format(" {} and", symbol);
      return fmt::format("{} {} {} id={}", out, or_dash(meaning.symbol), or_dash(meaning.channel),
                         meaning.last_id);
    case FrameKind::kDenial:
      return fmt::format("denial [{}]", meaning.text);
    case FrameKind::kRefusal:
      return fmt::format("refusal of {} {} {} [{}]", request, or_dash(meaning.symbol),
                         meaning.retry == Retry::kNever ? "never" : "later", meaning.text);
    case FrameKind::kAck:
      out = "ack of " + request;
      if (!meaning.symbol.empty()) {
        out += fmt::format(" for {} {}", meaning.symbol, or_dash(meaning.channel));
      }
      if (meaning.lists_subscriptions) out += " :";
      for (const auto& [symbol, channel] : meaning.subscriptions)
        out += fmt::format(" {}/{}", symbol, channel);
      if (meaning.refused.empty()) return out;
      out += " but";
      for (const auto& [symbol, channel] : meaning.refused)
        out += fmt::format(" {}/{}", symbol, channel);
      return out + fmt::format(" [{}]", meaning.text);
  }
  return out;
}

inline std::vector<std::string> session_golden(const std::string& name) {
  std::vector<std::string> lines;
  std::ifstream in("tests/golden/session/" + name);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace tapeline::venue
