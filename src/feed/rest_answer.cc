// SPDX-License-Identifier: Apache-2.0
#include "feed/rest_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "venue/field.h"

namespace tapeline::feed {
namespace {

constexpr int kBanned = 418;
constexpr int kTooManyRequests = 429;
constexpr int kServerErrors = 500;
constexpr std::chrono::hours kRetryAfterMax{1};

}  // namespace

std::optional<Duration> retry_after(const Result<net::HttpResponse>& answer) {
  if (!answer) return std::nullopt;
  const auto text = net::find_header(answer->headers, "Retry-After");
  const auto seconds = text ? venue::parse_count(*text) : std::nullopt;
  if (!seconds) return std::nullopt;
  constexpr auto kMax = static_cast<std::uint64_t>(std::chrono::seconds(kRetryAfterMax).count());
  return std::chrono::seconds(std::min(*seconds, kMax));
}

PageFailure failure_of(int status) {
  if (status == kTooManyRequests || status == kBanned) return PageFailure::kRateLimit;
  return status >= kServerErrors ? PageFailure::kServerError : PageFailure::kRefused;
}

std::string text_of_failure(PageFailure failure, const Result<net::HttpResponse>& answer) {
  if (!answer) return answer.error().text;
  return fmt::format("the history was answered with status {} ({})", answer->status,
                     name_of(failure));
}

}  // namespace tapeline::feed
