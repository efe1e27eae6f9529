// SPDX-License-Identifier: Apache-2.0
#include "feed/rest_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/padding.h"
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

void RestRecords::add_question(RecvTime now, std::string_view text) {
  add(journal::RecordType::kRequest, now, text);
}

tl::expected<std::string_view, PageFailure> RestRecords::take(
    const Result<net::HttpResponse>& answer, const Encode& encode) {
  const std::string_view body = answer ? std::string_view(answer->body) : std::string_view();
  const bool is_too_long = body.size() + kPageHeadBytesMax > around_.outlet.record_bytes_max();
  if (is_too_long) {
    around_.probe.answers_unrecorded.add();
    text_ = encode(0, "the answer is too long to be recorded", {});
  } else {
    text_ = answer ? encode(answer->status, {}, body) : encode(0, answer.error().text, {});
  }
  const std::size_t size = text_.size();
  text_.append(kReadPadding, '\0');
  const std::string_view bytes = std::string_view(text_).substr(0, size);
  add(journal::RecordType::kAnswer, answer ? answer->ts_recv : around_.clock.wall(), bytes);
  if (is_too_long) return tl::make_unexpected(PageFailure::kTooLong);
  if (!answer) {
    const bool is_final = answer.error().retry == Retry::kNever;
    return tl::make_unexpected(is_final ? PageFailure::kRefused : PageFailure::kUnreachable);
  }
  if (answer->status != kPageOk) return tl::make_unexpected(failure_of(answer->status));
  return bytes.substr(size - body.size());
}

void RestRecords::add(journal::RecordType type, RecvTime ts_recv, std::string_view bytes) {
  if (!connection_) connection_ = around_.outlet.take_connection();
  journal::Record record;
  record.type = type;
  record.connection = *connection_;
  record.ts_recv = ts_recv;
  record.bytes = bytes;
  around_.outlet.add(record);
}

}  // namespace tapeline::feed
