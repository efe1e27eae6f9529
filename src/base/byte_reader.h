// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_writer.h"
#include "base/int128.h"
#include "base/result.h"
#include "base/time.h"

namespace tapeline {

// Reads what ByteWriter wrote, or what is damaged or hostile. The first thing that is wrong stays:
// from then on every read gives zeros and nothings, so that a loader may read on and ask at the
// end; but a loop ends at failed(). Reads no byte beyond the last. One thread.
class ByteReader {
 public:
  // `bytes` outlives it.
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}

  // Names what is read while it lives, for the error.
  class Part {
   public:
    Part(ByteReader& reader, std::string_view name) : reader_(reader) {
      reader_.parts_.push_back(name);
    }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;
    ~Part() { reader_.parts_.pop_back(); }

   private:
    ByteReader& reader_;
  };

  template <typename T>
  [[nodiscard]] T number() {
    static_assert(T(0) < static_cast<T>(~T(0)), "unsigned");
    if (left_.empty()) return refused<T>(kCutShort);
    const auto first = static_cast<std::uint8_t>(left_.front());
    if (first < ByteWriter::kInlineEnd) {
      left_.remove_prefix(1);
      return first;
    }
    const std::size_t bytes = first - ByteWriter::kInlineEnd + std::size_t{1};
    if (bytes > sizeof(T)) return refused<T>("a number is too large");
    if (left_.size() <= bytes) return refused<T>(kCutShort);
    T value = 0;
    std::memcpy(&value, left_.data() + 1, bytes);
    // Each number has one form.
    if (left_[bytes] == 0 || value < ByteWriter::kInlineEnd) {
      return refused<T>("a number is longer than it needs to be");
    }
    left_.remove_prefix(1 + bytes);
    return value;
  }
  [[nodiscard]] std::int64_t integer() {
    const auto bits = number<std::uint64_t>();
    return static_cast<std::int64_t>(bits >> 1 ^ (std::uint64_t{0} - (bits & 1)));
  }
  [[nodiscard]] Int128 integer128() {
    const auto bits = number<Uint128>();
    return static_cast<Int128>(bits >> 1 ^ (Uint128{0} - (bits & 1)));
  }
  [[nodiscard]] bool flag() {
    const auto value = number<std::uint8_t>();
    require(value <= 1, "a flag is neither set nor not");
    return value == 1;
  }
  // One of the values up to `last`.
  template <typename Enum>
  [[nodiscard]] Enum choice(Enum last) {
    const auto value = number<std::uint8_t>();
    require(value <= static_cast<std::uint8_t>(last), "a choice is not known");
    return failed() ? Enum{} : static_cast<Enum>(value);
  }
  // A time, around which windows and watermarks may be reckoned, or the one that stands for none.
  template <typename Time>
  [[nodiscard]] Time time(std::optional<Time> none = std::nullopt) {
    const std::int64_t ns = integer();
    return none && ns == none->unix_ns() ? *none : time_of<Time>(ns);
  }
  // The same, of a time that was reckoned from what was read.
  template <typename Time>
  [[nodiscard]] Time time_of(Int128 unix_ns) {
    require(unix_ns >= kTimeMin && unix_ns <= kTimeMax, "a time is out of range");
    return failed() ? Time{} : Time(static_cast<std::int64_t>(unix_ns));
  }
  // A view into the bytes.
  [[nodiscard]] std::string_view text();
  // How many elements follow, each of at least one byte: never more than could.
  [[nodiscard]] std::size_t count(std::size_t most);

  void refuse(std::string_view why);
  void require(bool holds, std::string_view why) {
    if (!holds) [[unlikely]]
      refuse(why);
  }
  [[nodiscard]] bool failed() const { return error_.has_value(); }
  // What was wrong and in which part, if anything was.
  [[nodiscard]] Result<void> result() const;
  [[nodiscard]] bool is_at_end() const { return left_.empty(); }

 private:
  // A year from either end of time: no option reckons with more.
  static constexpr std::int64_t kYearNs = std::int64_t{365} * 86'400 * 1'000'000'000;
  static constexpr std::int64_t kTimeMin = INT64_MIN + kYearNs;
  static constexpr std::int64_t kTimeMax = INT64_MAX - kYearNs;

  static constexpr std::string_view kCutShort = "it ends too early";

  template <typename T>
  T refused(std::string_view why) {
    refuse(why);
    return T(0);
  }

  std::string_view left_;
  std::vector<std::string_view> parts_;
  std::optional<std::string> error_;
};

}  // namespace tapeline
