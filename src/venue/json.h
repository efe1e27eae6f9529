// SPDX-License-Identifier: Apache-2.0
#pragma once

// Error codes only: nothing here may throw.
#define SIMDJSON_EXCEPTIONS 0  // NOLINT(readability-identifier-naming)
// Left to itself it follows the optimisation of each file, and with it the layout of types does.
#define SIMDJSON_DEVELOPMENT_CHECKS 0  // NOLINT(readability-identifier-naming)
#include <simdjson.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "venue/json_text.h"

namespace tapeline::venue::json {

namespace ondemand = simdjson::ondemand;

// Containers in containers beyond this are refused. No venue goes past six.
inline constexpr int kDepthMax = 64;

// What a visitor of fields wants, and how a walk over them ended.
enum class Step : std::uint8_t {
  kNext,  // go on; of a walk: the object was read to its end
  kStop,  // enough is known of this frame
  kBad,   // not JSON
};

// Reads one JSON object or array per frame, forward only, each field once and in the order it is
// written. Everything that is read or skipped is checked: what reaches its end is valid JSON. The
// views it gives point into the frame or into memory of its own, where a text holds escapes or a
// bracket stands behind the frame; they live until the next open(). One thread.
class Reader {
 public:
  // False when the frame is no JSON object. `frame` has kReadPadding readable bytes behind it.
  bool open(std::string_view frame);
  // The same of an array, which walk_array() reads.
  bool open_array(std::string_view frame);

  // Calls on_field(key, value) for each field of the frame's object; it must take(), skip() or
  // walk() the value, unless it stops.
  template <typename OnField>
  Step walk(OnField&& on_field) {
    const Step step = walk_object(root_, on_field);
    return step == Step::kNext && !is_at_end() ? Step::kBad : step;
  }

  // The same for an object inside; kBad when the value is none.
  template <typename OnField>
  Step walk(ondemand::value& value, OnField&& on_field) {
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return Step::kBad;
    return walk_object(object, on_field);
  }

  // Calls on_element(value) for each element of the frame's array, under the same rules.
  template <typename OnElement>
  Step walk_array(OnElement&& on_element) {
    const Step step = walk_elements(root_array_, on_element);
    return step == Step::kNext && !is_at_end() ? Step::kBad : step;
  }

  // The same for an array inside; kBad when the value is none.
  template <typename OnElement>
  Step walk_array(ondemand::value& value, OnElement&& on_element) {
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return Step::kBad;
    return walk_elements(array, on_element);
  }

  // The value's text; of a container, which is checked whole, only its bracket.
  Step take(ondemand::value& value, Value& out);
  Step skip(ondemand::value& value);

  // The characters of a string value. False when it is no string. At most once per value, for the
  // memory of unescaped texts is as long as the frame.
  bool string_of(const Value& value, std::string_view& out) {
    if (value.kind() != Kind::kString) return false;
    out = value.quoted();
    return !has_escapes_ || scratch_.unescape(out);
  }

  static char first_of(ondemand::value& value) { return value.raw_json_token()[0]; }

 private:
  template <typename OnField>
  Step walk_object(ondemand::object& object, OnField& on_field) {
    for (auto field : object) {
      if (field.error() != simdjson::SUCCESS) return Step::kBad;
      ondemand::value value = field.value_unsafe().value();
      std::string_view key = raw_key(field.value_unsafe().key().raw(), value);
      if (has_escapes_ && !scratch_.unescape(key)) return Step::kBad;
      if (const Step step = on_field(key, value); step != Step::kNext) return step;
    }
    return Step::kNext;
  }

  template <typename OnElement>
  Step walk_elements(ondemand::array& array, OnElement& on_element) {
    for (auto element : array) {
      if (element.error() != simdjson::SUCCESS) return Step::kBad;
      if (const Step step = on_element(element.value_unsafe()); step != Step::kNext) return step;
    }
    return Step::kNext;
  }

  bool read_ahead(std::string_view frame);

  // The key between its quotes. Mostly the value follows it as `":`, which saves a search.
  static std::string_view raw_key(const char* key, ondemand::value& value) {
    const char* behind = value.raw_json_token().data();
    const bool is_close = behind - key >= 2 && behind[-1] == ':' && behind[-2] == '"';
    return is_close ? std::string_view(key, static_cast<std::size_t>(behind - 2 - key))
                    : key_before_blanks(key, behind);
  }
  static std::string_view key_before_blanks(const char* key, const char* behind);

  // Nothing but blanks is left.
  bool is_at_end() { return document_.current_location().error() == simdjson::OUT_OF_BOUNDS; }

  bool is_valid(ondemand::value& value, int depth);
  bool is_valid_array(ondemand::value& value, int depth);
  bool is_valid_object(ondemand::value& value, int depth);

  ondemand::parser parser_;
  ondemand::document document_;
  ondemand::object root_;
  ondemand::array root_array_;
  bool has_escapes_ = false;
  Scratch scratch_;
  std::string apart_;  // a copy of the frame, where a bracket stands behind it
};

}  // namespace tapeline::venue::json
