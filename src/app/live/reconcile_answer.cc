// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "app/environment.h"
#include "app/live/answers.h"
#include "app/values/text.h"
#include "decode/venue_table.h"
#include "store/reconcile.h"

namespace tapeline::app::live {
namespace {

using store::Reconciliation;
using values::grouped;

std::string date_of(EventTime time) { return format_rfc3339(time.unix_ns()).substr(0, 10); }

store::Selection times_of(const Question& question) {
  store::Selection which;
  if (const auto from = parse_rfc3339(question.argument("from"))) which.from = EventTime(*from);
  if (const auto to = parse_rfc3339(question.argument("to"))) which.to = EventTime(*to);
  return which;
}

// Only what the question is about.
Reconciliation chosen(Reconciliation found, const std::vector<std::string>& patterns) {
  const auto is_other = [&](const auto& row) { return !is_chosen(patterns, row.instrument); };
  std::erase_if(found.days, is_other);
  std::erase_if(found.differences, is_other);
  return found;
}

struct Sum {
  std::uint64_t compared = 0;
  std::uint64_t different = 0;
  std::uint64_t uncompared = 0;

  explicit Sum(const Reconciliation& found) {
    for (const store::ReconciledDay& day : found.days) {
      compared += day.equal + day.different;
      different += day.different;
      uncompared +=
          day.gap + day.unknown + day.no_bar + day.no_candle + day.unanswered + day.before;
    }
  }
};

std::string text_of(const Sum& sum) {
  return fmt::format(
      "{} minutes compared with the venues' own candles, {} differ; {} could not be "
      "compared",
      grouped(sum.compared), grouped(sum.different), grouped(sum.uncompared));
}

std::string lines_of(const Reconciliation& found) {
  std::string lines;
  for (const store::ReconciledDifference& its : found.differences) {
    lines += fmt::format(
        "{} {} {} {}: ours {}, the venue's {} ({})\n", its.is_unexcused() ? "differs" : "excused",
        its.instrument, format_rfc3339(its.start.unix_ns()), its.field, its.ours.value_or("(none)"),
        its.theirs.value_or("(none)"), its.quality.empty() ? "no bar" : its.quality);
  }
  if (found.left_out > 0) lines += fmt::format("... and {} more\n", grouped(found.left_out));
  return lines;
}

// Where nobody can tell, it has to be said that this is no proof of anything.
std::string silent_venues(store::Reader& store, const std::vector<std::string>& patterns) {
  std::string lines;
  for (std::uint32_t id = 0; id < store.names().size(); ++id) {
    const std::string_view name = store.names().name(InstrumentId(id));
    const auto venue = decode::find_venue(name.substr(0, name.find(':')));
    const bool tells = venue && decode::venue_table()[*venue]->candles != nullptr;
    if (tells || !is_chosen(patterns, name)) continue;
    lines += fmt::format(
        "unknown {} candles: the venue tells none without a key, so its bars are "
        "held against nothing\n",
        name);
  }
  return lines;
}

}  // namespace

Answer answer_reconcile(const DataFolder& folder, const Question& question,
                        const store::ShouldStop& should_stop) {
  const std::vector<std::string> patterns = question.all("instrument");
  if (auto unknown = unknown_instruments(folder.store, "--instrument", patterns)) return *unknown;
  auto done = store::reconcile(folder.store, times_of(question), should_stop);
  if (!done) return failed(done.error());
  const Reconciliation found = chosen(std::move(*done), patterns);
  const std::string silent = silent_venues(folder.store, patterns);
  if (found.days.empty()) {
    Answer nothing = failed({Fault::kCaller, Retry::kNever,
                             "audit: no candle of a venue is stored of that: nothing was compared "
                             "(feeds[].candles says how often they are asked for)"});
    nothing.err = silent + nothing.err;
    return nothing;
  }
  Answer answer;
  answer.out =
      "day,instrument,compared,equal,different,gap,unknown,no_bar,no_candle,unanswered,before\n";
  for (const store::ReconciledDay& day : found.days) {
    answer.out +=
        fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", date_of(day.day), day.instrument,
                    day.equal + day.different, day.equal, day.different, day.gap, day.unknown,
                    day.no_bar, day.no_candle, day.unanswered, day.before);
  }
  const Sum sum(found);
  answer.err = lines_of(found) + silent + "audit: " + text_of(sum) + '\n';
  if (sum.different > 0) answer.status = kExitFound;
  return answer;
}

void add_recorded(Answer& answer, const DataFolder& folder, const Question& question) {
  store::Selection which = times_of(question);
  // Days that begin before the time that is asked for are of it, too.
  if (which.from) which.from = *which.from - store::kReconciledDay + Duration(1);
  auto done = store::recorded(folder.store, which, [] { return false; });
  if (!done) {
    answer.err += "audit: " + done.error().text + '\n';
    return;
  }
  const Reconciliation found = chosen(std::move(*done), question.all("instrument"));
  if (found.days.empty()) return;
  const Sum sum(found);
  for (const store::ReconciledDifference& its : found.differences) {
    if (!its.is_unexcused()) break;  // these come first
    answer.err += lines_of({.made_at = {}, .days = {}, .differences = {its}});
  }
  answer.err += fmt::format("audit: day by day: {}; --reconcile compares anew\n", text_of(sum));
  if (sum.different > 0) answer.status = kExitFound;
}

}  // namespace tapeline::app::live
