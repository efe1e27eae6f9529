// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "feed/probe.h"
#include "feed/surroundings.h"
#include "net/http.h"

namespace tapeline::feed {

// What the answers of a venue's REST history mean, and how they are recorded, of trades as of
// candles.

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

// Questions to a REST interface and their answers, on their way into the journal under one
// connection. The network's thread.
class RestRecords {
 public:
  explicit RestRecords(const Surroundings& around) : around_(around) {}

  void add_question(RecvTime now, std::string_view text);
  // What a record says of an answer: its status, or 0 and what went wrong; and the body.
  using Encode = std::function<std::string(int status, std::string error, std::string_view body)>;
  // Records the answer whatever it is. Gives its body where that may be a page: a view with
  // kReadPadding behind it, until the next call.
  [[nodiscard]] tl::expected<std::string_view, PageFailure> take(
      const Result<net::HttpResponse>& answer, const Encode& encode);

 private:
  void add(journal::RecordType type, RecvTime ts_recv, std::string_view bytes);

  const Surroundings around_;
  std::optional<ConnectionId> connection_;
  std::string text_;  // of an answer
};

}  // namespace tapeline::feed
