// SPDX-License-Identifier: Apache-2.0
#include "app/demo/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "app/values/text.h"

namespace tapeline::app::demo {
namespace {

using values::grouped;

double seconds_of(Duration time) { return std::chrono::duration<double>(time).count(); }

void add_count(std::string& out, std::string_view what, std::uint64_t count,
               std::string_view about = {}) {
  fmt::format_to(std::back_inserter(out), "{:<12}{:>13}", what, grouped(count));
  if (!about.empty()) fmt::format_to(std::back_inserter(out), "  {}", about);
  out += '\n';
}

void add_bars(std::string& out, const TruthReport& report) {
  add_count(out, "bars", report.bars);
  add_count(out, "  complete", report.complete);
  add_count(out, "  repaired", report.repaired);
  add_count(out, "  gap", report.gap);
  add_count(out, "  unknown", report.unknown, "nobody can know: the ends of the run");
  if (report.forgotten > 0) {
    add_count(out, "  forgotten", report.forgotten, "older than the simulator remembers");
  }
}

void add_verdict(std::string& out, const TruthReport& report) {
  if (report.differences == 0) {
    out += "truth: equal; every bar is what the trades made of it, and says what can be known\n";
    return;
  }
  fmt::format_to(std::back_inserter(out), "truth: {} difference{}\n", grouped(report.differences),
                 report.differences == 1 ? "" : "s");
  for (const std::string& line : report.named) out += "  " + line + '\n';
  if (report.differences > report.named.size()) out += "  ...\n";
}

}  // namespace

void Headway::note(const live::LiveSummary& summary, Duration elapsed) {
  elapsed_ = elapsed;
  received_ = summary.received;
  delivered_ = summary.delivered;
  missing_ = summary.missing;
  if (!first_bar_ && summary.bars_shown > 0) first_bar_ = elapsed;
  const double seconds = seconds_of(elapsed - rated_at_);
  if (seconds < 1 && rate_ != 0) return;
  if (seconds > 0)
    rate_ = static_cast<std::uint64_t>(static_cast<double>(received_ - rated_) / seconds);
  rated_at_ = elapsed;
  rated_ = received_;
}

std::string Headway::text() const {
  std::string text = fmt::format("SIMULATED  {} items/s, {} delivered, {} missing", grouped(rate_),
                                 grouped(delivered_), grouped(missing_));
  if (!duration_) return text;
  const auto left = std::chrono::ceil<std::chrono::seconds>(*duration_ - elapsed_).count();
  return text + fmt::format(", {} s left", std::max<std::int64_t>(0, left));
}

bool adds_up(const live::LiveSummary& summary) {
  return summary.received == summary.delivered + summary.duplicate + summary.late +
                                 summary.rejected + summary.shed + summary.control;
}

std::string summary_text(const live::LiveSummary& summary, std::optional<Duration> first_bar,
                         const TruthReport* report) {
  std::string out;
  if (first_bar) {
    out += fmt::format("SIMULATED; the first bar came after {:.2f} s\n", seconds_of(*first_bar));
  }
  add_count(out, "received", summary.received,
            adds_up(summary) ? "the sum of the next six" : "NOT the sum of the next six");
  add_count(out, "  delivered", summary.delivered);
  add_count(out, "  duplicate", summary.duplicate);
  add_count(out, "  late", summary.late);
  add_count(out, "  rejected", summary.rejected);
  add_count(out, "  shed", summary.shed);
  add_count(out, "  control", summary.control);
  add_count(out, "missing", report != nullptr ? report->missing : summary.missing,
            "trades that never came, by the ledger");
  if (report == nullptr) return out;
  if (report->unrecoverable > 0) {
    add_count(out, "  for good", report->unrecoverable, "the venue's history has them no more");
  }
  if (report->past > 0) {
    add_count(out, "past", report->past, "trades of before the start, which the venues still told");
  }
  add_count(out, "repaired", report->backfilled, "trades out of the venue's history");
  add_bars(out, *report);
  if (report->unseen > 0) {
    add_count(out, "unseen", report->unseen, "trades that never came, of venues that count none");
  }
  if (report->doubled > 0) {
    add_count(out, "doubled", report->doubled, "trades that came twice, of venues without ids");
  }
  add_verdict(out, *report);
  return out;
}

}  // namespace tapeline::app::demo
