// SPDX-License-Identifier: Apache-2.0
#include "serve/parameters.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "serve/api.h"

namespace tapeline::serve {

net::HttpResponse response_of(const Mistake& mistake) {
  return error_response(mistake.status, mistake.text, mistake.field);
}

InstrumentId Parameters::instrument() {
  const std::string_view text = target_.parameter("instrument");
  if (text.empty()) return wrong("instrument", "is missing: write venue:SYMBOL"), InstrumentId();
  const auto found = market_.find(text);
  if (!found) {
    wrong("instrument", "is not known: /api/v1/instruments lists those that are", 404);
    return {};
  }
  return *found;
}

Duration Parameters::interval() {
  const auto interval = parse_duration(target_.parameter("interval"));
  if (interval && market_.has_interval(*interval)) return *interval;
  std::string known;
  for (const Duration each : market_.intervals()) {
    known += (known.empty() ? "" : ", ") + format_duration(each);
  }
  wrong("interval", "is none of " + known);
  return {};
}

Duration Parameters::minutes() {
  constexpr Duration kShortest = std::chrono::minutes(1);
  constexpr Duration kLongest = std::chrono::days(7);
  const auto interval = parse_duration(target_.parameter("interval"));
  if (interval && *interval >= kShortest && *interval <= kLongest &&
      interval->count() % kShortest.count() == 0) {
    return *interval;
  }
  wrong("interval", "is no whole number of minutes from 1m to 7d, of which venues' candles are");
  return kShortest;
}

std::optional<EventTime> Parameters::time(std::string_view name) {
  const std::string_view text = target_.parameter(name);
  if (text.empty()) return std::nullopt;
  const auto time = parse_rfc3339(text);
  if (!time) wrong(name, "is no time: write it like 2026-01-31T12:00:00Z");
  return time ? std::optional(EventTime(*time)) : std::nullopt;
}

std::size_t Parameters::limit(std::size_t otherwise) {
  const std::string_view text = target_.parameter("limit");
  if (text.empty()) return otherwise;
  std::size_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value == 0 ||
      value > Api::kRowsMax) {
    wrong("limit", fmt::format("is no number from 1 to {}", Api::kRowsMax));
  }
  return value;
}

void Parameters::wrong(std::string_view field, std::string_view text, int status) {
  if (mistake_) return;
  mistake_ = {fmt::format("{} {}", field, text), std::string(field), status};
}

}  // namespace tapeline::serve
