// SPDX-License-Identifier: Apache-2.0
#include "replay/held_openings.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/padding.h"

namespace tapeline::replay {

using journal::Record;
using journal::RecordType;

bool is_opening(const Record& record) {
  return record.type == RecordType::kEpoch || record.type == RecordType::kInstruments ||
         record.type == RecordType::kOpen;
}

void HeldOpenings::hold(const Record& record) {
  std::string bytes(record.bytes);
  bytes.append(kReadPadding, '\0');
  held_.insert_or_assign({record.type, record.connection, std::move(bytes)},
                         Place{record.position, record.ts_recv});
}

std::vector<HeldOpenings::Held> HeldOpenings::take() {
  std::vector<Held> in_order;
  for (auto& [said, place] : std::exchange(held_, {})) in_order.push_back({said, place});
  std::sort(in_order.begin(), in_order.end(), [](const Held& a, const Held& b) {
    return a.place.position.ordinal < b.place.position.ordinal;
  });
  return in_order;
}

Record HeldOpenings::record_of(const Held& held) {
  const auto& [type, connection, padded] = held.said;
  Record record;
  record.type = type;
  record.connection = connection;
  record.position = held.place.position;
  record.ts_recv = held.place.ts_recv;
  record.bytes = std::string_view(padded).substr(0, padded.size() - kReadPadding);
  return record;
}

}  // namespace tapeline::replay
