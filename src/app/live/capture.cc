// SPDX-License-Identifier: Apache-2.0
#include "app/live/capture.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "app/live/store_beside.h"
#include "app/values/values.h"
#include "decode/venue_table.h"
#include "feed/warm_start.h"

namespace tapeline::app::live {
namespace {

// How long the network's thread waits for a socket before it looks at clocks and flags again.
constexpr Duration kNetworkWait = std::chrono::milliseconds(10);
constexpr std::int64_t kSayEveryNs = 250'000'000;

// How far back an empty folder's trades may lie: what is older when the last page is here would be
// too late to be admitted.
Duration trades_reach_of(const CaptureOptions& options, const feed::Recorder& recorder) {
  constexpr Duration kOnTheWay = feed::WarmStart::kWithin + std::chrono::seconds(30);
  if (!recorder.is_new()) return Duration();
  return std::max(options.lateness - kOnTheWay, Duration());
}

std::vector<feed::FeedOptions> feed_options(const std::vector<config::Feed>& feeds,
                                            Duration trades_reach) {
  std::vector<feed::FeedOptions> out;
  for (const config::Feed& feed : feeds) {
    out.push_back({.venue = feed.venue,
                   .symbols = feed.symbols,
                   .channels = channels_of(feed),
                   .lines = feed.lines,
                   .endpoint = feed.endpoint,
                   .rest = feed.rest_endpoint,
                   .trust = {.ca_file = feed.ca_file, .proxy = feed.proxy},
                   .token = feed.token,
                   .backfill = feed.backfill,
                   .list_every = feed.instruments.value_or(Duration()),
                   .candles_every = feed.candles.value_or(Duration()),
                   .candles_history = feed.history.value_or(feed.candles.value_or(Duration())),
                   .trades_history = std::min(feed.history.value_or(Duration()), trades_reach)});
  }
  return out;
}

feed::FeedsOptions feeds_options(const CaptureOptions& options, ConnectionId first,
                                 Duration trades_reach, const Clock& clock) {
  feed::FeedsOptions out;
  out.first_connection = first;
  out.settle = options.settle;
  out.seed = static_cast<std::uint64_t>(clock.wall().unix_ns());
  out.feeds = feed_options(options.feeds, trades_reach);
  return out;
}

journal::WriterOptions writer_options(const CaptureOptions& options, journal::Disk& disk) {
  journal::WriterOptions out;
  out.sync = options.journal.fsync;
  out.segment_bytes = options.journal.segment_bytes;
  out.new_journal = options.new_journal;
  if (options.store == nullptr) return out;
  out.accepts = accepts_for(*options.store, disk, options.journal_folder);
  return out;
}

}  // namespace

std::vector<std::string> channels_of(const config::Feed& feed) {
  const auto venue = decode::find_venue(feed.venue);
  if (feed.are_channels_named || !venue) return feed.channels;
  std::vector<std::string> channels = feed.channels;
  std::erase_if(channels, [&facts = decode::venue_table()[*venue]->session](const auto& channel) {
    return facts.stream_channel(channel).empty();
  });
  return channels;
}

std::uint64_t reserve_of(const CaptureOptions& options) {
  std::error_code error;  // an unknown size counts as a large one
  // The journal's folder may not be there yet.
  const auto space =
      std::filesystem::space(std::filesystem::path(options.journal_folder).parent_path(), error);
  return values::reserve_or_share(options.journal.reserve_bytes, space.capacity);
}

Result<std::unique_ptr<Capture>> Capture::open(const CaptureOptions& options,
                                               std::unique_ptr<net::Network> network,
                                               journal::Disk& disk, const Clock& clock, Log& log) {
  std::unique_ptr<Capture> capture(new Capture(clock, log));
  capture->ring_ = std::make_unique<feed::RecordRing>(options.ring_bytes);
  const std::uint64_t reserve = reserve_of(options);
  capture->folder_ = options.journal_folder;
  capture->reserve_bytes_ = reserve;
  auto recorder = feed::Recorder::open({.folder = options.journal_folder,
                                        .writer = writer_options(options, disk),
                                        .epoch = {options.engine_version, options.lateness},
                                        .reserve_bytes = reserve},
                                       disk, *capture->ring_, clock);
  if (!recorder) return tl::make_unexpected(recorder.error());
  capture->recorder_ = std::move(*recorder);
  if (const auto& torn = capture->recorder_->torn_tail()) {
    log.warn("a torn tail was cut off the journal: what a crash left behind its last whole record",
             {{"segment", torn->path}, {"bytes", torn->bytes}});
  }
  capture->housekeeper_ = std::make_unique<feed::Housekeeper>(
      feed::HousekeeperOptions{.folder = options.journal_folder,
                               .age_max = options.journal.retain.age,
                               .bytes_max = options.journal.retain.bytes,
                               .reserve_bytes = reserve},
      disk, clock);
  capture->network_ = std::move(network);
  capture->trades_reach_ = trades_reach_of(options, *capture->recorder_);
  auto feeds = feed::Feeds::make(
      feeds_options(options, capture->recorder_->next_connection(), capture->trades_reach_, clock),
      *capture->network_, *capture->ring_, clock);
  if (!feeds) return tl::make_unexpected(feeds.error());
  capture->feeds_ = std::move(*feeds);
  return capture;
}

std::optional<Capture::Room> Capture::room() const {
  std::error_code error;
  const auto space = std::filesystem::space(folder_, error);
  if (error) return std::nullopt;
  return Room{.free_bytes = space.available, .reserve_bytes = reserve_bytes_};
}

void Capture::start() {
  const auto heard = std::make_shared<Bell>();
  recorder_agent_ = std::make_unique<Agent>(
      "recorder", Rests(),
      [this] {
        const std::size_t done = run_recorder();
        if (done > 0) written_->ring();
        return done;
      },
      heard);
  network_agent_ = std::make_unique<Agent>("network", Rests{.first = {}}, [this, heard] {
    const std::size_t done = run_network();
    if (done > 0) heard->ring();
    return done;
  });
  housekeeper_agent_ =
      std::make_unique<Agent>("housekeeper", Rests{.last = std::chrono::milliseconds(100)},
                              [this] { return run_housekeeper(); });
}

Result<void> Capture::change_feeds(const std::vector<config::Feed>& feeds) {
  std::vector<feed::FeedOptions> options = feed_options(feeds, trades_reach_);
  if (auto done = feed::Feeds::check(options); !done) return done;
  const std::lock_guard lock(wish_mutex_);
  wished_ = std::move(options);
  return {};
}

void Capture::take_wish() {
  std::optional<std::vector<feed::FeedOptions>> wished;
  {
    const std::lock_guard lock(wish_mutex_);
    wished.swap(wished_);
  }
  if (wished) feeds_->change(*wished);
}

std::size_t Capture::run_network() {
  if (stop_feeds_.load(std::memory_order_acquire) && !is_stopping_) {
    is_stopping_ = true;
    feeds_->stop();
  }
  take_wish();
  const std::size_t done = network_->run(kNetworkWait) + feeds_->do_work();
  if (is_stopping_ && feeds_->is_stopped()) feeds_stopped_.store(true, std::memory_order_release);
  say_changes();
  return done;
}

std::size_t Capture::run_recorder() {
  const std::size_t done = recorder_->do_work();
  if (recorder_->state() == feed::RecorderState::kFailed) {
    recorder_failed_.store(true, std::memory_order_release);
  }
  return done;
}

std::optional<Error> Capture::failure() const {
  if (!recorder_failed_.load(std::memory_order_acquire)) return std::nullopt;
  return recorder_->failure();
}

// Logs each change of a session's state once; on the network's thread.
void Capture::say_changes() {
  const std::int64_t now = clock_.monotonic_ns();
  if (now - said_ns_ < kSayEveryNs) return;
  said_ns_ = now;
  if (const auto state = recorder_->state(); state != said_recorder_) {
    said_recorder_ = state;
    log_.warn("the recorder changed its state", {{"state", feed::name_of(state)}});
  }
  std::size_t index = 0;
  for (const feed::FeedStatus& feed : feeds_->status()) {
    for (const feed::SessionStatus& session : feed.sessions) {
      const std::string refused = feed::refusals_of(session);
      std::string text =
          fmt::format("{} {} {}", feed::name_of(session.state), session.last_error, refused);
      if (index >= said_.size()) said_.resize(index + 1);
      if (said_[index] != text) {
        const bool is_well = session.state == feed::SessionState::kLive ||
                             session.state == feed::SessionState::kStopped;
        const bool is_said = !refused.empty() || (!is_well && !session.last_error.empty());
        log_.write(
            is_said ? LogLevel::kWarn : LogLevel::kInfo, "the connection changed its state",
            std::array{
                LogField("venue", session.venue), LogField("state", feed::name_of(session.state)),
                LogField("endpoint", session.endpoint), LogField("reconnects", session.reconnects),
                LogField("last_error", session.last_error), LogField("refused", refused)});
        said_[index] = std::move(text);
      }
      ++index;
    }
  }
}

void Capture::stop_feeds() { stop_feeds_.store(true, std::memory_order_release); }

bool Capture::is_quiet() {
  if (!feeds_stopped_.load(std::memory_order_acquire)) return false;
  if (!rests_before_) rests_before_ = recorder_->rests();
  // One turn may have been under way. Where the disk is full, nothing comes of waiting.
  return recorder_->rests() >= *rests_before_ + 2 ||
         recorder_->state() != feed::RecorderState::kRecording;
}

void Capture::stop() {
  housekeeper_->stop();
  for (Agent* agent : {network_agent_.get(), recorder_agent_.get(), housekeeper_agent_.get()}) {
    if (agent != nullptr) agent->ask_to_stop();
  }
}

bool Capture::is_stopped() {
  for (Agent* agent : {network_agent_.get(), recorder_agent_.get(), housekeeper_agent_.get()}) {
    if (agent != nullptr && !agent->is_stopped()) return false;
  }
  if (!recorder_closed_.exchange(true)) {
    if (auto done = recorder_->close(); !done) {
      log_.error("the journal could not be closed", {{"reason", done.error().text}});
      recorder_failed_.store(true, std::memory_order_release);
    }
  }
  return true;
}

}  // namespace tapeline::app::live
