// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/instruments.h"

#include "base/check.h"

namespace tapeline::store::duckdb {

void Instruments::add_stored(std::string_view name) {
  const auto number = static_cast<std::uint32_t>(by_name_.size());
  by_name_.try_emplace(std::string(name),
                       StoredInstrument{.number = number, .price = {}, .size = {}});
}

void Instruments::begin(const InstrumentNames& names) {
  names_ = &names;
  by_id_.clear();
}

StoredInstrument& Instruments::look_up(InstrumentId id) {
  TAPELINE_CHECK(names_ != nullptr && id.value() < names_->size(), "an instrument without a name");
  const auto number = static_cast<std::uint32_t>(by_name_.size());
  const auto [at, is_new] = by_name_.try_emplace(
      std::string(names_->name(id)), StoredInstrument{.number = number, .price = {}, .size = {}});
  if (is_new) unstored_.push_back(at->first);
  by_id_.resize(std::max<std::size_t>(by_id_.size(), names_->size()));
  return *(by_id_[id.value()] = &at->second);
}

}  // namespace tapeline::store::duckdb
