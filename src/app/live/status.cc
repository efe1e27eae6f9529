// SPDX-License-Identifier: Apache-2.0
#include "app/live/status.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/environment.h"
#include "app/live/host_clock.h"
#include "app/values/text.h"
#include "base/json_text.h"
#include "feed/hole_board.h"

namespace tapeline::app::live {
namespace {

using feed::SessionState;
using metrics::Counter;
using values::grouped;

// A connection that is not live for so long, or an engine that is so far behind, needs a look.
constexpr Duration kPatience = std::chrono::seconds(60);
// So many tries to store one batch take about half a minute.
constexpr std::uint32_t kStoreFailures = 10;
constexpr std::uint32_t kSnapshotFailures = 2;

constexpr std::string_view kTryIt = "; `tapeline check --connect` tries it and says what is wrong";

std::string seconds_text(Duration span) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
  return ms < 10'000 ? fmt::format("{:.1f} s", static_cast<double>(ms) / 1000.0)
                     : fmt::format("{} s", grouped(static_cast<std::uint64_t>(ms / 1000)));
}

std::string age_of(RecvTime then, RecvTime now) {
  return then == RecvTime() ? "never" : seconds_text(now - then) + " ago";
}

std::string wait_text(Duration took) {
  return fmt::format("{:.2f} ms", std::chrono::duration<double, std::milli>(took).count());
}

std::string size_text(std::uint64_t bytes) {
  return fmt::format("{:.1f} GiB", static_cast<double>(bytes) / static_cast<double>(1U << 30));
}

Vitals vitals_of(const Processing& processing, std::uint64_t written, RecvTime now) {
  const std::uint64_t read = processing.next_ordinal();
  const RecvTime engine_time = processing.engine_time();
  const pipeline::SinkProgress& stored = processing.progress();
  return {.records_behind = written - std::min(written, read),
          .behind = engine_time == RecvTime() ? Duration() : now - engine_time,
          .is_short = processing.is_short(),
          .stored_record = stored.committed_ordinal.load(),
          .stored_rows = stored.rows.load(),
          .store_retries = stored.retries.load(),
          .store_failures = stored.failures.load(),
          .snapshot_failures = processing.snapshots().failures.load(),
          .holes = processing.holes()};
}

// Where a stream has more holes than back-fill looks at at once.
std::string later_text(std::size_t left_out) {
  if (left_out == 0) return {};
  return fmt::format(" ({} of them later: no more than {} of a stream at once)", grouped(left_out),
                     grouped(feed::HoleBoard::kHolesMax));
}

StatusRow row_of(const std::string& venue, const feed::BackfillStatus& backfill) {
  return {
      fmt::format("back-fill {}", venue),
      fmt::format("{} holes to be asked for{}, {} given up; {} pages asked for, {} came with {} "
                  "trades, {} failed{}{}",
                  grouped(backfill.waiting), later_text(backfill.left_out),
                  grouped(backfill.given_up), grouped(backfill.requests), grouped(backfill.answers),
                  grouped(backfill.trades), grouped(backfill.failures),
                  backfill.last_error.empty() ? "" : "; last error: ", backfill.last_error) +
          (backfill.given_up > 0 ? "; `tapeline audit --repair` asks again" : ""),
      backfill.given_up > 0};
}

StatusRow snapshot_row(const pipeline::CheckpointsProgress& snapshots, RecvTime now) {
  const std::uint64_t replay_from = snapshots.replay_from.load();
  if (replay_from == 0) return {"snapshot", "none yet"};
  return {"snapshot", fmt::format("of {}, at record {}, {} bytes",
                                  age_of(RecvTime(snapshots.engine_time_ns.load()), now),
                                  grouped(replay_from - 1), grouped(snapshots.bytes.load()))};
}

// What it brought, and since when it does not where it does not.
std::string connection_text(const feed::SessionStatus& session, std::size_t live, RecvTime now) {
  const std::string state = feed::name_of(session.state);
  const std::string span = seconds_text(now - session.since);
  if (is_trying(session.state) && !session.was_live) {
    return fmt::format("{}, has never connected in {}, {} tries", state, span,
                       grouped(session.reconnects + 1));
  }
  return fmt::format("{}{}, {} of {} streams live, last frame {}, {} frames, {} reconnects", state,
                     is_trying(session.state) ? ", not connected for " + span : "", live,
                     session.streams.size(), age_of(session.last_frame, now),
                     grouped(session.frames), session.reconnects);
}

}  // namespace

// One that has never been live was perhaps never right; others come back by themselves.
bool needs_a_person(const feed::SessionStatus& session, RecvTime now) {
  const bool has_failed_at_once = !session.was_live && !session.last_error.empty();
  return session.state == SessionState::kRefused || session.state == SessionState::kDiskFull ||
         (is_trying(session.state) && (has_failed_at_once || now - session.since > kPatience)) ||
         std::any_of(session.streams.begin(), session.streams.end(),
                     [](const auto& s) { return s.state == feed::StreamState::kRefused; });
}

