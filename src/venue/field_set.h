// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "venue/json.h"

namespace tapeline::venue {

// Those fields of an object that somebody reads, by a Key whose last enumerator, kOther, is every
// other field. Views into the frame.
template <typename Key>
class FieldSet {
 public:
  void clear() {
    seen_ = 0;
    is_repeated_ = false;
  }

  // Takes the value of a field, or skips it: where nobody reads it, or it stands there already.
  json::Step take(json::Reader& reader, Key key, json::ondemand::value& value) {
    if (key == Key::kOther) return reader.skip(value);
    if (!note(key)) return reader.skip(value);
    return reader.take(value, values_[static_cast<std::size_t>(key)]);
  }

  // Notes a field whose value is read elsewhere; false: it stands there already.
  bool note(Key key) {
    is_repeated_ = is_repeated_ || has(key);
    if (has(key)) return false;
    seen_ |= bit(key);
    values_[static_cast<std::size_t>(key)] = {};
    return true;
  }

  [[nodiscard]] bool has(Key key) const { return (seen_ & bit(key)) != 0; }
  [[nodiscard]] const json::Value& at(Key key) const {
    static constexpr json::Value kAbsent;
    return has(key) ? values_[static_cast<std::size_t>(key)] : kAbsent;
  }
  // There, and neither null nor an empty string.
  [[nodiscard]] bool says(Key key) const {
    const json::Value& value = at(key);
    return !value.is_absent() && value.kind() != json::Kind::kNull && value.text() != "\"\"";
  }
  // One key twice: nobody can say which is meant.
  [[nodiscard]] bool is_repeated() const { return is_repeated_; }

 private:
  static_assert(static_cast<std::size_t>(Key::kOther) < 32);
  static constexpr std::uint32_t bit(Key key) { return 1U << static_cast<unsigned>(key); }

  std::array<json::Value, static_cast<std::size_t>(Key::kOther)> values_;
  std::uint32_t seen_ = 0;
  bool is_repeated_ = false;
};

}  // namespace tapeline::venue
