// SPDX-License-Identifier: Apache-2.0
#include "app/live/repair.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "app/environment.h"
#include "app/live/answers.h"
#include "app/values/text.h"

namespace tapeline::app::live {
namespace {

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

Answer Repairs::answer(const Question& question) {
  if (processing_ == nullptr) {
    return failed({Fault::kCaller, Retry::kNever,
                   "the running process only records; stop it, or ask after `tapeline run`"});
  }
  const std::string_view number = question.argument("number");
  if (number.empty()) return begin();
  const auto known = known_.find(number_of(number));
  if (known == known_.end()) {
    return failed({Fault::kOurs, Retry::kNever,
                   "the process that was asked for the repair has ended: ask again"});
  }
  return look_at(known->first, known->second);
}

Answer Repairs::begin() {
  const auto feeds = capture_.feeds().status();
  if (std::none_of(feeds.begin(), feeds.end(),
                   [](const feed::FeedStatus& feed) { return feed.backfill.is_on; })) {
    return failed({Fault::kCaller, Retry::kNever,
                   "no feed of the running process asks its venue's history: feeds[].backfill is "
                   "false, or the venue has none"});
  }
  const std::uint64_t number = capture_.holes().ask_for_repair();
  known_.try_emplace(number);
  if (known_.size() > kKnownMax) known_.erase(known_.begin());
  return {.out = std::to_string(number)};
}

Answer Repairs::look_at(std::uint64_t number, Known& known) {
  if (!known.answered) {
    std::size_t open = 0;  // holes
    bool is_answered = true;
    for (const feed::FeedStatus& feed : capture_.feeds().status()) {
      if (!feed.backfill.is_on) continue;
      open += feed.backfill.waiting;
      is_answered = is_answered && feed.backfill.repairs >= number;
    }
    if (!is_answered) {
      return {.out = fmt::format("the venues are asked: {} holes wait, {} ids are missing",
                                 values::grouped(open),
                                 values::grouped(processing_->holes().missing))};
    }
    known.answered = clock_.wall();
  }
  if (!known.ordinal && capture_.holes().shown_until().unix_ns() > known.answered->unix_ns()) {
    known.ordinal = processing_->next_ordinal();
  }
  const std::uint64_t stored = processing_->progress().committed_ordinal.load();
  if (known.ordinal && stored >= *known.ordinal) return {.out = "done"};
  return {.out = "the venues have answered, and what came is stored"};
}

}  // namespace tapeline::app::live
