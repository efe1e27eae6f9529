// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "venue/history.h"

namespace tapeline::decode {

// What was asked of a venue's history.
struct HistoryQuestion {
  std::string venue{};  // a name of the venue table
  venue::HistoryWish wish{};
  bool is_repair = false;  // somebody asked for it: what came too late is admitted
  bool is_final = false;   // what the answer leaves out of the wish, the venue no longer has
  // Nothing of the stream was here yet: what comes was not missed, and is shown as at a
  // subscription.
  bool is_beginning = false;
};

// The bytes of a journal record of type kAnswer, where it answers such a question: all that decode
// has to know to read the body, so that no other record is needed for it.
struct HistoryAnswer {
  HistoryQuestion question{};
  int status = 0;       // of HTTP; 0: there was no answer
  std::string error{};  // then, or of a body that is none; one line
  std::string_view body{};
};

// Of a kRequest: text lines, where `target` is path and query.
std::string encode_history_request(const HistoryQuestion& question, std::string_view target);
// Text lines, an empty line, and the body.
std::string encode_history_answer(const HistoryAnswer& answer);
// Nothing where the record is the answer to something else. The body is a view into `bytes`.
[[nodiscard]] Result<std::optional<HistoryAnswer>> parse_history_answer(std::string_view bytes);

}  // namespace tapeline::decode
