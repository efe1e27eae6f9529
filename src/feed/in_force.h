// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "journal/record.h"

namespace tapeline::feed {

// What has to be known before a segment's first frame can be read: the epoch, the instrument lists
// and which connections are open. Repeated at the start of each segment, so that it can be read
// when those before it are gone.
class InForce {
 public:
  // Takes note of what a record says, whatever it is.
  void pass(const journal::Record& record);

  template <typename OnRecord>
  void for_each(RecvTime ts_recv, OnRecord&& on_record) const {
    journal::Record record;
    record.ts_recv = ts_recv;
    const auto give = [&](journal::RecordType type, const std::string& bytes) {
      record.type = type;
      record.bytes = bytes;
      on_record(record);
    };
    if (!epoch_.empty()) give(journal::RecordType::kEpoch, epoch_);
    for (const auto& [venue, list] : lists_) give(journal::RecordType::kInstruments, list);
    for (const auto& [connection, source] : open_) {
      record.connection = connection;
      give(journal::RecordType::kOpen, source);
    }
  }
  // Of all of it.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  void set(std::string& to, std::string_view bytes);

  std::string epoch_;
  std::map<std::string, std::string, std::less<>> lists_;  // by venue
  std::map<ConnectionId, std::string> open_;
  std::uint64_t bytes_ = 0;
};

}  // namespace tapeline::feed
