// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "journal/record.h"
#include "replay/input.h"
#include "replay/options.h"

namespace tapeline::replay {

// Several inputs as one sequence: by time of receipt when all of them have it, else one after the
// other in the order given. Numbers the lines over all of them. One thread.
class MergedInputs {
 public:
  [[nodiscard]] static Result<std::unique_ptr<MergedInputs>> open(
      const Options& options, const std::atomic<bool>* stop = nullptr);

  // The next record of any input; its bytes live until the next call. When an input breaks off,
  // its Error is kept, and the others go on.
  [[nodiscard]] InputStatus next(journal::Record& record);

  // The input that the last record came from.
  [[nodiscard]] const Input& current() const { return *inputs_[current_]; }
  // Some have times of receipt and some have not: no one clock runs through all of them.
  [[nodiscard]] bool is_mixed() const { return mixed_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Input>>& inputs() const { return inputs_; }
  [[nodiscard]] const std::optional<Error>& damage() const { return damage_; }

 private:
  struct Pending {
    InputStatus status = InputStatus::kEnd;
    journal::Record record;
  };

  void advance(std::size_t input);
  [[nodiscard]] std::size_t earliest() const;

  std::vector<std::unique_ptr<Input>> inputs_;
  std::vector<Pending> pending_;              // of each input when they merge
  std::vector<std::uint64_t> lines_counted_;  // of each input
  bool by_time_ = false;
  bool mixed_ = false;
  bool started_ = false;
  std::size_t current_ = 0;
  std::uint64_t line_ = 0;
  std::optional<Error> damage_;
};

}  // namespace tapeline::replay
