// SPDX-License-Identifier: Apache-2.0
#include "model/conditions.h"

#include <bit>

namespace tapeline {
namespace {

// The enumerator of that name, from the first up to and without `end`.
template <typename Enum>
std::optional<Enum> parse_name(std::string_view text, Enum end) {
  for (unsigned i = 0; i < static_cast<unsigned>(end); ++i) {
    if (text == name_of(static_cast<Enum>(i))) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

void append_conditions(std::string& out, Conditions conditions) {
  bool is_first = true;
  for (std::uint64_t left = conditions.bits(); left != 0; left &= left - 1) {
    const auto code = static_cast<unsigned>(std::countr_zero(left));
    if (!is_first) out.push_back(' ');
    out += code < Conditions::kCodes ? std::to_string(code) : "other";
    is_first = false;
  }
}

const char* name_of(Condition condition) {
  switch (condition) {
    case Condition::kRegular:
      return "regular";
    case Condition::kIntermarketSweep:
      return "intermarket_sweep";
    case Condition::kOddLot:
      return "odd_lot";
    case Condition::kExtendedHours:
      return "extended_hours";
    case Condition::kUnknown:
    case Condition::kEnd:
      break;
  }
  return "unknown";
}

const char* name_of(Counts counts) {
  switch (counts) {
    case Counts::kNone:
      return "none";
    case Counts::kVolume:
      return "volume";
    case Counts::kFallback:
      return "fallback";
    case Counts::kAll:
      break;
  }
  return "all";
}

std::optional<Condition> parse_condition(std::string_view text) {
  return parse_name(text, Condition::kEnd);
}

std::optional<Counts> parse_counts(std::string_view text) {
  return text == name_of(Counts::kAll) ? Counts::kAll : parse_name(text, Counts::kAll);
}

std::string text_of(const ConditionRules& rules) {
  std::string text;
  for (std::size_t i = 0; i < rules.counts.size(); ++i) {
    text += i > 0 ? "," : "";
    text += name_of(static_cast<Condition>(i));
    text += "=";
    text += name_of(rules.counts[i]);
  }
  return text;
}

std::optional<ConditionRules> parse_condition_rules(std::string_view text) {
  ConditionRules rules;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find(','));
    rest.remove_prefix(part.size() < rest.size() ? part.size() + 1 : part.size());
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const auto condition = parse_condition(part.substr(0, equals));
    const auto counts = parse_counts(part.substr(equals + 1));
    if (!condition || !counts) return std::nullopt;
    rules.of(*condition) = *counts;
  }
  // Each once, and no other way to write it.
  return text_of(rules) == text ? std::optional(rules) : std::nullopt;
}

}  // namespace tapeline
