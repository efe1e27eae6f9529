// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tapeline::app::live {

// What a command asks of a data folder: of the process that writes in it, over its socket, or of
// the files when nobody does. Both answer alike.
struct Question {
  std::string what{};  // "status", "page", "disorder", "verify", "explain", "audit", ...
  std::vector<std::pair<std::string, std::string>> arguments{};

  [[nodiscard]] std::string_view argument(std::string_view name) const {
    for (const auto& [key, value] : arguments) {
      if (key == name) return value;
    }
    return {};
  }
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : arguments) {
      if (key == name) values.push_back(value);
    }
    return values;
  }
};

struct Answer {
  int status = 0;     // the command's exit status
  std::string out{};  // for standard output
  std::string err{};  // for standard error
};

using AnswerQuestion = std::function<Answer(const Question&)>;

// On the socket: bytes that encode one of them exactly. Nothing where they do not.
std::string encode(const Question& question);
std::optional<Question> decode_question(std::string_view bytes);
std::string encode(const Answer& answer);
std::optional<Answer> decode_answer(std::string_view bytes);

}  // namespace tapeline::app::live
