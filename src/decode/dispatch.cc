// SPDX-License-Identifier: Apache-2.0
#include "decode/dispatch.h"

#include <fmt/format.h>

namespace tapeline::decode {

using journal::RecordType;

namespace {

tl::unexpected<Error> never_opened(const journal::Record& record) {
  return fail(Fault::kTheirs, fmt::format("stands on connection {}, which was never opened for "
                                          "such records",
                                          record.connection.value()));
}

}  // namespace

Result<void> dispatch(Decoder& decoder, const journal::Record& record, const Parsed* parsed) {
  switch (record.type) {
    case RecordType::kFrame:
    case RecordType::kRow:
      if (!decoder.is_readable(record)) return never_opened(record);
      decoder.judge(record, parsed != nullptr ? *parsed : decoder.parse(record));
      return {};
    case RecordType::kTick:
      decoder.tick({EngineTime(record.ts_recv.unix_ns()), record.position});
      return {};
    case RecordType::kRefused:
      if (!decoder.is_readable(record)) return never_opened(record);
      return decoder.read(record);
    case RecordType::kEpoch:
    case RecordType::kInstruments:
    case RecordType::kOpen:
      return decoder.read(record);
    case RecordType::kClose:  // What follows is about sessions, not about trades.
    case RecordType::kSent:
    case RecordType::kRequest:
      break;
    case RecordType::kAnswer:
      return decoder.read_answer(record);
  }
  return {};
}

}  // namespace tapeline::decode
