// SPDX-License-Identifier: Apache-2.0
#include "sim/fault/fault_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include "sim/market/text.h"

namespace tapeline::sim {
namespace {

constexpr std::size_t kChancePlaces = 9;

// One key of the list: a chance, a duration, or both; or a number.
struct Key {
  std::string_view name;
  Chance FaultSpec::*chance = nullptr;
  Duration FaultSpec::*duration = nullptr;
  std::uint64_t FaultSpec::*number = nullptr;
};

constexpr std::array kKeys{
    Key{"lose", &FaultSpec::lose},
    Key{"repeat", &FaultSpec::repeat},
    Key{"reorder", &FaultSpec::reorder},
    Key{"malformed", &FaultSpec::malformed},
    Key{"delay", &FaultSpec::delay, &FaultSpec::delay_by},
    Key{"slow", &FaultSpec::slow, &FaultSpec::slow_for},
    Key{"drop", nullptr, &FaultSpec::drop_after},
    Key{"half_open", nullptr, &FaultSpec::half_open_after},
    Key{"rest", &FaultSpec::rest},
    Key{"rate_limit", &FaultSpec::rate_limit},
    Key{"rest_500", &FaultSpec::rest_500},
    Key{"rest_html", &FaultSpec::rest_html},
    Key{"history", nullptr, nullptr, &FaultSpec::history},
    Key{"rest_lag", nullptr, &FaultSpec::rest_lag},
};

// "0", "1", "0.001": at most nine places, so that it is exact.
std::optional<Chance> parse_chance(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  if ((whole != "0" && whole != "1") || fraction.size() > kChancePlaces) return std::nullopt;
  if (point < text.size() && fraction.empty()) return std::nullopt;
  std::uint32_t billionths = 0;
  for (std::size_t i = 0; i < kChancePlaces; ++i) {
    const char digit = i < fraction.size() ? fraction[i] : '0';
    if (digit < '0' || digit > '9') return std::nullopt;
    billionths = billionths * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  if (whole == "1" && billionths != 0) return std::nullopt;
  return Chance{whole == "1" ? Chance::kWhole : billionths};
}

std::optional<Duration> parse_span(std::string_view text) {
  const auto span = parse_duration(text);
  if (!span || span->count() == 0 || *span > kFaultDurationMax) return std::nullopt;
  return span;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  const bool is_read = error == std::errc{} && at == end;
  if (!is_read || number == 0 || number > kFaultHistoryMax) return std::nullopt;
  return number;
}

std::string_view form_of(const Key& key) {
  if (key.number != nullptr) return "a number like 500, at most 1000000000";
  if (key.duration == nullptr) return "a chance like 0.001, at most nine decimal places";
  if (key.chance == nullptr) return "a duration like 20s, more than 0 and at most 1d";
  return "a duration and a chance like 200ms:0.01";
}

bool read_value(const Key& key, std::string_view value, FaultSpec& spec) {
  if (key.number != nullptr) {
    const auto number = parse_number(value);
    if (number) spec.*key.number = *number;
    return number.has_value();
  }
  const std::size_t colon = value.find(':');
  const bool is_pair = key.chance != nullptr && key.duration != nullptr;
  if (is_pair && colon == std::string_view::npos) return false;
  if (key.duration != nullptr) {
    const auto span = parse_span(is_pair ? value.substr(0, colon) : value);
    if (!span) return false;
    spec.*key.duration = *span;
  }
  if (key.chance != nullptr) {
    const auto chance = parse_chance(is_pair ? value.substr(colon + 1) : value);
    if (!chance) return false;
    spec.*key.chance = *chance;
  }
  return true;
}

std::optional<std::string_view> list_of_name(std::string_view name) {
  if (name == "off") return "";
  if (name == "mild") return kFaultsMild;
  if (name == "storm") return kFaultsStorm;
  return std::nullopt;
}

// What is wrong with one part of a list, or nothing.
std::string read_part(std::string_view part, FaultSpec& spec) {
  const std::size_t equals = part.find('=');
  for (const Key& key : kKeys) {
    if (equals == std::string_view::npos || part.substr(0, equals) != key.name) continue;
    if (read_value(key, part.substr(equals + 1), spec)) return {};
    return fmt::format("\"{}\": {} wants {}", part, key.name, form_of(key));
  }
  return fmt::format(
      "\"{}\" is no fault (allowed: off, mild, storm, or a list of lose=P, repeat=P, reorder=P, "
      "malformed=P, delay=D:P, slow=D:P, drop=D, half_open=D, rest=P, rate_limit=P, rest_500=P, "
      "rest_html=P, history=N and rest_lag=D)",
      part);
}

// Reads a list; gives what is wrong.
std::string read_list(std::string_view text, FaultSpec& spec) {
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    const std::string_view part = text.substr(begin, comma - begin);
    const auto list = list_of_name(part);
    std::string mistake;
    if (begin != 0 || !list) {
      mistake = read_part(part, spec);
    } else if (!list->empty()) {
      mistake = read_list(*list, spec);
    }
    if (!mistake.empty()) return mistake;
    begin = comma + 1;
  }
  return {};
}

std::uint64_t sum_of_chances(const FaultSpec& spec) {
  std::uint64_t sum = 0;
  for (const Chance chance :
       {spec.lose, spec.repeat, spec.reorder, spec.malformed, spec.delay, spec.slow}) {
    sum += chance.billionths;
  }
  return sum;
}

std::uint64_t sum_of_rest_chances(const FaultSpec& spec) {
  std::uint64_t sum = 0;
  for (const Chance chance : {spec.rest, spec.rate_limit, spec.rest_500, spec.rest_html}) {
    sum += chance.billionths;
  }
  return sum;
}

}  // namespace

Result<FaultSpec> parse_faults(std::string_view text) {
  FaultSpec spec;
  std::string mistake = read_list(text, spec);
  if (mistake.empty() && sum_of_chances(spec) > Chance::kWhole) {
    mistake = "the chances of a frame add up to more than 1, but a frame has at most one fault";
  }
  if (mistake.empty() && sum_of_rest_chances(spec) > Chance::kWhole) {
    mistake = "the chances of a request add up to more than 1, but it has at most one fault";
  }
  if (!mistake.empty()) return fail(Fault::kCaller, std::move(mistake));
  return spec;
}

std::string format_faults(const FaultSpec& spec) {
  std::string text;
  for (const Key& key : kKeys) {
    if (key.number != nullptr && spec.*key.number == 0) continue;
    const bool has_chance = key.chance == nullptr || (spec.*key.chance).billionths != 0;
    const bool has_duration = key.duration == nullptr || (spec.*key.duration).count() != 0;
    if (!has_chance || !has_duration) continue;
    if (!text.empty()) text += ',';
    text += key.name;
    text += '=';
    if (key.number != nullptr) text += std::to_string(spec.*key.number);
    if (key.duration != nullptr) text += format_duration(spec.*key.duration);
    if (key.duration != nullptr && key.chance != nullptr) text += ':';
    if (key.chance != nullptr) append_exact(text, (spec.*key.chance).billionths, kChancePlaces);
  }
  return text.empty() ? "off" : text;
}

}  // namespace tapeline::sim
