// SPDX-License-Identifier: Apache-2.0
#include "replay/cryptofeed_line.h"

#include <cstddef>
#include <limits>
#include <optional>

namespace tapeline::replay {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kSecondsMax = std::numeric_limits<std::int64_t>::max() / kNsPerSecond - 1;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes "<digits>" or "<digits>.<digits>" off the front of `text`.
std::optional<RecvTime> take_seconds(std::string_view& text) {
  std::size_t at = 0;
  std::int64_t seconds = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    seconds = seconds * 10 + (text[at] - '0');
    if (seconds > kSecondsMax) return std::nullopt;
  }
  if (at == 0) return std::nullopt;
  std::int64_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    const std::size_t start = ++at;
    std::int64_t unit = kNsPerSecond / 10;
    for (; at < text.size() && is_digit(text[at]); ++at, unit /= 10) {
      fraction += (text[at] - '0') * unit;
    }
    if (at == start) return std::nullopt;
  }
  text.remove_prefix(at);
  return RecvTime(seconds * kNsPerSecond + fraction);
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// `rest` is what follows the URL and a blank.
CryptofeedLine parse_exchange(std::string_view rest) {
  CryptofeedKind kind = CryptofeedKind::kMalformed;
  if (take(rest, "<-> ")) {
    kind = CryptofeedKind::kConnected;
  } else if (take(rest, "<- ")) {
    kind = CryptofeedKind::kSent;
  } else if (take(rest, "-> ")) {
    kind = CryptofeedKind::kAnswer;
  }
  const auto time = take_seconds(rest);
  if (!time || kind == CryptofeedKind::kMalformed) return {};
  const bool ends_well = kind == CryptofeedKind::kConnected ? rest.empty() : rest.starts_with(':');
  if (!ends_well) return {};
  return {kind, *time, {}};
}

}  // namespace

CryptofeedLine parse_cryptofeed_line(std::string_view line) {
  CryptofeedLine out;
  if (line.empty()) {
    out.kind = CryptofeedKind::kEmpty;
  } else if (is_digit(line.front())) {
    const auto time = take_seconds(line);
    if (!time || !take(line, ": ")) return out;
    out = {CryptofeedKind::kFrame, *time, line};
  } else if (line.starts_with("configuration: ")) {
    out.kind = CryptofeedKind::kConfiguration;
  } else if (const std::size_t blank = line.find(' '); blank != std::string_view::npos) {
    const bool is_url = line.substr(0, blank).find("://") != std::string_view::npos;
    if (is_url) return parse_exchange(line.substr(blank + 1));
  }
  return out;
}

}  // namespace tapeline::replay
