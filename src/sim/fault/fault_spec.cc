// SPDX-License-Identifier: Apache-2.0
#include "sim/fault/fault_spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "sim/market/text.h"

namespace tapeline::sim {
namespace {

// Of a percentage: so it is exact in billionths.
constexpr std::size_t kPercentPlaces = 7;

enum class Form : std::uint8_t {
  kChance,
  kDuration,
  kTime,
  kDurationAndChance,
  kShift,
  kCount,
  kOn
};

// One part of the list: its name, what stands behind it, and where that goes.
struct Key {
  std::string_view name;
  Form form = Form::kOn;
  Chance FaultSpec::*chance = nullptr;
  Duration FaultSpec::*duration = nullptr;
  std::uint64_t FaultSpec::*count = nullptr;
  bool FaultSpec::*is_on = nullptr;
};

constexpr Key chance(std::string_view name, Chance FaultSpec::*to) {
  return {.name = name, .form = Form::kChance, .chance = to};
}
constexpr Key lasting(std::string_view name, Form form, Duration FaultSpec::*to) {
  return {.name = name, .form = form, .duration = to};
}
constexpr Key lasting_chance(std::string_view name, Duration FaultSpec::*lasts,
                             Chance FaultSpec::*to) {
  return {.name = name, .form = Form::kDurationAndChance, .chance = to, .duration = lasts};
}

constexpr std::array kKeys{
    chance("lose", &FaultSpec::lose),
    chance("dup", &FaultSpec::dup),
    chance("swap", &FaultSpec::swap),
    chance("bad_frame", &FaultSpec::bad_frame),
    lasting_chance("delay", &FaultSpec::delay_by, &FaultSpec::delay),
    lasting_chance("slow", &FaultSpec::slow_for, &FaultSpec::slow),
    lasting("reorder", Form::kDuration, &FaultSpec::reorder_within),
    lasting("drop", Form::kDuration, &FaultSpec::drop_after),
    lasting("drop", Form::kTime, &FaultSpec::drop_at),
    lasting("halfopen", Form::kDuration, &FaultSpec::half_open_after),
    lasting("halfopen", Form::kTime, &FaultSpec::half_open_at),
    lasting("silent_channel", Form::kDuration, &FaultSpec::silent_channel_after),
    lasting("silent_channel", Form::kTime, &FaultSpec::silent_channel_at),
    Key{.name = "accept_then_close", .is_on = &FaultSpec::accept_then_close},
    lasting("skew", Form::kShift, &FaultSpec::skew),
    chance("rest", &FaultSpec::rest),
    chance("rest_429", &FaultSpec::rest_429),
    chance("rest_500", &FaultSpec::rest_500),
    chance("rest_html", &FaultSpec::rest_html),
    Key{.name = "rate_limit", .is_on = &FaultSpec::rate_limit},
    Key{.name = "history", .form = Form::kCount, .count = &FaultSpec::history},
    lasting("rest_lag", Form::kDuration, &FaultSpec::rest_lag),
    lasting("relist", Form::kDuration, &FaultSpec::relist_every),
};

// What stands behind a name, and what that may be.
struct FormText {
  std::string_view written;
  std::string_view allowed;
};

FormText text_of(Form form) {
  switch (form) {
    case Form::kChance:
      return {"=P", "a chance like 0.1%, at most 100% and seven decimal places"};
    case Form::kDuration:
      return {"=D", "a duration like 20s, more than 0 and at most 1d"};
    case Form::kTime:
      return {"@T", "a time like 30s, more than 0 and at most 1d"};
    case Form::kDurationAndChance:
      return {"=D:P", "a duration and a chance like 200ms:1%"};
    case Form::kShift:
      return {"=+D", "like +3s or -500ms, at most 1d"};
    case Form::kCount:
      return {"=N", "a number like 500, at most 1000000000"};
    case Form::kOn:
      return {"", "nothing behind it"};
  }
  return {};
}

// "0%", "100%", "0.1%": at most seven places, so that it is exact.
std::optional<Chance> parse_chance(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  if (whole.empty() || whole.size() > 3 || fraction.size() > kPercentPlaces) return std::nullopt;
  if (point < text.size() && fraction.empty()) return std::nullopt;
  std::uint64_t billionths = 0;
  for (const char digit : whole) {
    if (digit < '0' || digit > '9') return std::nullopt;
    billionths = billionths * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  for (std::size_t i = 0; i < kPercentPlaces; ++i) {
    const char digit = i < fraction.size() ? fraction[i] : '0';
    if (digit < '0' || digit > '9') return std::nullopt;
    billionths = billionths * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  if (billionths > Chance::kWhole) return std::nullopt;
  return Chance{static_cast<std::uint32_t>(billionths)};
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

std::optional<Duration> parse_shift(std::string_view text) {
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const auto span = parse_span(text.substr(1));
  if (!span) return std::nullopt;
  return text.front() == '+' ? *span : -*span;
}

// Puts what was read where it goes; false when nothing was.
template <typename T>
bool put(const std::optional<T>& read, T FaultSpec::*to, FaultSpec& spec) {
  if (read) spec.*to = *read;
  return read.has_value();
}

bool read_value(const Key& key, std::string_view value, FaultSpec& spec) {
  switch (key.form) {
    case Form::kChance:
      return put(parse_chance(value), key.chance, spec);
    case Form::kDuration:
    case Form::kTime:
      return put(parse_span(value), key.duration, spec);
    case Form::kDurationAndChance: {
      const std::size_t colon = value.find(':');
      return colon != std::string_view::npos &&
             put(parse_span(value.substr(0, colon)), key.duration, spec) &&
             put(parse_chance(value.substr(colon + 1)), key.chance, spec);
    }
    case Form::kShift:
      return put(parse_shift(value), key.duration, spec);
    case Form::kCount:
      return put(parse_number(value), key.count, spec);
    case Form::kOn:
      spec.*key.is_on = true;
      return true;
  }
  return false;
}

// How the faults of that name are written, or all of them.
std::string choices(std::string_view name = {}) {
  std::vector<std::string> written;
  for (const Key& key : kKeys) {
    if (!name.empty() && key.name != name) continue;
    const FormText text = text_of(key.form);
    written.push_back(fmt::format("{}{}", key.name, text.written));
    if (!name.empty()) written.back() += fmt::format(" ({})", text.allowed);
  }
  return fmt::format("{}", fmt::join(written, name.empty() ? ", " : " or "));
}

std::optional<std::string_view> list_of_name(std::string_view name) {
  if (name == "off") return "";
  if (name == "mild") return kFaultsMild;
  if (name == "storm") return kFaultsStorm;
  return std::nullopt;
}

// What is wrong with one part of a list, or nothing.
std::string read_part(std::string_view part, FaultSpec& spec) {
  const std::string_view name = part.substr(0, part.find_first_of("=@"));
  const std::string_view behind = part.substr(name.size());
  bool is_known = false;
  for (const Key& key : kKeys) {
    if (key.name != name) continue;
    is_known = true;
    const bool is_bare = key.form == Form::kOn;
    const char mark = key.form == Form::kTime ? '@' : '=';
    if (is_bare != behind.empty() || (!is_bare && behind.front() != mark)) continue;
    if (read_value(key, is_bare ? behind : behind.substr(1), spec)) return {};
  }
  if (is_known) return "write " + choices(name);
  return fmt::format("no such fault (allowed: off, mild, storm, or a list of {})", choices());
}

// Reads a list; gives what is wrong, and where.
std::string read_list(std::string_view text, FaultSpec& spec) {
  std::size_t begin = 0;
  for (int number = 1; begin <= text.size(); ++number) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    const std::string_view part = text.substr(begin, comma - begin);
    const auto list = list_of_name(part);
    std::string mistake;
    if (number != 1 || !list) {
      mistake = read_part(part, spec);
    } else if (!list->empty()) {
      mistake = read_list(*list, spec);
    }
    if (!mistake.empty()) return fmt::format("part {}, \"{}\": {}", number, part, mistake);
    begin = comma + 1;
  }
  return {};
}

std::uint64_t sum_of_chances(const FaultSpec& spec) {
  std::uint64_t sum = 0;
  for (const Chance chance :
       {spec.lose, spec.dup, spec.swap, spec.bad_frame, spec.delay, spec.slow}) {
    sum += chance.billionths;
  }
  return sum;
}

std::uint64_t sum_of_rest_chances(const FaultSpec& spec) {
  std::uint64_t sum = 0;
  for (const Chance chance : {spec.rest, spec.rest_429, spec.rest_500, spec.rest_html}) {
    sum += chance.billionths;
  }
  return sum;
}

}  // namespace

Result<FaultSpec> parse_faults(std::string_view text) {
  FaultSpec spec;
  std::string mistake = read_list(text, spec);
  if (mistake.empty() && sum_of_chances(spec) > Chance::kWhole) {
    mistake = "the chances of a frame add up to more than 100%, but a frame has at most one fault";
  }
  if (mistake.empty() && sum_of_rest_chances(spec) > Chance::kWhole) {
    mistake = "the chances of a request add up to more than 100%, but it has at most one fault";
  }
  if (!mistake.empty()) return fail(Fault::kCaller, std::move(mistake));
  return spec;
}

std::string format_faults(const FaultSpec& spec) {
  std::string text;
  for (const Key& key : kKeys) {
    if (key.chance != nullptr && spec.*key.chance == Chance{}) continue;
    if (key.duration != nullptr && spec.*key.duration == Duration()) continue;
    if (key.count != nullptr && spec.*key.count == 0) continue;
    if (key.is_on != nullptr && !(spec.*key.is_on)) continue;
    if (!text.empty()) text += ',';
    text += key.name;
    if (key.form != Form::kOn) text += key.form == Form::kTime ? '@' : '=';
    if (key.form == Form::kShift && spec.*key.duration > Duration()) text += '+';
    if (key.count != nullptr) text += std::to_string(spec.*key.count);
    if (key.duration != nullptr) text += format_duration(spec.*key.duration);
    if (key.duration != nullptr && key.chance != nullptr) text += ':';
    if (key.chance == nullptr) continue;
    append_exact(text, (spec.*key.chance).billionths, kPercentPlaces);
    text += '%';
  }
  return text.empty() ? "off" : text;
}

}  // namespace tapeline::sim
