// SPDX-License-Identifier: Apache-2.0
#include "decode/source.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "decode/text_lines.h"

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

constexpr std::string_view kStamped = "stamped";
constexpr std::string_view kInferred = "inferred";
constexpr std::string_view kBesideInferred = "stamped-beside-inferred";

constexpr std::string_view kFrames = "frames";
constexpr std::string_view kRows = "rows";
constexpr std::string_view kRecordOnly = "record-only";

std::string_view kind_of(const Source& source) {
  if (source.rows) return kRows;
  return source.is_record_only ? kRecordOnly : kFrames;
}

std::string_view recv_of(const Source& source) {
  if (source.recv_inferred) return kInferred;
  return source.idle_known ? kStamped : kBesideInferred;
}

bool set_field(Source& source, std::string_view key, std::string_view value) {
  if (key == "venue") {
    source.venue = value;
  } else if (key == "kind") {
    source.rows = value == kRows;
    source.is_record_only = value == kRecordOnly;
    return source.rows || source.is_record_only || value == kFrames;
  } else if (key == "recv") {
    source.recv_inferred = value == kInferred;
    source.idle_known = value == kStamped;
    return source.recv_inferred || source.idle_known || value == kBesideInferred;
  } else if (key == "name") {
    source.name = value;
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
  return fmt::format("venue: {}\nname: {}\nkind: {}\nrecv: {}\nunit: {}\nheader: {}\n",
                     source.venue, source.name, kind_of(source), recv_of(source),
                     name_of(source.time_unit), source.csv_header);
}

Result<Source> parse_source(std::string_view bytes) {
  Source source;
  const auto set = [&](std::string_view key, std::string_view value) {
    return set_field(source, key, value);
  };
  if (auto done = read_text_lines(bytes, "opening", set); !done) {
    return tl::make_unexpected(done.error());
  }
  return source;
}

}  // namespace tapeline::decode
