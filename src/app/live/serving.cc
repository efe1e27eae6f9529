// SPDX-License-Identifier: Apache-2.0
#include "app/live/serving.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "app/live/question.h"
#include "app/live/status.h"
#include "serve/static_files.h"

namespace tapeline::app::live {
namespace {

constexpr int kNiceOfHistory = 10;

std::string own_executable() {
  std::error_code failed;
  return std::filesystem::read_symlink("/proc/self/exe", failed).string();
}

serve::FeedLine line_of(const feed::SessionStatus& session, RecvTime now) {
  serve::FeedLine line{.venue = session.venue,
                       .endpoint = session.endpoint,
                       .line = session.line,
                       .state = feed::name_of(session.state),
                       .since = session.since,
                       .last_frame = session.last_frame,
                       .frames = session.frames,
                       .reconnects = session.reconnects,
                       .last_error = session.last_error,
                       .needs_a_person = needs_a_person(session, now)};
  for (const feed::StreamStatus& stream : session.streams) {
    line.streams.push_back({.symbol = stream.symbol,
                            .channel = stream.channel,
                            .state = feed::name_of(stream.state),
                            .since = stream.since,
                            .last_frame = stream.last_frame,
                            .frames = stream.frames,
                            .last_error = stream.last_error});
  }
  return line;
}

}  // namespace

Serving::Serving(const ServingOptions& options, const Others& others)
    : options_(options), others_(others) {}

Result<std::unique_ptr<Serving>> Serving::open(const ServingOptions& options,
                                               const Others& others) {
  std::unique_ptr<Serving> serving(new Serving(options, others));
  auto server = serve::Server::open({.listen = options.listen,
                                     .ports_to_try = options.ports_to_try,
                                     .web_folder = serve::find_web_folder(own_executable()),
                                     .about = options.about},
                                    others.clock, others.board, serving->around());
  if (!server) return tl::make_unexpected(server.error());
  serving->server_ = std::move(*server);
  return serving;
}

serve::Around Serving::around() {
  const auto& [capture, processing, subscriptions, board, clock] = others_;
  return {
      .health = [this] { return health(); },
      .feeds = [this] { return feeds(); },
      .stored_record = [&its = processing] { return its.progress().committed_ordinal.load(); },
      .counters = {&processing.counters(), &capture.feeds().counters(),
                   &capture.recorder().counters(), &capture.housekeeper().counters()},
      .latency = [&its = others_] { return latency_of(its.capture, its.processing); },
      .explain =
          [this](std::string_view instrument, std::string_view interval, std::string_view start) {
            const Answer answer =
                answer_explain(options_.folder, {"explain",
                                                 {{"instrument", std::string(instrument)},
                                                  {"interval", std::string(interval)},
                                                  {"start", std::string(start)}}});
            return answer.out.empty() ? answer.err : answer.out;
          },
      .subscribe = [&its = subscriptions](
                       std::string_view instrument,
                       bool is_wanted) { return its.change(instrument, is_wanted); },
      .drop_connections = options_.drop_connections};
}

std::string Serving::clock_warning(std::string_view venue) const {
  for (const auto& hop : others_.processing.hops().venues()) {
    if (hop->venue != venue) continue;
    const auto clock = hop->clock.reading();
    return clock ? serve::clock_warning(*clock) : std::string();
  }
  return {};
}

std::vector<serve::FeedLine> Serving::feeds() const {
  std::vector<serve::FeedLine> lines;
  const RecvTime now = others_.clock.wall();
  for (const feed::FeedStatus& feed : others_.capture.feeds().status()) {
    if (const auto row = list_row(feed)) {
      lines.push_back({.venue = feed.venue,
                       .state = feed::name_of(feed::SessionState::kWaiting),
                       .last_error = feed.last_error,
                       .needs_a_person = row->needs_a_person});
    }
    for (const feed::SessionStatus& session : feed.sessions) {
      lines.push_back(line_of(session, now));
      lines.back().clock_warning = clock_warning(feed.venue);
    }
  }
  return lines;
}

serve::Health Serving::health() const {
  const auto& [capture, processing, subscriptions, board, clock] = others_;
  const RecvTime now = clock.wall();
  const feed::Recorder& recorder = capture.recorder();
  serve::Health health;
  health.records = recorder.written_ordinal();
  health.durable = recorder.durable_ordinal();
  health.journal_state = feed::name_of(recorder.state());
  health.next_record = processing.next_ordinal();
  const RecvTime engine_time = processing.engine_time();
  health.behind = engine_time == RecvTime() ? Duration() : now - engine_time;
  health.is_ending = capture.is_ending();
  health.stored_record = processing.progress().committed_ordinal.load();
  health.stored_rows = processing.progress().rows.load();
  health.store_retries = processing.progress().retries.load();
  const pipeline::CheckpointsProgress& snapshots = processing.snapshots();
  if (const std::uint64_t replay_from = snapshots.replay_from.load(); replay_from > 0) {
    health.snapshot_record = replay_from - 1;
    health.snapshot_at = RecvTime(snapshots.engine_time_ns.load());
  }
  if (const Reconciler* reconciler = processing.reconciler()) {
    const ReconciledSum last = reconciler->last();
    health.candles_compared = last.compared;
    health.candles_different = last.different;
    health.candles_uncompared = last.uncompared;
    health.candles_compared_at = last.made_at;
  }
  for (const feed::FeedStatus& feed : capture.feeds().status()) {
    health.venues.push_back(feed.venue);
    const feed::BackfillStatus& its = feed.backfill;
    if (!its.is_on) continue;
    health.backfill.push_back({.venue = feed.venue,
                               .waiting = its.waiting,
                               .given_up = its.given_up,
                               .pages = its.answers,
                               .failures = its.failures,
                               .last_error = its.last_error});
  }
  if (const auto failure = capture.failure()) health.ended.push_back("capture: " + failure->text);
  if (const auto failure = processing.failure()) {
    health.ended.push_back("processing: " + failure->text);
  }
  for (const serve::FeedLine& line : feeds()) {
    if (line.state != feed::name_of(feed::SessionState::kLive)) {
      health.not_ready.push_back(fmt::format("feed {} is {}", line.venue, line.state));
    }
  }
  for (const StatusRow& row : status_rows(capture, &processing, now)) {
    if (row.needs_a_person) health.needs_a_person.push_back({row.what, row.text});
  }
  return health;
}

std::size_t Serving::run_history() {
  // As Control does: capture and storing come first.
  if (!is_nice_) static_cast<void>(::setpriority(PRIO_PROCESS, 0, kNiceOfHistory));
  is_nice_ = true;
  return server_->run_history(options_.folder.store);
}

void Serving::start() {
  history_agent_ = std::make_unique<Agent>("history", Rests(), [this] { return run_history(); });
  server_agent_ = std::make_unique<Agent>("serve", Rests{.first = {}}, [this] {
    const std::size_t done = server_->run();
    if (server_->is_closed()) server_agent_->ask_to_stop();
    return done;
  });
}

void Serving::stop() {
  if (server_ != nullptr) server_->close();
  if (history_agent_ != nullptr) history_agent_->ask_to_stop();
  is_stopping_ = true;
}

bool Serving::is_stopped() const {
  // Again and again, since the store may forget it between two steps.
  if (history_agent_ != nullptr && is_stopping_) options_.folder.store.stop();
  return (server_agent_ == nullptr || server_agent_->is_stopped()) &&
         (history_agent_ == nullptr || history_agent_->is_stopped());
}

}  // namespace tapeline::app::live
