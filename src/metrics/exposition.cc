// SPDX-License-Identifier: Apache-2.0
#include "metrics/exposition.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

namespace tapeline::metrics {
namespace {

// From a tenth of a millisecond to ten seconds.
constexpr std::array kBounds{std::chrono::microseconds(100),     std::chrono::microseconds(250),
                             std::chrono::microseconds(500),     std::chrono::microseconds(1000),
                             std::chrono::microseconds(2500),    std::chrono::microseconds(5000),
                             std::chrono::microseconds(10000),   std::chrono::microseconds(25000),
                             std::chrono::microseconds(50000),   std::chrono::microseconds(100000),
                             std::chrono::microseconds(250000),  std::chrono::microseconds(1000000),
                             std::chrono::microseconds(10000000)};

double seconds(Duration value) { return std::chrono::duration<double>(value).count(); }

void append_escaped(std::string& out, std::string_view text, bool is_label) {
  for (const char c : text) {
    if (c == '\\' || (is_label && c == '"')) out.push_back('\\');
    if (c == '\n') {
      out += "\\n";
    } else {
      out.push_back(c);
    }
  }
}

}  // namespace

void Exposition::family(std::string_view name, std::string_view help, std::string_view type) {
  fmt::format_to(std::back_inserter(out_), "# HELP {} ", name);
  append_escaped(out_, help, false);
  fmt::format_to(std::back_inserter(out_), "\n# TYPE {} {}\n", name, type);
}

void Exposition::gauge(std::string_view name, std::string_view help) {
  family(name, help, "gauge");
}

void Exposition::counter(std::string_view name, std::string_view help) {
  family(name, help, "counter");
}

void Exposition::begin_sample(std::string_view name, std::span<const Label> labels) {
  out_ += name;
  char opening = '{';
  for (const auto& [key, value] : labels) {
    if (value.empty()) continue;
    fmt::format_to(std::back_inserter(out_), "{}{}=\"", opening, key);
    append_escaped(out_, value, true);
    out_.push_back('"');
    opening = ',';
  }
  if (opening == ',') out_.push_back('}');
  out_.push_back(' ');
}

void Exposition::sample(std::string_view name, LabelPairs labels, std::uint64_t value) {
  begin_sample(name, {labels.begin(), labels.size()});
  fmt::format_to(std::back_inserter(out_), "{}\n", value);
}

void Exposition::sample_seconds(std::string_view name, LabelPairs labels, Duration value) {
  begin_sample(name, {labels.begin(), labels.size()});
  fmt::format_to(std::back_inserter(out_), "{}\n", seconds(value));
}

void Exposition::sample_ratio(std::string_view name, LabelPairs labels, double value) {
  begin_sample(name, {labels.begin(), labels.size()});
  fmt::format_to(std::back_inserter(out_), "{}\n", value);
}

void Exposition::counters(const std::vector<const Counters*>& counted,
                          const std::vector<std::string>& venues) {
  using Key = std::tuple<std::string, std::string, std::string>;
  std::array<std::map<Key, std::uint64_t>, kCounters.size()> values;
  for (const Counters* each : counted) {
    each->for_each([&](Counter counter, const Labels& labels, std::uint64_t value) {
      const bool is_here = labels.venue.empty() ||
                           std::find(venues.begin(), venues.end(), labels.venue) != venues.end();
      if (value == 0 && !is_here) return;
      values[static_cast<std::size_t>(counter)][{labels.venue, labels.channel, labels.reason}] +=
          value;
    });
  }
  for (std::size_t i = 0; i < kCounters.size(); ++i) {
    const CounterRow& row = kCounters[i];
    counter(row.name, row.help);
    if (values[i].empty()) sample(row.name, {}, 0);
    for (const auto& [key, value] : values[i]) {
      const auto& [venue, channel, reason] = key;
      sample(row.name, {{"venue", venue}, {"channel", channel}, {"reason", reason}}, value);
    }
  }
}

void Exposition::histogram(std::string_view name, std::string_view help) {
  family(name, help, "histogram");
}

void Exposition::samples(std::string_view name, LabelPairs labels, const Histogram& waits) {
  const Histogram::Copy copy = waits.copy();
  const std::string bucket = std::string(name) + "_bucket";
  const auto add = [&](std::string_view bound, std::uint64_t value) {
    std::vector<Label> with_bound(labels);
    with_bound.emplace_back("le", bound);
    begin_sample(bucket, with_bound);
    fmt::format_to(std::back_inserter(out_), "{}\n", value);
  };
  for (const Duration bound : kBounds) add(fmt::format("{}", seconds(bound)), copy.at_most(bound));
  add("+Inf", copy.count);
  sample_seconds(std::string(name) + "_sum", labels, copy.sum);
  sample(std::string(name) + "_count", labels, copy.count);
}

}  // namespace tapeline::metrics
