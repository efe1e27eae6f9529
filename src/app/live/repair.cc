// SPDX-License-Identifier: Apache-2.0
#include "app/live/repair.h"

#include <algorithm>
#include <vector>

namespace tapeline::app::live {
namespace {

constexpr Duration kRepairLook = std::chrono::milliseconds(20);

bool is_any_on(const Capture& capture) {
  const auto feeds = capture.feeds().status();
  return std::any_of(feeds.begin(), feeds.end(),
                     [](const feed::FeedStatus& feed) { return feed.backfill.is_on; });
}

bool is_answered(const Capture& capture, std::uint64_t number) {
  const auto feeds = capture.feeds().status();
  return std::all_of(feeds.begin(), feeds.end(), [number](const feed::FeedStatus& feed) {
    return !feed.backfill.is_on || feed.backfill.repairs >= number;
  });
}

}  // namespace

Result<void> repair(Capture& capture, const Processing& processing, const RepairWait& wait) {
  if (!is_any_on(capture)) {
    return fail(Fault::kCaller,
                "no feed of the running process asks its venue's history: feeds[].backfill is "
                "false, or the venue has none");
  }
  const std::uint64_t number = capture.holes().ask_for_repair();
  const std::int64_t begin_ns = wait.clock.monotonic_ns();
  std::optional<std::uint64_t> recorded;  // up to where the answers stand in the journal
  for (;;) {
    if (!recorded && is_answered(capture, number)) {
      recorded = capture.recorder().written_ordinal();
    }
    // The records that were under way are in the journal by the next tick, and stored with it.
    if (recorded && processing.progress().committed_ordinal.load() > *recorded) return {};
    if (wait.is_stopped()) return fail(Fault::kCaller, "interrupted: the repair goes on by itself");
    if (wait.clock.monotonic_ns() - begin_ns > wait.within.count()) {
      return fail(Fault::kTheirs,
                  "the venues have not answered everything within " + format_duration(wait.within) +
                      ": the repair goes on by itself",
                  Retry::kAfterBackoff);
    }
    wait.sleep(kRepairLook);
  }
}

}  // namespace tapeline::app::live
