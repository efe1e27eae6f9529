// SPDX-License-Identifier: Apache-2.0
#include "app/live/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <random>
#include <system_error>
#include <utility>

#include "app/live/answers.h"
#include "app/live/capture.h"
#include "app/live/control.h"
#include "app/live/data_dir.h"
#include "app/live/memory.h"
#include "app/live/processing.h"
#include "app/live/repair.h"
#include "app/live/serving.h"
#include "app/live/shutdown.h"
#include "app/live/sql.h"
#include "app/live/status.h"
#include "app/live/store_beside.h"
#include "app/live/subscriptions.h"
#include "app/live/windows_file.h"
#include "checkpoint/recovery.h"
#include "journal/posix_disk.h"
#include "journal/segments.h"
#include "net/network.h"
#include "replay/journal_records.h"
#include "store/duckdb/open.h"

namespace tapeline::app::live {
namespace {

using metrics::Counter;

constexpr Duration kLook = std::chrono::milliseconds(20);
constexpr Duration kReadersLeave = std::chrono::seconds(60);
// By then the connections stand.
constexpr Duration kStarted = std::chrono::seconds(5);
// Floods are over by then, or go on for long.
constexpr Duration kTidyEvery = std::chrono::seconds(30);

// The network of a run. While the system resolves a name, which nothing can stop, a network does
// not go: it is left to the end of the process, which does not wait.
class KeptNetwork final : public net::Network {
 public:
  explicit KeptNetwork(const Clock& clock) : network_(*keep(net::make_network(clock))) {}

  std::unique_ptr<net::WebSocket> open(const net::WebSocketOptions& options,
                                       net::WebSocketListener& listener) override {
    return network_.open(options, listener);
  }
  void fetch(net::HttpRequest request, net::OnResponse on_response) override {
    network_.fetch(std::move(request), std::move(on_response));
  }
  std::size_t run(Duration wait_max) override { return network_.run(wait_max); }

 private:
  static net::Network* keep(std::unique_ptr<net::Network> network) {
    static std::vector<std::unique_ptr<net::Network>> all;
    return all.emplace_back(std::move(network)).get();
  }

  net::Network& network_;
};

// Everything that runs, in the order of its start.
struct Live {
  journal::PosixDisk disk;
  std::unique_ptr<DataDir> folder;
  std::unique_ptr<store::Writer> store;
  std::array<std::unique_ptr<store::Reader>, Control::kLanes> readers;  // of the questions
  std::unique_ptr<Capture> capture;
  std::unique_ptr<Processing> processing;
  std::unique_ptr<Subscriptions> subscriptions;
  std::unique_ptr<Repairs> repairs;
  std::unique_ptr<Control> control;
  std::unique_ptr<serve::Board> board;
  std::unique_ptr<store::Reader> history;  // of the server
  std::unique_ptr<Serving> serving;
};

// Waits for whoever reads the store, as a `tapeline sql` that was begun before, and says so.
class ReadersWait {
 public:
  ReadersWait(const Clock& clock, Log& log, const std::atomic<bool>& stop)
      : clock_(clock), log_(log), stop_(stop), start_ns_(clock.monotonic_ns()) {}

  bool operator()(const std::string& who) {
    if (!std::exchange(is_said_, true)) {
      log_.warn("waits until the store is no longer read",
                {{"by", who}, {"at_most", format_duration(kReadersLeave)}});
    }
    return !stop_.load() && clock_.monotonic_ns() - start_ns_ < kReadersLeave.count();
  }

