// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "decode/decoder.h"
#include "decode/parsed.h"
#include "journal/record.h"

namespace tapeline::replay {

struct Progress {
  std::uint64_t bytes_done = 0;              // of the inputs as they are on disk
  std::optional<std::uint64_t> bytes_total;  // unknown for standard input
  std::uint64_t frames = 0;
};

// Where a refused item stands, for people.
struct Place {
  std::string_view input;
  std::uint64_t line = 0;
};

// The records that a replay reads: a journal's, or those that a recorder would have written of
// foreign inputs. One thread.
class RecordSource {
 public:
  struct Next {
    journal::Record record;
    // What decode read of it already, to find out its ts_recv; null: nothing.
    const decode::Parsed* parsed = nullptr;
  };

  RecordSource() = default;
  RecordSource(const RecordSource&) = delete;
  RecordSource& operator=(const RecordSource&) = delete;
  virtual ~RecordSource() = default;

  // Before the first call of next(): who reads frames that do not say when they were received. It
  // is told of each record that next() gives before the next call, and outlives this.
  virtual void start(decode::Decoder& reader) = 0;
  // The next record; false at the end, and when the input breaks off: see damage(). Its bytes live
  // until the next call.
  [[nodiscard]] virtual bool next(Next& out) = 0;
  // The position behind the last record.
  [[nodiscard]] virtual Position end() const = 0;

  [[nodiscard]] virtual Place place_of(const journal::Record& record) const = 0;
  [[nodiscard]] virtual const std::optional<Error>& damage() const = 0;
  // What people should know of the input beside it, when it has ended.
  [[nodiscard]] virtual std::vector<std::string> notes() const = 0;
  [[nodiscard]] virtual Progress progress() const = 0;
};

}  // namespace tapeline::replay
