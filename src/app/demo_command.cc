// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "app/commands.h"
#include "app/demo/folder.h"
#include "app/demo/report.h"
#include "app/demo/truth_check.h"
#include "app/demo/venues.h"
#include "app/live/live.h"
#include "app/log.h"
#include "app/progress.h"
#include "app/signals.h"
#include "app/version.h"
#include "store/duckdb/open.h"

namespace tapeline::app {
namespace {

constexpr unsigned kPortsToTry = 50;
// What was lost just before the end is asked for too, though histories refuse now and then.
constexpr Duration kSettle = std::chrono::seconds(60);
constexpr Duration kWaitLook = std::chrono::milliseconds(20);
// So long the simulated markets have been going on when it begins: what the chart begins with.
constexpr Duration kPast = std::chrono::hours(1);
// Of a venue that nothing will be compared with, which may go on for days: what is asked of its
// history, and its past.
constexpr std::size_t kTradesWithoutEnd = 1'000'000;

// Short windows, so that within a minute there is something to see, and some that are longer.
config::Stream demo_stream() {
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  config::Stream stream;
  stream.intervals = {seconds(1), seconds(5),  seconds(15), minutes(1),
                      minutes(5), minutes(15), hours(1)};
  stream.disorder = std::chrono::milliseconds(500);
  stream.idle_timeout = seconds(3);
  return stream;
}

// What may go wrong does so before the disk is full of a market that never was.
config::Journal demo_journal() {
  config::Journal journal;
  journal.segment_bytes = std::uint64_t{16} << 20;
  journal.retain.bytes = std::uint64_t{512} << 20;
  return journal;
}

// One demo, from its folder to its end.
class Demo {
 public:
  explicit Demo(const Invocation& invocation)
      : line_(invocation.line),
        settings_(invocation.settings),
        env_(invocation.env),
        headway_(settings_.duration),
        progress_(!line_.quiet && env_.err_is_terminal ? &env_.err : nullptr, env_.clock) {}

  int run();

 private:
  Result<void> open();
  void say_beginning();
  void say_ending();
  Result<live::LiveSummary> run_pipeline();
  int finish(const live::LiveSummary& summary);
  void wait_for_file();
  Result<demo::TruthReport> compare();