 private:
  const Clock& clock_;
  Log& log_;
  const std::atomic<bool>& stop_;
  std::int64_t start_ns_;
  bool is_said_ = false;
};

Result<void> open_store(Live& live, const LiveOptions& options, Holds holds,
                        const ReadersWait& wait) {
  auto store = store::duckdb::open_writer(
      live.folder->path(),
      {.kind = holds == Holds::kSimulated ? store::DataKind::kSimulated : store::DataKind::kReal,
       .waits_for = wait});
  if (!store) return tl::make_unexpected(store.error());
  live.store = std::move(*store);
  const bool has_rows = live.store->position().has_value();
  if (auto done = hold_windows(live.folder->path(), options.config.stream, has_rows); !done) {
    return done;
  }
  for (auto& reader : live.readers) reader = live.store->open_reader();
  return {};
}

// What retention must keep while nothing is processed: all of it beside a store that holds
// something, since only the start of an engine tells which snapshots are of use.
Result<std::uint64_t> needed_of_journal(store::Reader* store, const config::Journal& journal,
                                        Log& log) {
  if (store == nullptr) return feed::Housekeeper::kNobody;
  const auto stored = store->position();
  if (!stored) return tl::make_unexpected(stored.error());
  if (!*stored) return feed::Housekeeper::kNobody;
  if (journal.retain.age || journal.retain.bytes) {
    log.warn(
        "journal.retain rests: the store beside the journal has not come so far, and what it "
        "needs only `tapeline run` knows; run that, or move the store away",
        {});
  }
  return 0;
}

Result<void> open_control(Live& live, const LiveOptions& options, const Clock& clock,
                          const std::atomic<bool>& stop) {
  const auto answer = [&live, &clock, stream = options.config.stream, &stop](
                          const Question& question, const Turn& turn) {
    const auto& reader = live.readers[turn.lane];
    if (reader == nullptr) {
      return failed({Fault::kCaller, Retry::kNever,
                     "the running process only records; stop it, or ask after `tapeline run`"});
    }
    const auto is_stopped = [&] { return stop.load() || turn.is_cancelled(); };
    if (question.what == "sql") return answer_sql_whole(*reader, question, clock, is_stopped);
    return answer_question({live.folder->path(), stream, *reader}, question,
                           [&](std::uint64_t, std::uint64_t) { return !is_stopped(); });
  };
  const auto answer_now = [&live, &clock](const Question& question) {
    if (question.what == "repair") return live.repairs->answer(question);
    if (question.what == "disorder") {
      if (live.processing == nullptr) return Answer{};
      return answer_status(
          disorder_rows(latency_of(*live.capture, *live.processing), live.processing->disorder()),
          question);
    }
    const std::string page = live.serving == nullptr ? "" : "http://" + live.serving->address();
    if (question.what == "page") return Answer{.out = page};
    auto rows = status_rows(*live.capture, live.processing.get(), clock.wall());
    if (!page.empty()) rows.push_back({"page", page});
    return answer_status(rows, question);
  };
  live.repairs = std::make_unique<Repairs>(*live.capture, live.processing.get(), clock);
  auto control = Control::open(live.folder->path(), clock, answer, answer_now);
  if (!control) return tl::make_unexpected(control.error());
  live.control = std::move(*control);
  return {};
}

// As a page knows one run from another.
std::string new_epoch() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

Result<void> open_serving(Live& live, const LiveOptions& options, Holds holds, const Clock& clock) {
  live.history = live.store->open_reader();
  auto serving =
      Serving::open({.listen = options.config.serve.listen,
                     .ports_to_try = options.ports_to_try,
                     .about = {.version = options.engine_version,
                               .commit = options.commit,
                               .simulated = holds == Holds::kSimulated,
                               .epoch = new_epoch(),
                               .since = clock.wall(),
                               .intervals = engine_options(options.config.stream).intervals},
                     .folder = {live.folder->path(), options.config.stream, *live.history},
                     .drop_connections = options.drop_connections},
                    {*live.capture, *live.processing, *live.subscriptions, *live.board, clock});
  if (!serving) return tl::make_unexpected(serving.error());
  live.serving = std::move(*serving);
  if (options.on_listening) options.on_listening("http://" + live.serving->address());
  return {};
}

Result<void> open_all(Live& live, const LiveOptions& options, const Clock& clock, Log& log,
                      const std::atomic<bool>& stop) {
  const auto holds = holds_of(options.feeds);
  if (!holds) return tl::make_unexpected(holds.error());
  if (auto done = check_socket_path(options.data_dir); !done) return done;
  auto folder = DataDir::open(options.data_dir, *holds);
  if (!folder) return tl::make_unexpected(folder.error());
  live.folder = std::make_unique<DataDir>(std::move(*folder));
  if (!options.only_record) {
    const ReadersWait wait(clock, log, stop);
    if (auto done = open_store(live, options, *holds, wait); !done) return done;
  }
  const std::string& data_dir = live.folder->path();
  const std::string journal = replay::journal_folder(data_dir);
  auto store =
      live.store != nullptr ? live.store->open_reader() : open_store_beside(live.disk, data_dir);
  if (!store) return tl::make_unexpected(store.error());
  if (*store != nullptr) {
    if (auto done = require_journal_of(live.disk, **store, journal); !done) return done;
  }
  auto capture = Capture::open({.journal_folder = journal,
                                .engine_version = options.engine_version,
                                .feeds = options.feeds,
                                .journal = options.config.journal,
                                .lateness = options.config.stream.lateness,
                                .settle = options.settle,
                                .store = store->get()},
                               std::make_unique<KeptNetwork>(clock), live.disk, clock, log);
  if (!capture) return tl::make_unexpected(capture.error());
  live.capture = std::move(*capture);
  live.subscriptions = std::make_unique<Subscriptions>(options.feeds, *holds, *live.capture);
  if (options.only_record) {
    const auto needed = needed_of_journal(store->get(), options.config.journal, log);
    if (!needed) return tl::make_unexpected(needed.error());
    live.capture->housekeeper().keep_from(*needed);
  } else {
    std::error_code failed;
    std::filesystem::remove_all(proofs_folder(data_dir), failed);  // nobody proves without a store
    live.board = std::make_unique<serve::Board>(clock.wall());
    auto processing =
        Processing::open({.journal_folder = journal,
                          .snapshots_folder = snapshots_folder(data_dir),
                          .engine = engine_options(options.config.stream),
                          .checkpoint = options.config.checkpoint,
                          .reconciles = true},
                         {live.disk, *live.store, *live.capture, clock, log, live.board.get()},
                         checkpoint::make_rocks_cold_state(state_folders(data_dir)));
    if (!processing) return tl::make_unexpected(processing.error());
    live.processing = std::move(*processing);
    if (auto done = open_serving(live, options, *holds, clock); !done) return done;
  }
  return open_control(live, options, clock, stop);
}

// Starts everything, and notes how it is stopped.
Shutdown start_all(Live& live, Duration settle) {
  Shutdown shutdown;
  live.capture->start();
  shutdown.add({.name = "capture",
                .waits_for = "the journal to be synced and closed",
                .deadline = std::chrono::seconds(10),
                .ask = [&] { live.capture->stop(); },
                .is_done = [&] { return live.capture->is_stopped(); }});
  if (live.processing != nullptr) {
    live.processing->start();
    shutdown.add({.name = "processing",
                  .waits_for = "the snapshot that is written",
                  .deadline = std::chrono::seconds(10),
                  .ask = [&] { live.processing->stop(); },
                  .is_done = [&] { return live.processing->is_stopped(); }});
    // Behind the drain: the page is told the last repair, too.
    if (live.serving != nullptr) {
      live.serving->start();
      shutdown.add({.name = "serve",
                    .waits_for = "what the page reads in the store to be given up",
                    .deadline = std::chrono::seconds(10),
                    .ask = [&] { live.serving->stop(); },
                    .is_done = [&] { return live.serving->is_stopped(); }});
    }
    shutdown.add({.name = "drain",
                  .waits_for = "what is recorded to be stored",
                  .deadline = std::chrono::seconds(60),
                  .ask = [&] { live.processing->drain(); },
                  .is_done =
                      [&] {
                        return live.processing->is_drained() || live.processing->failure() ||
                               live.capture->failure();
                      }});
  }
  live.control->start();
  shutdown.add({.name = "control",
                .waits_for = "the answer to the last question",
                .deadline = std::chrono::seconds(10),
                .ask = [&] { live.control->stop(); },
                .is_done =
                    [&] {
                      if (live.control->is_stopped()) return true;
                      for (const auto& reader : live.readers) {
                        if (reader != nullptr) reader->stop();
                      }
                      return false;
                    }});
  // First of all, so that the page and the questions see it end. A venue on a dead line is waited
  // for as long as net's close lasts.
  shutdown.add({.name = "feeds",
                .waits_for = "the connections to close, and their last records to be written",
                .deadline = std::chrono::seconds(30) + settle,
                .ask = [&] { live.capture->stop_feeds(); },
                .is_done = [&] { return live.capture->is_quiet() || live.capture->failure(); }});
  return shutdown;
}

std::optional<Error> failure_of(const Live& live) {
  if (auto failure = live.capture->failure()) return failure;
  return live.processing != nullptr ? live.processing->failure() : std::nullopt;
}

LiveSummary summary_of(const Live& live, std::uint64_t first_record) {
  LiveSummary summary;
  summary.records = live.capture->recorder().written_ordinal() - first_record;
  summary.failure = failure_of(live);
  if (live.processing == nullptr) return summary;
  const metrics::Counters& counters = live.processing->counters();
  summary.stored = live.processing->progress().rows.load();
  summary.received = counters.total(Counter::kItemsReceived);
  summary.delivered = counters.total(Counter::kItemsDelivered);
  summary.duplicate = counters.total(Counter::kItemsDuplicate);
  summary.late = counters.total(Counter::kItemsLate);
  summary.rejected = counters.total(Counter::kItemsRejected);
  summary.shed = counters.total(Counter::kItemsShed);
  summary.control = counters.total(Counter::kItemsControl);
  summary.bars_shown = live.processing->waits().count();
  summary.missing = live.processing->holes().missing;
  return summary;
}

// Takes a new configuration's feeds, when there is one.
void take_new_feeds(const Live& live, const LiveOptions& options, Log& log) {
  if (!options.new_feeds) return;
  const auto feeds = options.new_feeds();
  if (!feeds) return;
  if (const auto done = live.subscriptions->replace(*feeds); !done) {
    log.error("the configuration was refused, and what was in force goes on",
              {{"mistake", done.error().text}});
    return;
  }
  log.info("the configuration was read anew: what is wanted is subscribed to, and nothing else",
           {{"feeds", feeds->size()}});
}

void wait(const Live& live, const LiveOptions& options, const std::function<void()>& look,
          const Clock& clock, const std::function<void(Duration)>& sleep,
          const std::atomic<bool>& stop) {
  const std::int64_t start_ns = clock.monotonic_ns();
  bool is_started = false;
  Duration next_tidy = kTidyEvery;
  while (!stop.load(std::memory_order_relaxed) && !failure_of(live)) {
    look();
    const Duration passed(clock.monotonic_ns() - start_ns);
    if (options.duration && passed >= *options.duration) return;
    if (passed >= kStarted && !std::exchange(is_started, true)) give_back_memory();
    if (passed >= next_tidy) {
      give_back_free_memory();
      next_tidy = passed + kTidyEvery;
    }
    sleep(options.duration ? std::min(kLook, *options.duration - passed) : kLook);
  }
}

}  // namespace

Result<LiveSummary> run_live(const LiveOptions& options, const Clock& clock, Log& log,
                             const std::function<void(Duration)>& sleep,
                             const std::atomic<bool>& stop) {
  auto live = std::make_unique<Live>();
  if (auto done = open_all(*live, options, clock, log, stop); !done) {
    return tl::make_unexpected(done.error());
  }
  const std::uint64_t first_record = live->capture->recorder().written_ordinal();
  Shutdown shutdown = start_all(*live, options.settle);
  log.info(options.only_record ? "recording" : "running",
           {{"data_dir", live->folder->path()}, {"feeds", options.feeds.size()}});
  const auto look = [&] {
    take_new_feeds(*live, options, log);
    if (options.on_look && live->processing != nullptr) {
      options.on_look(summary_of(*live, first_record));
    }
  };
  wait(*live, options, look, clock, sleep, stop);
  log.info("stopping: the connections are closed, and what is left is stored");
  if (options.on_ending) options.on_ending();
  const bool is_clean = shutdown.run(clock, log, sleep);
  LiveSummary summary = summary_of(*live, first_record);
  summary.is_clean = is_clean;
  // A thread that did not stop still uses all of it: the process leaves with it. A question that
  // nothing stops only reads, and what is recorded is stored all the same.
  if (!is_clean || live->control->has_left_behind()) static_cast<void>(live.release());
  return summary;
}

}  // namespace tapeline::app::live
