// SPDX-License-Identifier: Apache-2.0
#include "feed/in_force.h"

#include "decode/instrument_list.h"

namespace tapeline::feed {

void InForce::set(std::string& to, std::string_view bytes) {
  bytes_ += bytes.size();
  bytes_ -= to.size();
  to = bytes;
}

void InForce::pass(const journal::Record& record) {
  switch (record.type) {
    case journal::RecordType::kEpoch:
      set(epoch_, record.bytes);
      break;
    case journal::RecordType::kInstruments:
      if (const auto list = decode::parse_instrument_list(record.bytes)) {
        set(lists_[std::string(list->venue)], record.bytes);
      }
      break;
    case journal::RecordType::kOpen:
      set(open_[record.connection], record.bytes);
      break;
    case journal::RecordType::kClose:
      if (const auto at = open_.find(record.connection); at != open_.end()) {
        bytes_ -= at->second.size();
        open_.erase(at);
      }
      break;
    default:
      break;
  }
}

}  // namespace tapeline::feed