  const CommandLine& line_;
  const Settings& settings_;
  const Environment& env_;
  demo::Headway headway_;
  ProgressLine progress_;
  const std::int64_t start_ns_ = env_.clock.monotonic_ns();
  std::unique_ptr<demo::Folder> folder_;
  std::unique_ptr<std::ofstream> log_file_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<demo::Venues> venues_;
};

Result<void> Demo::open() {
  if (line_.data_dir.empty()) {
    auto folder = demo::Folder::make_temporary(demo::parent_of_temporary(env_.variable("TMPDIR")));
    if (!folder) return tl::make_unexpected(folder.error());
    folder_ = std::move(*folder);
  } else {
    auto folder = demo::Folder::make_lasting(line_.data_dir);
    if (!folder) return tl::make_unexpected(folder.error());
    folder_ = std::move(*folder);
  }
  log_file_ = std::make_unique<std::ofstream>(folder_->path() + "/demo.log");
  log_ = make_log(*log_file_, env_.clock, {.level = line_.log_level, .format = line_.log_format});
  demo::VenuesOptions options{.names = settings_.demo.venues,
                              .seed = settings_.demo.seed,
                              .faults = settings_.demo.faults,
                              .folder = folder_->path(),
                              .past = kPast};
  if (options.names.empty()) options.names = {"coinbase", "binance"};
  if (!settings_.duration) options.trades_max = kTradesWithoutEnd;
  auto venues = demo::Venues::open(options, env_.clock);
  if (!venues) return tl::make_unexpected(venues.error());
  venues_ = std::move(*venues);
  for (const config::Feed& feed : venues_->feeds()) {
    log_->info("a simulated venue listens", {{"venue", feed.venue},
                                             {"truth", feed.rest_endpoint + "/truth/trades"},
                                             {"ca_file", feed.ca_file}});
  }
  if (!line_.quiet) {
    env_.err << fmt::format("SIMULATED {}: markets that never were, seed {}, faults {}\n",
                            fmt::join(options.names, " and "), options.seed,
                            sim::format_faults(options.faults));
  }
  return {};
}

void Demo::say_beginning() {
  if (line_.quiet) return;
  env_.err << fmt::format("data in {}{}\n", folder_->path(),
                          folder_->is_temporary() ? ", removed at the end" : "")
           << std::flush;
}

// With a duration it may take a while until the summary.
void Demo::say_ending() {
  progress_.finish();
  if (line_.quiet || !settings_.duration) return;
  env_.err << "ending: the connections are closed, what is missing is fetched and stored, and then "
              "every bar is compared\n"
           << std::flush;
}

Result<live::LiveSummary> Demo::run_pipeline() {
  config::Config config;
  config.data_dir = folder_->path();
  config.feeds = venues_->feeds();
  for (config::Feed& feed : config.feeds) {
    feed.backfill = !settings_.demo.no_backfill;
    feed.candles = feed.history = kPast;
  }
  config.stream = demo_stream();
  config.journal = demo_journal();
  config.serve.listen = fmt::format("127.0.0.1:{}", settings_.demo.port);
  return live::run_live(
      {.data_dir = folder_->path(),
       .engine_version = version_number(),
       .config = config,
       .feeds = config.feeds,
       .duration = settings_.duration,
       .settle = settings_.duration ? kSettle : Duration(),
       .drop_connections =
           [this](std::string_view venue) { return venues_->drop_connections(venue); },
       .on_listening =
           [this](const std::string& address) { env_.err << address << '\n'
                                                         << std::flush; },
       .ports_to_try = kPortsToTry,
       .on_look =
           [this](const live::LiveSummary& summary) {
             headway_.note(summary, Duration(env_.clock.monotonic_ns() - start_ns_));
             progress_.show([this](Duration /*elapsed*/) { return headway_.text(); });
           },
       .on_ending = [this] { say_ending(); }},
      env_.clock, *log_, env_.sleep, env_.stop);
}

// Whoever wants to see that the comparison can fail changes the store now.
void Demo::wait_for_file() {
  const std::string file = env_.variable("TAPELINE_DEMO_WAIT");
  std::error_code failed;
  if (file.empty() || !std::filesystem::exists(file, failed)) return;
  env_.err << "waiting to compare until " << file << " is gone\n" << std::flush;
  while (std::filesystem::exists(file, failed) && !env_.stop.load()) env_.sleep(kWaitLook);
}

Result<demo::TruthReport> Demo::compare() {
  wait_for_file();
  const auto reader = store::duckdb::open_reader(folder_->path(), {});
  if (!reader) return tl::make_unexpected(reader.error());
  const config::Stream stream = demo_stream();
  return demo::check_truth(**reader, {.venues = venues_->stop(),
                                      .intervals = stream.intervals,
                                      .disorder = stream.disorder,
                                      .is_backfilled = !settings_.demo.no_backfill});
}

int Demo::finish(const live::LiveSummary& summary) {
  if (env_.stop.load() || summary.failure) {
    if (!line_.quiet) env_.err << demo::summary_text(summary, headway_.first_bar(), nullptr);
    if (summary.failure) return say_failure(*summary.failure, env_);
    return settings_.duration ? kExitInterrupted : kExitDone;
  }
  const auto report = compare();
  if (!report) return say_failure(report.error(), env_);
  const bool is_right = report->differences == 0 && demo::adds_up(summary);
  if (!line_.quiet || !is_right) {
    env_.err << demo::summary_text(summary, headway_.first_bar(), &*report);
  }
  if (!is_right) return kExitFound;
  if (report->bars == report->forgotten) {
    env_.err << "tapeline: no bar has closed, so nothing could be compared; give it longer than "
             << format_duration(*settings_.duration) << '\n';
    return kExitFailed;
  }
  return env_.stop.load() ? kExitInterrupted : kExitDone;
}

int Demo::run() {
  if (auto done = open(); !done) return say_failure(done.error(), env_);
  say_beginning();
  const auto summary = run_pipeline();
  progress_.finish();
  if (!summary) return say_failure(summary.error(), env_);
  if (summary->is_clean) return finish(*summary);
  // A thread that did not stop may still use them; they go with the process.
  static_cast<void>(log_.release());
  static_cast<void>(log_file_.release());
  static_cast<void>(venues_.release());
  env_.err << "tapeline: not everything stopped in time; what it logged is in " << folder_->path()
           << "/demo.log\n";
  static_cast<void>(folder_.release());
  return kExitFailed;
}

}  // namespace

int run_demo(const Invocation& invocation) {
  outlive_readers();
  return Demo(invocation).run();
}

}  // namespace tapeline::app
