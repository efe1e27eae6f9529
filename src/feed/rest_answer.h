// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "feed/probe.h"
#include "net/http.h"

namespace tapeline::feed {

// What the answers of a venue's REST history mean, of trades as of candles.

inline constexpr int kPageOk = 200;
inline constexpr std::size_t kPageBytesMax = std::size_t{4} << 20;
// Of what stands before the body in a record.
inline constexpr std::size_t kPageHeadBytesMax = 4096;

// Of a status that is not kPageOk.
PageFailure failure_of(int status);
// Seconds, as a venue asks for them, at most an hour; a date, which nobody sends here, counts as
// none.
std::optional<Duration> retry_after(const Result<net::HttpResponse>& answer);
std::string text_of_failure(PageFailure failure, const Result<net::HttpResponse>& answer);

}  // namespace tapeline::feed
