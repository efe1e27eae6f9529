// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace tapeline::decode {

// What a connection or an input is: the bytes of a journal record of type kOpen. Everything that
// decode has to know to read the records that follow on this connection.
struct Source {
  std::string venue{};  // a name of the venue table; may be empty for rows with a venue column
  std::string name{};   // of an input, for people; one line
  bool rows = false;    // records are lines of a CSV file, not frames
  bool is_record_only = false;  // frames that nobody reads, but for a reparse
  bool recv_inferred = false;   // ts_recv was not seen but inferred from event times
  // Silence means something: not where ts_recv is inferred, nor where it stands in one sequence
  // with such inputs, whose clock is not this one's.
  bool idle_known = true;
  TimeUnit time_unit = TimeUnit::kNone;  // of integer times in rows
  std::string csv_header{};              // of rows
};

// Text lines `key: value`; unknown keys are an error, so that an older program never misreads.
std::string encode_source(const Source& source);
[[nodiscard]] Result<Source> parse_source(std::string_view bytes);

}  // namespace tapeline::decode
