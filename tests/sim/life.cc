// SPDX-License-Identifier: Apache-2.0
#include "life.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "app/live/shutdown.h"
#include "feed/status.h"

namespace tapeline::simulation {

Result<std::unique_ptr<Life>> Life::open(const Plan& plan, Machine& machine, TakenLog& log) {
  std::unique_ptr<Life> life(new Life(machine));
  auto store = machine.store.open_writer(store::DataKind::kReal);
  if (!store) return tl::make_unexpected(store.error());
  auto writer = std::make_unique<FaultyWriter>(
      std::move(*store), machine.store, machine.store_weather, machine.clocks, machine.coverage);
  const std::uint64_t start = machine.coverage.starts;
  writer->set_canary(machine.canary, draws(plan.seed + start, Draw::kStore));
  life->store_ = std::move(writer);
  auto network = std::make_unique<TappedNetwork>(
      machine.clocks, log, draws(plan.seed + start, Draw::kTap), machine.canary);
  life->network_ = network.get();
  for (const auto& venue : machine.venues) {
    network->inner().add(host_of(venue->options().venue), *venue);
  }
  std::vector<app::config::Feed> feeds = plan.feeds;
  for (app::config::Feed& feed : feeds) feed.backfill = machine.canary != Canary::kNoBackfill;
  auto capture = app::live::Capture::open({.journal_folder = kJournal,
                                           .engine_version = "simulated",
                                           .feeds = feeds,
                                           .journal = plan.journal,
                                           .lateness = plan.stream.lateness,
                                           .ring_bytes = plan.ring_bytes,
                                           .new_journal = JournalId(plan.seed + 1),
                                           .store = life->store_->open_reader().get()},
                                          std::move(network), machine.disk,
                                          machine.clocks.machine(), machine.log);
  if (!capture) return tl::make_unexpected(capture.error());
  life->capture_ = std::move(*capture);
  pipeline::EngineOptions engine = app::live::engine_options(plan.stream);
  engine.cold = {.hot = plan.hot_bars, .slack = 0};
  auto processing = app::live::Processing::open(
      {.journal_folder = kJournal,
       .snapshots_folder = kSnapshots,
       .engine = engine,
       .checkpoint = plan.checkpoint,
       .follower = plan.follower},
      {machine.disk, *life->store_, *life->capture_, machine.clocks.machine(), machine.log},
      std::make_unique<checkpoint::MemoryColdState>(machine.cold_copies));
  if (!processing) return tl::make_unexpected(processing.error());
  life->processing_ = std::move(*processing);
  return life;
}

void Life::turn(Part part) {
  switch (part) {
    case Part::kNetwork:
      for (std::size_t i = 0; i < machine_.venues.size(); ++i) {
        const std::string host = host_of(machine_.venues[i]->options().venue);
        network_->inner().set_away(host, machine_.is_away[i]);
      }
      capture_->run_network();
      break;
    case Part::kRecorder:
      capture_->run_recorder();
      break;
    case Part::kEngine:
      processing_->run_engine();
      break;
    case Part::kSink:
      processing_->run_sink();
      break;
    case Part::kCheckpoints:
      processing_->run_checkpoints();
      break;
    case Part::kHousekeeper:
      capture_->run_housekeeper();
      break;
    case Part::kEnd:
      break;
  }
}

bool Life::stop(const std::function<void(Duration)>& turns) {
  app::Shutdown shutdown;
  shutdown.add({.name = "capture",
                .deadline = std::chrono::seconds(10),
                .ask = [&] { capture_->stop(); },
                .is_done = [&] { return capture_->is_stopped(); }});
  shutdown.add({.name = "drain",
                .deadline = std::chrono::seconds(60),
                .ask = [&] { processing_->drain(); },
                .is_done = [&] { return processing_->is_drained() || failure(); }});
  shutdown.add({.name = "feeds",
                .deadline = std::chrono::seconds(15),
                .ask = [&] { capture_->stop_feeds(); },
                .is_done = [&] { return capture_->is_quiet() || capture_->failure(); }});
  return shutdown.run(machine_.clocks.machine(), machine_.log, turns);
}

std::optional<Error> Life::failure() const {
  if (auto failure = capture_->failure()) return failure;
  return processing_->failure();
}

bool Life::is_well() const {
  if (capture_->recorder().state() != feed::RecorderState::kRecording) return false;
  const std::uint64_t written = capture_->recorder().written_ordinal();
  if (processing_->next_ordinal() < written) return false;
  for (const feed::FeedStatus& feed : capture_->feeds().status()) {
    if (feed.sessions.empty()) return false;
    for (const feed::SessionStatus& session : feed.sessions) {
      if (session.state != feed::SessionState::kLive) return false;
    }
  }
  return true;
}

bool Life::misses_nothing() const {
  std::map<std::string, std::size_t, std::less<>> open;  // by venue
  const auto reader = machine_.store.open_reader();
  ignore(reader->ledgers({},
                         [&](const store::LedgerRow& row) {
                           const std::string_view name = reader->names().name(row.instrument);
                           open[std::string(name.substr(0, name.find(':')))] +=
                               static_cast<std::size_t>(
                                   std::count_if(row.gaps.begin(), row.gaps.end(),
                                                 [](const IdGap& gap) { return gap.is_open(); }));
                           return true;
                         }),
         "in memory");
  const std::vector<feed::FeedStatus> feeds = capture_->feeds().status();
  return std::all_of(feeds.begin(), feeds.end(), [&](const feed::FeedStatus& feed) {
    return open[feed.venue] <= feed.backfill.given_up;
  });
}

std::string Life::state() const {
  std::string text =
      fmt::format("recorder {}, written {}, durable {}, read {}, stored {}",
                  feed::name_of(capture_->recorder().state()),
                  capture_->recorder().written_ordinal(), capture_->recorder().durable_ordinal(),
                  processing_->next_ordinal(), processing_->progress().committed_ordinal.load());
  for (const feed::FeedStatus& feed : capture_->feeds().status()) {
    for (const feed::SessionStatus& session : feed.sessions) {
      text += fmt::format("; {} {} {}", session.venue, feed::name_of(session.state),
                          session.last_error);
    }
    text +=
        fmt::format("; {} holes to ask for {}", feed.backfill.waiting, feed.backfill.last_error);
  }
  return text;
}

}  // namespace tapeline::simulation
