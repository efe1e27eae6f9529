// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/instrument.h"
#include "store/duckdb/layout.h"

namespace tapeline::store::duckdb {

// An instrument as the store knows it: its number there, and at which scales its numbers stand.
struct StoredInstrument {
  std::uint32_t number = 0;
  Scale price;
  Scale size;
};

// The store's numbers of instruments: dense, in the order of their first appearance in it, and the
// same for ever. A batch says instruments in ids of its own.
class Instruments {
 public:
  // One that the store holds already.
  void add_stored(std::string_view name);
  // Whose ids the next rows use.
  void begin(const InstrumentNames& names);

  StoredInstrument& of(InstrumentId id) {
    if (id.value() < by_id_.size() && by_id_[id.value()] != nullptr) return *by_id_[id.value()];
    return look_up(id);
  }

  // Those that came since they were stored, in the order of their numbers.
  [[nodiscard]] const std::vector<std::string>& unstored() const { return unstored_; }
  void set_stored() { unstored_.clear(); }
  [[nodiscard]] std::size_t size() const { return by_name_.size(); }

 private:
  StoredInstrument& look_up(InstrumentId id);

  std::unordered_map<std::string, StoredInstrument> by_name_;
  std::vector<std::string> unstored_;
  const InstrumentNames* names_ = nullptr;
  std::vector<StoredInstrument*> by_id_;  // of names_; null: not looked up yet
};

}  // namespace tapeline::store::duckdb
