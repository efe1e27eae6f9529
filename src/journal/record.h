// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/ids.h"
#include "base/time.h"

namespace tapeline::journal {

// Every kind of input. The numbers are on disk: they never change. What the bytes mean is decode's
// and feed's to say; the journal does not look into them.
enum class RecordType : std::uint8_t {
  kEpoch = 0,        // configuration and engine version in force from here on
  kInstruments = 1,  // a venue's own instrument list
  kOpen = 2,         // a connection or an input begins
  kClose = 3,        // it ended, and why
  kSent = 4,         // what was sent on it: subscriptions
  kFrame = 5,        // a frame as received
  kRow = 6,          // one line of a CSV file whose header stood in the connection's kOpen
  kRefused = 7,      // a line of a foreign input that is neither
  kRequest = 8,      // a REST request
  kAnswer = 9,       // what came back, failures too
  kTick = 10,        // engine time moves to ts_recv
};
inline constexpr std::uint8_t kRecordTypes = 11;

const char* name_of(RecordType type);

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
