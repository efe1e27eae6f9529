// SPDX-License-Identifier: Apache-2.0
#include "app/live/question.h"

#include <charconv>

namespace tapeline::app::live {
namespace {

constexpr std::size_t kArgumentsMax = 1024;

// `LENGTH:bytes`, one text after the other.
void append(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

bool take(std::string_view& bytes, std::string& out) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), size);
  if (error != std::errc() || end == bytes.data() + bytes.size() || *end != ':') return false;
  bytes.remove_prefix(static_cast<std::size_t>(end - bytes.data()) + 1);
  if (size > bytes.size()) return false;
  out = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return true;
}

}  // namespace

std::string encode(const Question& question) {
  std::string out;
  append(out, question.what);
  for (const auto& [key, value] : question.arguments) {
    append(out, key);
    append(out, value);
  }
  return out;
}

std::optional<Question> decode_question(std::string_view bytes) {
  Question question;
  if (!take(bytes, question.what)) return std::nullopt;
  while (!bytes.empty()) {
    auto& [key, value] = question.arguments.emplace_back();
    if (!take(bytes, key) || !take(bytes, value)) return std::nullopt;
    if (question.arguments.size() > kArgumentsMax) return std::nullopt;
  }
  return question;
}

std::string encode(const Answer& answer) {
  std::string out;
  append(out, std::to_string(answer.status));
  append(out, answer.err);
  append(out, answer.out);
  return out;
}

std::optional<Answer> decode_answer(std::string_view bytes) {
  Answer answer;
  std::string status;
  if (!take(bytes, status) || !take(bytes, answer.err) || !take(bytes, answer.out)) {
    return std::nullopt;
  }
  const auto [end, error] =
      std::from_chars(status.data(), status.data() + status.size(), answer.status);
  if (error != std::errc() || end != status.data() + status.size() || !bytes.empty()) {
    return std::nullopt;
  }
  return answer;
}

}  // namespace tapeline::app::live
