// SPDX-License-Identifier: Apache-2.0
#include "two_lines.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/time.h"
#include "journal_view.h"
#include "life.h"
#include "machine.h"
#include "pipeline/row_text.h"
#include "plan.h"
#include "tap.h"

namespace tapeline::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kStep = milliseconds(2);
constexpr Duration kLength = seconds(40);

Plan plan_of(const LinesPlan& lines) {
  Plan plan;
  plan.seed = lines.seed;
  plan.venues.push_back(
      {.venue = lines.venue, .seed = lines.seed, .instruments = 4, .trades_per_second = 60});
  plan.feeds.push_back(feed_of(plan.venues.back()));
  plan.feeds.back().lines = lines.lines;
  plan.journal.reserve_bytes = std::uint64_t{1} << 18;
  plan.stream.intervals = {seconds(1), seconds(5), seconds(60)};
  plan.stream.shards = 1;
  plan.hot_bars = 100;
  plan.ring_bytes = std::size_t{1} << 20;
  return plan;
}

// Every part has its turn in every step, so that nothing but what came decides when what leaves.
void step(Machine& machine, Life& life) {
  machine.clocks.advance(kStep);
  for (const Part part : {Part::kNetwork, Part::kRecorder, Part::kEngine, Part::kSink}) {
    life.turn(part);
  }
}

bool cut_one(sim::Exchange& venue, EventTime now, sim::Random& random) {
  std::vector<sim::ExchangeConnection> open;
  for (const sim::ConnectionReport& report : venue.connections()) {
    if (!report.closed) open.push_back(report.id);
  }
  if (open.empty()) return false;
  venue.drop(open[random.below(open.size())], now);
  return true;
}

// By the ordinal of its record.
std::map<std::uint64_t, std::int64_t> ticks_of(journal::MemoryDisk& disk) {
  std::map<std::uint64_t, std::int64_t> ticks;
  const auto records = read_all(disk);
  for (const HeldRecord& record : *records) {
    if (record.type == journal::RecordType::kTick) ticks[record.ordinal] = record.ts_recv;
  }
  return ticks;
}

// Where in the journal its record stands depends on what else came.
std::string without_place(std::string text) { return text.substr(0, text.rfind(" record=")); }

void read_rows(Machine& machine, LinesOutcome& out) {
  const auto ticks = ticks_of(machine.disk);
  const auto reader = machine.store.open_reader();
  ignore(reader->trades({},
                        [&](const store::TradeRow& row) {
                          out.trades += without_place(pipeline::text_of(row, reader->names()));
                          out.trades += '\n';
                          ++out.rows;
                          return true;
                        }),
         "in memory");
  ignore(reader->bars({}, store::Revisions::kAll,
                      [&](const store::BarRow& row) {
                        out.bars += without_place(pipeline::text_of(row, reader->names()));
                        out.bars += " tick=";
                        out.bars += format_rfc3339(ticks.at(row.position.ordinal));
                        out.bars += '\n';
                        ++out.rows;
                        return true;
                      }),
         "in memory");
}

}  // namespace

LinesOutcome listen(const LinesPlan& lines) {
  LinesOutcome out;
  const Plan plan = plan_of(lines);
  Machine machine(plan, Canary::kNone);
  TakenLog taken;
  auto opened = Life::open(plan, machine, taken);
  if (!opened) return {.failure = opened.error().text};
  const std::unique_ptr<Life> life = std::move(*opened);
  sim::Random random = draws(lines.seed, Draw::kWeather);
  const std::int64_t end_ns = machine.clocks.now_ns() + kLength.count();
  std::int64_t cut_ns = machine.clocks.now_ns() + lines.cut_every.count();
  while (machine.clocks.now_ns() < end_ns) {
    step(machine, *life);
    if (lines.cut_every == Duration() || machine.clocks.now_ns() < cut_ns) continue;
    cut_ns += lines.cut_every.count();
    const EventTime now(machine.clocks.now_ns());
    if (cut_one(*machine.venues.front(), now, random)) ++out.cuts;
  }
  const auto turns = [&](Duration /*time*/) {
    step(machine, *life);
    life->turn(Part::kCheckpoints);
  };
  if (!life->stop(turns)) out.failure = "it did not stop in time";
  if (const auto failure = life->failure()) out.failure = failure->text;
  read_rows(machine, out);
  return out;
}

}  // namespace tapeline::simulation