StatusRow feed_row(const feed::SessionStatus& session, RecvTime now) {
  StatusRow row;
  row.what = fmt::format("feed {}", session.venue);
  row.needs_a_person = needs_a_person(session, now);
  std::size_t live = 0;
  std::uint64_t resubscribed = 0;
  std::set<std::string> record_only{};  // channels
  std::string without;                  // those that bring nothing
  for (const feed::StreamStatus& stream : session.streams) {
    resubscribed += stream.resubscribed;
    if (stream.state == feed::StreamState::kLive) ++live;
    if (stream.channel.starts_with("raw:")) record_only.insert(stream.channel);
    const bool is_silent = stream.state == feed::StreamState::kSilent;
    if (!is_silent && stream.state != feed::StreamState::kRefused) continue;
    without += fmt::format("; {} {} {}: {}", stream.symbol, stream.channel,
                           feed::name_of(stream.state), stream.last_error);
  }
  const std::string asked_anew =
      resubscribed == 0 ? "" : fmt::format(", {} asked for anew", grouped(resubscribed));
  const std::string unparsed =
      record_only.empty() ? ""
                          : fmt::format(", recorded, unparsed: {}", fmt::join(record_only, " "));
  const bool is_for_a_try = row.needs_a_person && session.state != SessionState::kDiskFull;
  row.text = connection_text(session, live, now) + unparsed + asked_anew +
             (session.last_error.empty() ? "" : "; last error: " + session.last_error) + without +
             std::string(is_for_a_try ? kTryIt : "");
  return row;
}

std::optional<StatusRow> list_row(const feed::FeedStatus& feed) {
  if (!feed.sessions.empty()) return std::nullopt;
  StatusRow row{.what = "feed " + feed.venue};
  if (!feed.last_error.empty()) {
    row.text = fmt::format(
        "has never connected: the list of instruments that its patterns choose "
        "from has not come; last error: {}{}",
        feed.last_error, kTryIt);
  } else if (feed.instruments > 0) {
    row.text = fmt::format(
        "has nothing to connect for: its patterns match none of the {} "
        "instruments of the venue; change its symbols",
        grouped(feed.instruments));
  } else {
    return StatusRow{row.what, "fetches the list of instruments"};
  }
  row.needs_a_person = true;
  return row;
}

// Of streams that stand, and what there is to be traded.
std::vector<StatusRow> listing_rows(const feed::FeedStatus& feed) {
  std::vector<StatusRow> rows;
  const std::string what = "list " + feed.venue;
  if (!feed.untraded.empty()) {
    const bool is_any_gone = std::any_of(
        feed.untraded.begin(), feed.untraded.end(),
        [](const auto& word) { return word.ends_with("vanished") || word.ends_with("delisted"); });
    rows.push_back(
        {what,
         fmt::format("{}: so the venue's instrument list says{}", fmt::join(feed.untraded, ", "),
                     is_any_gone ? "; take what is gone out of the feed's symbols" : ""),
         is_any_gone});
  }
  if (!feed.sessions.empty() && feed.instruments == 0 && !feed.last_error.empty()) {
    rows.push_back({what,
                    fmt::format("has not come yet, so wrong symbols are not known; it is asked for "
                                "again; last error: {}{}",
                                feed.last_error, kTryIt),
                    true});
  }
  if (!feed.sessions.empty() && feed.instruments > 0 && !feed.last_error.empty()) {
    rows.push_back({what, fmt::format("the one before stands, since the last did not come: {}",
                                      feed.last_error)});
  }
  return rows;
}

std::vector<StatusRow> backfill_rows(const std::vector<feed::FeedStatus>& feeds) {
  std::vector<std::pair<std::string, feed::BackfillStatus>> venues;
  for (const feed::FeedStatus& feed : feeds) {
    if (!feed.backfill.is_on) continue;
    const auto is_its = [&](const auto& of) { return of.first == feed.venue; };
    const auto found = std::find_if(venues.begin(), venues.end(), is_its);
    if (found == venues.end()) {
      venues.emplace_back(feed.venue, feed.backfill);
      continue;
    }
    feed::BackfillStatus& sum = found->second;
    sum.waiting += feed.backfill.waiting;
    sum.left_out += feed.backfill.left_out;
    sum.given_up += feed.backfill.given_up;
    if (sum.last_error.empty()) sum.last_error = feed.backfill.last_error;
  }
  std::vector<StatusRow> rows;
  for (const auto& [venue, sum] : venues) rows.push_back(row_of(venue, sum));
  return rows;
}

