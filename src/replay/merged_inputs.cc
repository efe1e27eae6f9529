// SPDX-License-Identifier: Apache-2.0
#include "replay/merged_inputs.h"

#include <algorithm>

namespace tapeline::replay {

Result<std::unique_ptr<MergedInputs>> MergedInputs::open(const Options& options,
                                                         const std::atomic<bool>* stop) {
  auto merged = std::make_unique<MergedInputs>();
  for (const std::string& path : options.inputs) {
    const ConnectionId connection(static_cast<std::uint32_t>(merged->inputs_.size()));
    auto input = Input::open(path, options, connection, stop);
    if (!input) return tl::make_unexpected(input.error());
    merged->inputs_.push_back(std::move(*input));
  }
  merged->pending_.resize(merged->inputs_.size());
  merged->lines_counted_.resize(merged->inputs_.size());
  const auto& inputs = merged->inputs_;
  const auto inferred = std::count_if(inputs.begin(), inputs.end(), [](const auto& input) {
    return input->source().recv_inferred;
  });
  merged->by_time_ = inputs.size() > 1 && inferred == 0;
  merged->mixed_ = inferred > 0 && static_cast<std::size_t>(inferred) < inputs.size();
  return merged;
}

void MergedInputs::advance(std::size_t input) {
  Pending& pending = pending_[input];
  auto status = inputs_[input]->next(pending.record);
  if (!status && !damage_) damage_ = status.error();
  pending.status = status.value_or(InputStatus::kEnd);
}

std::size_t MergedInputs::earliest() const {
  std::size_t best = inputs_.size();
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    if (pending_[i].status == InputStatus::kEnd) continue;
    if (best == inputs_.size() || pending_[i].record.ts_recv < pending_[best].record.ts_recv) {
      best = i;
    }
  }
  return best;
}

InputStatus MergedInputs::next(journal::Record& record) {
  if (by_time_) {
    // The record given last lived in its reader's buffer until now.
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      if (!started_ || i == current_) advance(i);
    }
    started_ = true;
    const std::size_t best = earliest();
    if (best == inputs_.size()) return InputStatus::kEnd;
    current_ = best;
  } else {
    advance(current_);
    while (pending_[current_].status == InputStatus::kEnd) {
      if (current_ + 1 == inputs_.size()) return InputStatus::kEnd;
      advance(++current_);
    }
  }
  std::uint64_t& counted = lines_counted_[current_];
  line_ += inputs_[current_]->line_number() - counted;
  counted = inputs_[current_]->line_number();
  record = pending_[current_].record;
  record.line = line_;
  return pending_[current_].status;
}

}  // namespace tapeline::replay
