// SPDX-License-Identifier: Apache-2.0
#include "decode/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace tapeline::decode {
namespace {

constexpr std::array<std::pair<std::string_view, TimeUnit>, 5> kUnits{{
    {"none", TimeUnit::kNone},
    {"s", TimeUnit::kSeconds},
    {"ms", TimeUnit::kMillis},
    {"us", TimeUnit::kMicros},
    {"ns", TimeUnit::kNanos},
}};

std::string_view name_of(TimeUnit unit) {
  for (const auto& [name, value] : kUnits) {
    if (value == unit) return name;
  }
  return "none";
}

bool set_field(Source& source, std::string_view key, std::string_view value) {
  if (key == "venue") {
    source.venue = value;
  } else if (key == "kind") {
    source.rows = value == "rows";
    return source.rows || value == "frames";
  } else if (key == "recv") {
    source.recv_inferred = value == "inferred";
    return source.recv_inferred || value == "stamped";
  } else if (key == "header") {
    source.csv_header = value;
  } else if (key == "unit") {
    for (const auto& [name, unit] : kUnits) {
      if (name == value) {
        source.time_unit = unit;
        return true;
      }
    }
    return false;
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string encode_source(const Source& source) {
  return fmt::format("venue: {}\nkind: {}\nrecv: {}\nunit: {}\nheader: {}\n", source.venue,
                     source.rows ? "rows" : "frames", source.recv_inferred ? "inferred" : "stamped",
                     name_of(source.time_unit), source.csv_header);
}

Result<Source> parse_source(std::string_view bytes) {
  Source source;
  while (!bytes.empty()) {
    const auto line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos ||
        !set_field(source, line.substr(0, colon), line.substr(colon + 2))) {
      return fail(Fault::kTheirs, fmt::format("the opening record says \"{}\", which this version "
                                              "of tapeline does not know; a newer one wrote it",
                                              line));
    }
  }
  return source;
}

}  // namespace tapeline::decode
