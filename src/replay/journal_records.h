// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "journal/posix_disk.h"
#include "journal/reader.h"
#include "replay/record_source.h"

namespace tapeline::replay {

// The journal of a data folder, for a replay.
class JournalRecords final : public RecordSource {
 public:
  // `data_dir` holds the folder "journal". A mistake in the folder comes to light here.
  [[nodiscard]] static Result<std::unique_ptr<JournalRecords>> open(const std::string& data_dir,
                                                                    std::size_t chunk_bytes);

  [[nodiscard]] bool next(Next& out) override;
  [[nodiscard]] Position end() const override { return {journal_, reader_->next_ordinal()}; }
  [[nodiscard]] const decode::Epoch& epoch() const override { return epoch_; }
  [[nodiscard]] Place place_of(const journal::Record& record) const override;
  [[nodiscard]] const std::optional<Error>& damage() const override { return damage_; }
  [[nodiscard]] Progress progress() const override;

 private:
  JournalRecords() = default;

  journal::PosixDisk disk_;
  std::unique_ptr<journal::Reader> reader_;
  JournalId journal_;
  decode::Epoch epoch_;
  std::map<ConnectionId, std::string> names_;  // of the inputs or venues behind the connections
  std::optional<journal::Record> first_;       // read to find the epoch, and not given yet
  std::optional<Error> damage_;
};

// Where a data folder keeps its journal.
std::string journal_folder(const std::string& data_dir);

}  // namespace tapeline::replay
