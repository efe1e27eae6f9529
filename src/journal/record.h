// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/ids.h"
#include "base/time.h"

namespace tapeline::journal {

// Every kind of input. Foreign files become the same records in memory.
enum class RecordType : std::uint8_t {
  kOpen,   // a connection or an input begins; bytes: see decode/source.h
  kFrame,  // bytes as received
  kRow,    // one line of a CSV file whose header stood in the connection's kOpen
  kTick,   // engine time moves to ts_recv
};

// One record, opaque to the journal. `bytes` is a view: valid until the reader moves on, with
// kReadPadding readable bytes behind it.
struct Record {
  RecordType type = RecordType::kFrame;
  ConnectionId connection;
  RecvTime ts_recv;
  Position position;
  std::uint64_t line = 0;  // of a foreign input: counted over all inputs, from 1; else 0
  std::string_view bytes;
};

}  // namespace tapeline::journal
