// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/engine.h"
#include "pipeline/random_records.h"

namespace tapeline::pipeline {

// A run over records in one process or in many: at each tick everything said by then is taken, and
// the run may be handed over to another engine by nothing but the bytes of its state. For tests.
class Relay {
 public:
  explicit Relay(const EngineOptions& options);

  // Reads on and closes a batch at each tick. Where `hands_over` says so, with the number of the
  // tick, an engine of that many shards goes on; 0: the same.
  using HandsOver = std::function<unsigned(std::size_t tick)>;
  void run(const std::vector<OwnedRecord>& records, const HandsOver& hands_over = {});

  // Every row in its order, a line each, with where each batch ends.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::size_t handovers() const { return handovers_; }
  // What is counted by now, a line each.
  [[nodiscard]] std::string counters() const;
  // The state as bytes.
  [[nodiscard]] std::string saved();

 private:
  void take_all();
  void hand_over(unsigned shards);

  EngineOptions options_;
  std::unique_ptr<Engine> engine_;
  std::string text_;
  std::size_t ticks_ = 0;
  std::size_t handovers_ = 0;
};

}  // namespace tapeline::pipeline
