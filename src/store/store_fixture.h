// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/reader.h"
#include "store/rows.h"

namespace tapeline::store {

// Rows for tests, and what a store must say of them, as lines of text.

inline constexpr JournalId kTestJournal{0x5eed};

inline Position at(std::uint64_t ordinal) { return {kTestJournal, ordinal}; }

// Rows that are a function of the seed and of the ordinal of their record: any store that has taken
// them up to a position holds the same, whatever became of it on the way. Every tenth record is a
// tick, where bars leave and ledgers are said.
class RowMaker {
 public:
  explicit RowMaker(std::uint64_t seed);

  // The rows of the records from `first` to `last`, both included.
  [[nodiscard]] Batch batch(std::uint64_t first, std::uint64_t last) const;
  [[nodiscard]] const InstrumentNames& names() const { return names_; }

 private:
  std::uint64_t seed_;
  InstrumentNames names_;
};

// Everything that a store must hold.
class Expected {
 public:
  void take(const Batch& batch);
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  std::vector<std::string> trades_;
  std::vector<std::string> quotes_;
  std::vector<std::string> bars_;
  std::vector<std::string> rejected_;
  std::vector<std::string> late_;
  std::vector<std::string> candles_;
  std::vector<std::string> listings_;
  std::map<std::pair<std::string, Channel>, std::string> ledgers_;
};

// Everything that a store holds; the Error where it could not be read.
std::vector<std::string> everything_in(Reader& reader);

std::string describe(const TradeRow& row, const InstrumentNames& names);
std::string describe(const QuoteRow& row, const InstrumentNames& names);
std::string describe(const BarRow& row, const InstrumentNames& names);
std::string describe(const RejectedRow& row, const InstrumentNames& names);
std::string describe(const LateRow& row, const InstrumentNames& names);
std::string describe(const CandleRow& row, const InstrumentNames& names);
std::string describe(const ListingRow& row, const InstrumentNames& names);
std::string describe(const LedgerRow& row, const InstrumentNames& names);

}  // namespace tapeline::store
