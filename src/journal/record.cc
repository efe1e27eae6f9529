// SPDX-License-Identifier: Apache-2.0
#include "journal/record.h"

namespace tapeline::journal {

const char* name_of(RecordType type) {
  switch (type) {
    case RecordType::kEpoch:
      return "epoch";
    case RecordType::kInstruments:
      return "instruments";
    case RecordType::kOpen:
      return "open";
    case RecordType::kClose:
      return "close";
    case RecordType::kSent:
      return "sent";
    case RecordType::kFrame:
      return "frame";
    case RecordType::kRow:
      return "row";
    case RecordType::kRefused:
      return "refused";
    case RecordType::kRequest:
      return "request";
    case RecordType::kAnswer:
      return "answer";
    case RecordType::kTick:
      return "tick";
  }
  return "unknown";
}

}  // namespace tapeline::journal
