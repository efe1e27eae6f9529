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
  // `data_dir` holds the folder "journal"; begins at the record with that ordinal. A mistake in the
  // folder comes to light here.
  [[nodiscard]] static Result<std::unique_ptr<JournalRecords>> open(const std::string& data_dir,
                                                                    std::size_t chunk_bytes,
                                                                    std::uint64_t from = 0);

  void start(decode::Decoder& /*reader*/) override {}  // every record says when it was received
  [[nodiscard]] bool next(Next& out) override;
  [[nodiscard]] Position end() const override { return {journal_, reader_->next_ordinal()}; }
  [[nodiscard]] Place place_of(const journal::Record& record) const override;
  [[nodiscard]] const std::optional<Error>& damage() const override { return damage_; }
  [[nodiscard]] std::vector<std::string> notes() const override;
  [[nodiscard]] Progress progress() const override;

 private:
  // An input or a connection to a venue, for people.
  struct Origin {
    std::string name;
    std::uint64_t line = 0;  // of its last record, in it alone
  };

  JournalRecords() = default;

  journal::PosixDisk disk_;
  std::unique_ptr<journal::Reader> reader_;
  JournalId journal_;
  std::map<ConnectionId, Origin> origins_;
  std::uint64_t last_line_ = 0;  // over all inputs
  std::optional<Error> damage_;
};

// Where a data folder keeps its journal.
std::string journal_folder(const std::string& data_dir);

}  // namespace tapeline::replay
