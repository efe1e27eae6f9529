// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tapeline {

// The codes under which a venue reported a trade, in the venue's own numbering: a set of numbers.
// What a code means the venue's table says, as far as it is known.
class Conditions {
 public:
  // Codes 0 to 62 stand as they are. Whatever else a venue writes there is one mark, "other"; its
  // text is in the journal.
  static constexpr unsigned kCodes = 63;

  constexpr void add(std::uint64_t code) {
    bits_ |= std::uint64_t{1} << (code < kCodes ? code : kCodes);
  }
  constexpr void add_other() { add(kCodes); }
  // The text of a code: its digits, and no zero before them.
  constexpr void add_text(std::string_view text) {
    const auto digit = [text](std::size_t i) { return static_cast<unsigned>(text[i] - '0'); };
    const bool is_code = (text.size() == 1 && digit(0) <= 9) ||
                         (text.size() == 2 && digit(0) - 1 <= 8 && digit(1) <= 9);
    if (!is_code) return add_other();
    add(text.size() == 1 ? digit(0) : digit(0) * 10 + digit(1));
  }

  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  // As they are stored: a bit for each code, the highest one for "other".
  [[nodiscard]] constexpr std::uint64_t bits() const { return bits_; }
  static constexpr Conditions of_bits(std::uint64_t bits) {
    Conditions conditions;
    conditions.bits_ = bits;
    return conditions;
  }
  friend constexpr bool operator==(Conditions, Conditions) = default;

 private:
  std::uint64_t bits_ = 0;
};

// As people read them: "1 12 other".
void append_conditions(std::string& out, Conditions conditions);

// What a code means, in our words.
enum class Condition : std::uint8_t {
  kRegular,
  kIntermarketSweep,
  kOddLot,
  kExtendedHours,
  kUnknown,  // the venue's table does not know the code
  kEnd,
};

// What a trade counts for in its bars; the greater counts for more.
enum class Counts : std::uint8_t {
  kNone,      // nothing: the bar is as if it had not been
  kVolume,    // volume, notional, VWAP, the number of trades
  kFallback,  // these, and prices where the bar has no trade that counts for all
  kAll,
};

// What trades count for by what their codes mean: of several the least. As the consolidated tapes
// of US stocks have it, whose daily prices no odd lot and no trade outside regular hours sets.
struct ConditionRules {
  std::array<Counts, static_cast<std::size_t>(Condition::kEnd)> counts{
      Counts::kAll, Counts::kAll, Counts::kVolume, Counts::kFallback, Counts::kAll};

  [[nodiscard]] constexpr Counts of(Condition condition) const {
    return counts[static_cast<std::size_t>(condition)];
  }
  constexpr Counts& of(Condition condition) { return counts[static_cast<std::size_t>(condition)]; }
  friend constexpr bool operator==(const ConditionRules&, const ConditionRules&) = default;
};

const char* name_of(Condition condition);
const char* name_of(Counts counts);
std::optional<Condition> parse_condition(std::string_view text);
std::optional<Counts> parse_counts(std::string_view text);

// "regular=all,intermarket_sweep=all,...": every rule, so that equal texts are equal rules.
std::string text_of(const ConditionRules& rules);
// The same back; nothing where it is no such text.
std::optional<ConditionRules> parse_condition_rules(std::string_view text);

}  // namespace tapeline
