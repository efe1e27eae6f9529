// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "decode/decoder.h"
#include "replay/foreign_clock.h"
#include "replay/merged_inputs.h"
#include "replay/options.h"
#include "replay/record_source.h"

namespace tapeline::replay {

// Foreign inputs as the records that a recorder would have written: an epoch, the instrument list
// where one is given, an opening for each input, then their frames and rows with ticks between.
class ForeignRecords final : public RecordSource {
 public:
  // What the numbers of a journal begin with that the records are appended to.
  struct First {
    std::uint64_t ordinal = 0;
    std::uint32_t connection = 0;
    std::uint64_t line = 1;
  };

  // Opens the inputs: mistakes come to light here.
  [[nodiscard]] static Result<std::unique_ptr<ForeignRecords>> open(const Options& options,
                                                                    const std::atomic<bool>& stop);

  // Before the first call of next(), where the records follow others.
  void start_at(First first) {
    first_ = first;
    ordinal_ = first.ordinal;
  }
  // Whether a decoder, which is of no use afterwards, takes what stands before the inputs' own
  // records: an Error names the file.
  [[nodiscard]] Result<void> try_openings(decode::Decoder& decoder) const;

  void start(decode::Decoder& reader) override { reader_ = &reader; }
  [[nodiscard]] bool next(Next& out) override;
  [[nodiscard]] Position end() const override { return {JournalId(0), ordinal_}; }
  [[nodiscard]] Place place_of(const journal::Record& record) const override;
  [[nodiscard]] const std::optional<Error>& damage() const override { return inputs_->damage(); }
  [[nodiscard]] std::vector<std::string> notes() const override { return {}; }
  [[nodiscard]] Progress progress() const override;

 private:
  explicit ForeignRecords(std::unique_ptr<MergedInputs> inputs) : inputs_(std::move(inputs)) {}

  // What stands before the inputs' own records.
  struct Opening {
    journal::RecordType type = journal::RecordType::kOpen;
    std::uint32_t input = 0;
    std::string bytes;
  };

  bool read_input();
  std::string_view padded(std::string bytes);
  void give(Next& out, journal::Record& record);

  std::unique_ptr<MergedInputs> inputs_;
  First first_;
  decode::Decoder* reader_ = nullptr;
  std::string instruments_file_;
  std::vector<Opening> openings_;
  std::size_t openings_given_ = 0;
  ForeignClock clock_;
  std::uint64_t ordinal_ = 0;

  std::string scratch_;  // the bytes of a record that is made here, and their padding
  // A record that was read and waits behind its tick.
  std::optional<journal::Record> waiting_;
  const decode::Parsed* waiting_parsed_ = nullptr;
};

}  // namespace tapeline::replay