std::vector<StatusRow> rows_of(const Vitals& vitals) {
  std::vector<StatusRow> rows;
  const bool is_late = vitals.behind > kPatience;
  rows.push_back(
      {"engine",
       fmt::format(
           "{} records behind the journal{}{}", grouped(vitals.records_behind),
           is_late
               ? ", " + format_duration(std::chrono::floor<std::chrono::seconds>(vitals.behind)) +
                     " late"
               : "",
           vitals.is_short ? ", waits for room on the disk" : ""),
       vitals.is_short || is_late});
  const bool is_stuck = vitals.store_failures >= kStoreFailures;
  rows.push_back(
      {"store",
       fmt::format("up to record {}, {} rows by this process, {} retries{}",
                   grouped(vitals.stored_record), grouped(vitals.stored_rows),
                   grouped(vitals.store_retries),
                   is_stuck ? fmt::format("; nothing is stored any more: {} tries have failed, "
                                          "and capture goes on",
                                          vitals.store_failures)
                            : ""),
       is_stuck});
  if (vitals.snapshot_failures >= kSnapshotFailures) {
    rows.push_back({"snapshots",
                    fmt::format("the last {} were not written: the log says why, and a restart "
                                "takes longer",
                                vitals.snapshot_failures),
                    true});
  }
  rows.push_back(
      {"holes", fmt::format("{} ids are missing in {} holes; `tapeline audit` lists them",
                            grouped(vitals.holes.missing), grouped(vitals.holes.holes))});
  return rows;
}

StatusRow candle_row(const ReconciledSum& last, RecvTime now) {
  if (last.made_at == RecvTime()) {
    return {"candles",
            "bars were not held against the venues' own candles yet: a day is when it "
            "has been over for an hour"};
  }
  return {"candles",
          fmt::format("{}, {} minutes compared with the venues' own, {} differ, {} could not be "
                      "compared{}",
                      age_of(last.made_at, now), grouped(last.compared), grouped(last.different),
                      grouped(last.uncompared),
                      last.different > 0 ? "; `tapeline audit --reconcile` names them" : ""),
          last.different > 0};
}

StatusRow disk_row(const std::optional<Capture::Room>& room, const std::optional<Error>& error) {
  StatusRow row{.what = "disk", .text = "the system does not say how much is free"};
  if (room) {
    row.text = fmt::format("{} free, {} of it kept so", size_text(room->free_bytes),
                           size_text(room->reserve_bytes));
    row.needs_a_person = room->free_bytes <= room->reserve_bytes;
  }
  if (!error) return row;
  return {row.what, row.text + "; upkeep of the journal: " + error->text, true};
}

serve::Latency latency_of(const Capture& capture, const Processing& processing) {
  serve::Latency latency;
  for (const auto& hop : processing.hops().venues()) {
    latency.venues.push_back({hop->venue, &hop->to_receipt, hop->clock.reading(), &hop->disorder});
  }
  latency.to_journal = &capture.recorder().waits();
  latency.to_engine = &processing.hops().to_engine();
  latency.to_bar = &processing.waits();
  if (const auto host = read_host_clock()) {
    latency.host = {host->is_synchronised, host->offset, host->error_max};
  }
  return latency;
}

std::vector<StatusRow> clock_rows(const serve::Latency& latency) {
  std::vector<StatusRow> rows;
  for (const auto& [venue, to_receipt, clock, disorder] : latency.venues) {
    if (!clock) continue;
    // The quickest way takes no less than nothing, so only what is negative is the clocks' alone.
    const bool is_ahead = clock->offset < Duration();
    const std::string drift =
        clock->drift ? fmt::format(", drifting by {:.1f} ppm", *clock->drift * 1e6) : "";
    const std::string warning = serve::clock_warning(*clock);
    rows.push_back({"clock " + venue,
                    (is_ahead ? fmt::format("{} ahead of this machine's, or more{}",
                                            wait_text(-clock->offset), drift)
                              : fmt::format("trades are here {} after their time at the quickest{}",
                                            wait_text(clock->offset), drift)) +
                        (warning.empty() ? "" : "; warning: " + warning)});
  }
  return rows;
}

// The next of 1, 2, 5, 10, 20, ... that is no less; a tenth of a second at least.
Duration rounded_up(Duration span) {
  for (Duration bound = std::chrono::milliseconds(100);; bound *= 10) {
    for (const int times : {1, 2, 5}) {
      if (times * bound >= span) return times * bound;
    }
  }
}

