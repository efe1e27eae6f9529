// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "decode/decoder.h"
#include "replay/record_source.h"
#include "replay/text_output.h"

namespace tapeline::replay {

// Where --rejects goes: one line for each refused item with input, line, reason, the field and the
// beginning of what was refused. Also keeps the first few things a venue complained of.
class RejectsTable final : public decode::RejectSink {
 public:
  // An empty path writes nothing.
  [[nodiscard]] static Result<std::unique_ptr<RejectsTable>> open(const std::string& path,
                                                                  const RecordSource& records);

  void on_reject(const journal::Record& record, const decode::Reject& reject) override;
  void on_venue_error(const journal::Record& record, std::string_view text) override;

  [[nodiscard]] const std::vector<std::string>& venue_errors() const { return venue_errors_; }
  [[nodiscard]] Result<void> finish();

 private:
  explicit RejectsTable(const RecordSource& records) : records_(records) {}

  static constexpr std::size_t kVenueErrorsMax = 3;

  const RecordSource& records_;
  std::unique_ptr<TextOutput> out_;
  std::vector<std::string> venue_errors_;
};

}  // namespace tapeline::replay
