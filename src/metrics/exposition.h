// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/counters.h"
#include "metrics/histogram.h"

namespace tapeline::metrics {

// Writes what is counted and measured as Prometheus text, version 0.0.4. Units are seconds and
// bytes.
class Exposition {
 public:
  using Label = std::pair<std::string_view, std::string_view>;
  using LabelPairs = std::initializer_list<Label>;

  // Every counter of the table, with the cells of all of these; what nobody has counted is 0. Of
  // venues that are not among these a cell that counted nothing is left out.
  void counters(const std::vector<const Counters*>& counted,
                const std::vector<std::string>& venues);
  // A family; its samples follow.
  void gauge(std::string_view name, std::string_view help);
  void counter(std::string_view name, std::string_view help);
  void histogram(std::string_view name, std::string_view help);
  void sample(std::string_view name, LabelPairs labels, std::uint64_t value);
  void sample_seconds(std::string_view name, LabelPairs labels, Duration value);
  void sample_ratio(std::string_view name, LabelPairs labels, double value);
  // Of a histogram: all its buckets, the sum and the count.
  void samples(std::string_view name, LabelPairs labels, const Histogram& waits);

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void family(std::string_view name, std::string_view help, std::string_view type);
  void begin_sample(std::string_view name, std::span<const Label> labels);

  std::string out_;
};

}  // namespace tapeline::metrics