std::vector<StatusRow> disorder_rows(const serve::Latency& latency, Duration bound) {
  constexpr std::uint64_t kTradesMin = 1'000;
  std::vector<StatusRow> rows;
  for (const serve::Latency::Venue& venue : latency.venues) {
    const metrics::Histogram& disorder = *venue.disorder;
    if (disorder.count() < kTradesMin) continue;
    const Duration most = disorder.quantile(999);
    const Duration enough = rounded_up(most);
    std::string advice = "stream.disorder is " + format_duration(bound);
    const metrics::Histogram::Copy copy = disorder.copy();
    if (const std::uint64_t behind = copy.count - copy.at_most(bound); behind > 0) {
      const double percent = 100.0 * static_cast<double>(behind) / static_cast<double>(copy.count);
      advice += fmt::format(", which at most {} of them ({:.3f} %) came beyond", grouped(behind),
                            percent);
    }
    if (most > bound) {
      advice += fmt::format(": {} would wait for them, and bars would be revised less",
                            format_duration(enough));
    } else if (enough < bound) {
      advice += fmt::format(": {} would do, and bars would close sooner", format_duration(enough));
    }
    rows.push_back({"disorder " + venue.venue,
                    fmt::format("of {} trades 99.9 % came at most {} behind a newer one, all at "
                                "most {}; {}",
                                grouped(disorder.count()), wait_text(most),
                                wait_text(disorder.longest()), advice)});
  }
  return rows;
}

std::vector<StatusRow> status_rows(const Capture& capture, const Processing* processing,
                                   RecvTime now) {
  std::vector<StatusRow> rows;
  const std::vector<feed::FeedStatus> feeds = capture.feeds().status();
  for (const feed::FeedStatus& feed : feeds) {
    if (auto row = list_row(feed)) rows.push_back(std::move(*row));
    for (const feed::SessionStatus& session : feed.sessions) rows.push_back(feed_row(session, now));
    for (StatusRow& row : listing_rows(feed)) rows.push_back(std::move(row));
  }
  for (StatusRow& row : backfill_rows(feeds)) rows.push_back(std::move(row));
  const feed::Recorder& recorder = capture.recorder();
  const std::uint64_t written = recorder.written_ordinal();
  rows.push_back({"journal",
                  fmt::format("{}, {} records, {} of them not durable yet",
                              feed::name_of(recorder.state()), grouped(written),
                              grouped(written - std::min(written, recorder.durable_ordinal()))),
                  recorder.state() != feed::RecorderState::kRecording});
  rows.push_back(disk_row(capture.room(), capture.housekeeper().last_error()));
  rows.push_back({"host clock", text_of(read_host_clock())});
  if (processing == nullptr) return rows;
  if (const metrics::Histogram& waits = processing->waits(); waits.count() > 0) {
    rows.push_back(
        {"bars", fmt::format("show a trade after p50 {}, p99 {}, max {} from its receipt",
                             wait_text(waits.quantile(500)), wait_text(waits.quantile(990)),
                             wait_text(waits.longest()))});
  }
  const serve::Latency latency = latency_of(capture, *processing);
  for (StatusRow& row : clock_rows(latency)) rows.push_back(std::move(row));
  for (StatusRow& row : disorder_rows(latency, processing->disorder())) {
    rows.push_back(std::move(row));
  }
  for (StatusRow& row : rows_of(vitals_of(*processing, written, now))) {
    rows.push_back(std::move(row));
  }
  rows.push_back(snapshot_row(processing->snapshots(), now));
  if (processing->reconciler() != nullptr) {
    rows.push_back(candle_row(processing->reconciler()->last(), now));
  }
  const metrics::Counters& counters = processing->counters();
  rows.push_back(
      {"items", fmt::format("received {} = delivered {} + duplicate {} + late {} + rejected {} + "
                            "shed {} + control {}",
                            grouped(counters.total(Counter::kItemsReceived)),
                            grouped(counters.total(Counter::kItemsDelivered)),
                            grouped(counters.total(Counter::kItemsDuplicate)),
                            grouped(counters.total(Counter::kItemsLate)),
                            grouped(counters.total(Counter::kItemsRejected)),
                            grouped(counters.total(Counter::kItemsShed)),
                            grouped(counters.total(Counter::kItemsControl)))});
  return rows;
}

Answer answer_status(const std::vector<StatusRow>& rows, const Question& question) {
  Answer answer;
  const bool is_json = question.argument("format") == "jsonl";
  std::size_t width = 0;
  for (const StatusRow& row : rows) width = std::max(width, row.what.size());
  for (const StatusRow& row : rows) {
    if (row.needs_a_person) answer.status = kExitFound;
    if (is_json) {
      answer.out += R"({"part":)";
      append_json_text(answer.out, row.what);
      answer.out += R"(,"state":)";
      append_json_text(answer.out, row.text);
      answer.out += fmt::format(R"(,"needs_a_person":{}}})", row.needs_a_person) + '\n';
    } else {
      answer.out += fmt::format("{}{:<{}}  {}\n", row.needs_a_person ? "! " : "  ", row.what, width,
                                row.text);
    }
  }
  return answer;
}

}  // namespace tapeline::app::live
