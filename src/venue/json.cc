// SPDX-License-Identifier: Apache-2.0
#include "venue/json.h"

namespace tapeline::venue::json {

bool Reader::open(std::string_view frame) {
  return read_ahead(frame) && document_.get_object().get(root_) == simdjson::SUCCESS;
}

bool Reader::open_array(std::string_view frame) {
  return read_ahead(frame) && document_.get_array().get(root_array_) == simdjson::SUCCESS;
}

bool Reader::read_ahead(std::string_view frame) {
  // The parser reads ahead, and judges a frame with a bracket too many or too few by what stands
  // behind it: that must be the same wherever the frame stands.
  const char behind = frame.empty() ? ' ' : frame.data()[frame.size()];
  if (behind == '}' || behind == ']') {
    apart_.assign(frame);
    apart_.resize(frame.size() + simdjson::SIMDJSON_PADDING);
    frame = std::string_view(apart_).substr(0, frame.size());
  }
  const simdjson::padded_string_view padded(frame.data(), frame.size(),
                                            frame.size() + simdjson::SIMDJSON_PADDING);
  if (parser_.iterate(padded).get(document_) != simdjson::SUCCESS) return false;
  has_escapes_ = std::memchr(frame.data(), '\\', frame.size()) != nullptr;
  if (has_escapes_) scratch_.reset(frame.size());
  return true;
}

std::string_view Reader::key_before_blanks(const char* key, const char* behind) {
  // Only blanks and one colon stand between the key's closing quote and the value.
  const char* end = behind;
  while (end != key && end[-1] != '"') --end;
  return {key, static_cast<std::size_t>(end == key ? 0 : end - 1 - key)};
}

Step Reader::take(ondemand::value& value, Value& out) {
  const std::string_view token = value.raw_json_token();
  if (token[0] == '{' || token[0] == '[') {
    out = Value(token.substr(0, 1));
    return is_valid(value, 1) ? Step::kNext : Step::kBad;
  }
  // The parser steps over a scalar that nobody reads, and takes a string before a colon for a key:
  // then it would read on in the middle of something else.
  if (token.data()[token.size()] == ':') return Step::kBad;
  out = Value(without_blanks_behind(token));
  if (!is_scalar(out.text())) return Step::kBad;
  if (!has_escapes_ || out.kind() != Kind::kString) return Step::kNext;
  return are_escapes_valid(out.quoted()) ? Step::kNext : Step::kBad;
}

Step Reader::skip(ondemand::value& value) {
  Value ignored;
  return take(value, ignored);
}

bool Reader::is_valid(ondemand::value& value, int depth) {
  const char first = first_of(value);
  if (depth > kDepthMax) return false;
  if (first == '{') return is_valid_object(value, depth);
  if (first == '[') return is_valid_array(value, depth);
  return skip(value) == Step::kNext;
}

bool Reader::is_valid_array(ondemand::value& value, int depth) {
  const Step step = walk_array(value, [this, depth](ondemand::value& element) {
    return is_valid(element, depth + 1) ? Step::kNext : Step::kBad;
  });
  return step == Step::kNext;
}

bool Reader::is_valid_object(ondemand::value& value, int depth) {
  const Step step = walk(value, [this, depth](std::string_view, ondemand::value& inner) {
    return is_valid(inner, depth + 1) ? Step::kNext : Step::kBad;
  });
  return step == Step::kNext;
}

}  // namespace tapeline::venue::json
