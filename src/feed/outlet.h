// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/time.h"
#include "feed/record_ring.h"
#include "journal/record.h"

namespace tapeline::feed {

// Where everything that runs on the network's thread leaves its records, in one order. A frame may
// be declined, since its socket can wait; what we do ourselves may not, and waits here until the
// ring has room. While anything waits, nobody connects, sends or fetches, so little can.
class Outlet {
 public:
  Outlet(RecordRing& ring, ConnectionId first) : ring_(ring), next_connection_(first) {}

  // False: not now.
  [[nodiscard]] bool offer(const journal::Record& record) {
    return is_clear() && ring_.offer(record) == Offer::kTaken;
  }
  void add(const journal::Record& record);
  // Gives how many records it could pass on.
  std::size_t flush();

  [[nodiscard]] bool is_clear() const { return waiting_.empty(); }
  // Whether the recorder wants anything at all.
  [[nodiscard]] bool is_open() const { return ring_.is_open(); }
  [[nodiscard]] std::size_t record_bytes_max() const { return ring_.record_bytes_max(); }
  [[nodiscard]] ConnectionId take_connection();

 private:
  struct Waiting {
    journal::Record record;  // its bytes are those below
    std::string bytes;
  };

  RecordRing& ring_;
  std::deque<Waiting> waiting_;
  ConnectionId next_connection_;
};

}  // namespace tapeline::feed
