// SPDX-License-Identifier: Apache-2.0
#include "app/live/connect.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "app/config/feeds.h"
#include "app/live/capture.h"
#include "app/live/control.h"
#include "app/live/hops.h"
#include "app/live/status.h"
#include "app/values/text.h"
#include "decode/venue_table.h"
#include "feed/feeds.h"
#include "feed/link.h"
#include "net/discreet_network.h"
#include "net/network.h"
#include "serve/latency.h"
#include "store/duckdb/open.h"
#include "store/reader.h"
#include "venue/field.h"
#include "venue/unlisted.h"
#include "venue/venue.h"

namespace tapeline::app::live {
namespace {

constexpr Duration kFirstAnswerWithin = std::chrono::seconds(10);
// Of a venue that grants without a word.
constexpr Duration kRefusedWithin = std::chrono::seconds(2);
constexpr Duration kTurn = std::chrono::milliseconds(10);
constexpr std::size_t kListMax = std::size_t{64} << 20;

std::string ms_text(Duration time) {
  return fmt::format("{} ms", std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

bool has_star(std::string_view symbol) { return symbol.find('*') != std::string_view::npos; }

// One feed's WebSocket: open, ask for what is configured, hear the first answer.
class SocketTrial final : private net::WebSocketListener {
 public:
  SocketTrial(const config::Feed& feed, const venue::Venue& venue, net::Network& network,
              const Clock& clock)
      : clock_(clock),
        network_(network, feed.token),
        facts_(venue.session),
        endpoint_(venue::endpoint_with_token(
            facts_, feed.endpoint.empty() ? facts_.endpoint : feed.endpoint, feed.token.reveal())),
        start_ns_(clock.monotonic_ns()),
        reader_(facts_.make_frame_reader()) {
    if (feed.token.empty() && !facts_.token_parameter.empty()) {
      outcome_ = failed_with(feed::missing_token(venue));
      return;
    }
    if (auto done = choose_streams(feed, venue); !done) {
      outcome_ = tl::make_unexpected(done.error());
      return;
    }
    socket_ = network_.open(
        {.url = endpoint_, .trust = {.ca_file = feed.ca_file, .proxy = feed.proxy}}, *this);
  }

  [[nodiscard]] bool is_done() {
    const Duration waited(clock_.monotonic_ns() - opened_ns_);
    if (!outcome_ && opened_ns_ > 0 && !facts_.acknowledges && waited > kRefusedWithin) {
      outcome_ = fmt::format("connected, and nothing was refused within {}",
                             format_duration(kRefusedWithin));
    }
    if (!outcome_ && opened_ns_ > 0 && waited > kFirstAnswerWithin) {
      outcome_ =
          failed_with(fmt::format("no answer to the subscription within {}: check that the "
                                  "endpoint is the venue's",
                                  format_duration(kFirstAnswerWithin)));
    }
    return outcome_.has_value();
  }
  [[nodiscard]] Result<std::string> outcome() const { return *outcome_; }
  [[nodiscard]] std::string where() const { return feed::public_url(endpoint_); }

 private:
  static tl::unexpected<Error> failed_with(std::string text) {
    return fail(Fault::kTheirs, std::move(text));
  }

  // As many as fit the first message.
  [[nodiscard]] Result<void> choose_streams(const config::Feed& feed, const venue::Venue& venue) {
    for (const std::string& symbol : feed.symbols) {
      if (has_star(symbol) || !venue::is_symbol(symbol)) continue;
      for (const std::string& channel : channels_of(feed)) {
        const std::string_view wire = facts_.stream_channel(channel);
        if (wire.empty()) {
          return failed_with(fmt::format("{} has no channel {}: take it out of channels",
                                         venue.name, values::quoted(channel)));
        }
        if (streams_.size() == facts_.per_request_max) return {};
        const bool is_other = !streams_.empty() && streams_.front().channel != wire;
        if (is_other && !facts_.mixes_channels) continue;
        streams_.push_back({facts_.stream_symbol(facts_.venue_symbol(symbol)), std::string(wire)});
      }
    }
    return {};
  }

  [[nodiscard]] Duration passed() const { return Duration(clock_.monotonic_ns() - start_ns_); }

  void on_open() override {
    opened_ns_ = clock_.monotonic_ns();
    if (streams_.empty()) {
      outcome_ = fmt::format("connected after {} (patterns only: nothing was asked for)",
                             ms_text(passed()));
    } else if (socket_->send(facts_.subscribe(streams_, 1).text) != net::Sent::kYes) {
      outcome_ = failed_with("the subscription does not fit one message: name fewer symbols");
    }
  }
  net::Taken on_message(std::string_view message, RecvTime /*ts_recv*/) override {
    if (outcome_) return net::Taken::kYes;
    venue::FrameMeaning meaning;
    reader_->read(message, meaning);
    if (meaning.kind == venue::FrameKind::kDenial) {
      outcome_ = failed_with(
          fmt::format("the venue lets nobody in so ({})", values::printable(meaning.text)));
    } else if (meaning.kind == venue::FrameKind::kRefusal) {
      outcome_ =
          failed_with(fmt::format("the venue refuses what is asked for ({}): check symbols "
                                  "and channels",
                                  values::printable(meaning.text)));
    } else {
      outcome_ = fmt::format("answered after {}", ms_text(passed()));
    }
    return net::Taken::kYes;
  }
  void on_close(const Error& why) override {
    if (!outcome_) outcome_ = tl::make_unexpected(why);
  }

  const Clock& clock_;
  net::DiscreetNetwork network_;
  const venue::SessionFacts& facts_;
  std::string endpoint_;
  std::int64_t start_ns_;
  std::int64_t opened_ns_ = 0;
  std::unique_ptr<venue::FrameReader> reader_;
  std::vector<venue::Subscription> streams_;
  std::unique_ptr<net::WebSocket> socket_;
  std::optional<Result<std::string>> outcome_;
};

// One feed's instrument list, and whether the configured symbols are in it.
class ListTrial {
 public:
  ListTrial(const config::Feed& feed, const venue::Venue& venue, net::Network& network,
            const Clock& clock)
      : feed_(feed),
        venue_(venue),
        clock_(clock),
        network_(network, feed.token),
        start_ns_(clock.monotonic_ns()) {
    const std::string_view rest = venue.session.rest;
    url_ = feed.rest_endpoint.empty() ? std::string(rest) : feed.rest_endpoint;
    url_ += venue.session.instruments;
    net::HttpRequest request;
    request.url = url_;
    request.trust = {.ca_file = feed.ca_file, .proxy = feed.proxy};
    request.body_bytes_max = kListMax;
    network_.fetch(std::move(request), [this](const auto& answer) { outcome_ = judge(answer); });
  }

  [[nodiscard]] bool is_done() const { return outcome_.has_value(); }
  [[nodiscard]] Result<std::string> outcome() const { return *outcome_; }
  [[nodiscard]] std::string where() const { return feed::public_url(url_); }

 private:
  [[nodiscard]] Result<std::string> judge(const Result<net::HttpResponse>& answer) const {
    constexpr int kOk = 200;
    if (!answer) return tl::make_unexpected(answer.error());
    if (answer->status != kOk) {
      return fail(Fault::kTheirs, fmt::format("answered with status {}: check rest_endpoint, or "
                                              "try again later",
                                              answer->status));
    }
    const auto list = venue_.parse_instruments(answer->body);
    if (!list) {
      return fail(Fault::kTheirs,
                  fmt::format("its answer is no instrument list ({}): check rest_endpoint",
                              list.error().text));
    }
    if (const std::string wrong = unlisted(*list); !wrong.empty()) {
      return fail(Fault::kCaller, wrong);
    }
    return fmt::format("{} instruments after {}", list->rows.size(),
                       ms_text(Duration(clock_.monotonic_ns() - start_ns_)));
  }

  // All of the symbols that the list does not have, or nothing.
  [[nodiscard]] std::string unlisted(const venue::InstrumentList& list) const {
    std::vector<std::string_view> names;
    for (const auto& row : list.rows) names.push_back(row.listing.canonical);
    std::string text;
    for (const std::string& symbol : feed_.symbols) {
      const bool is_listed = std::any_of(names.begin(), names.end(), [&](std::string_view name) {
        return has_star(symbol) ? matches_pattern(symbol, name) : name == symbol;
      });
      if (is_listed) continue;
      text += fmt::format("{}{} is not in the instrument list of {}: {}", text.empty() ? "" : "; ",
                          values::quoted(symbol), venue_.name,
                          venue::advice_on_unlisted(symbol, names));
    }
    return text;
  }

  const config::Feed& feed_;
  const venue::Venue& venue_;
  const Clock& clock_;
  net::DiscreetNetwork network_;
  std::int64_t start_ns_;
  std::string url_;
  std::optional<Result<std::string>> outcome_;
};

struct FeedTrial {
  std::string name;
  std::unique_ptr<SocketTrial> socket;
  std::unique_ptr<ListTrial> list;  // none: the venue has no such list

  [[nodiscard]] bool is_done() const {
    return socket->is_done() && (list == nullptr || list->is_done());
  }
};

template <typename Trial>
Tried tried(const std::string& name, Trial& trial) {
  Tried out{.what = name + ' ' + trial.where(),
            .outcome = fail(Fault::kCaller, "interrupted before it answered")};
  if (trial.is_done()) out.outcome = trial.outcome();
  return out;
}

// The folder that is there already, of the path or above it.
std::filesystem::path nearest_folder(std::filesystem::path path) {
  std::error_code error;
  path = std::filesystem::absolute(path, error);
  while (!std::filesystem::exists(path, error) && path.has_relative_path()) {
    path = path.parent_path();
  }
  return path;
}

Result<std::string> judge_store(const std::string& data_dir, const Clock& clock,
                                const std::function<bool()>& is_stopped) {
  const auto status = ask_running(data_dir, {"status", {}}, clock, {is_stopped, kStatusWithin});
  if (!status) return tl::make_unexpected(status.error());
  if (*status) return std::string("a running process has it open");
  std::error_code error;
  if (!std::filesystem::exists(store::duckdb::store_path(data_dir), error)) {
    const std::filesystem::path folder = nearest_folder(data_dir);
    if (std::filesystem::is_directory(folder, error) &&
        ::access(folder.c_str(), W_OK | X_OK) == 0) {
      return std::string("not there yet: `tapeline run` makes it");
    }
    return fail(Fault::kCaller, fmt::format("not there yet, and nothing can be made in {}: choose "
                                            "another --data-dir, or have its owner let you in",
                                            folder.string()));
  }
  const auto reader = store::duckdb::open_reader(data_dir, {});
  if (!reader) return tl::make_unexpected(reader.error());
  const auto position = (*reader)->position();
  if (!position) return tl::make_unexpected(position.error());
  if (!*position) return std::string("readable, and empty");
  return fmt::format("readable, up to record {}", values::grouped((*position)->ordinal));
}

// As a running process would have measured it; history and what is shown again measure nothing.
std::string disorder_of_stored(store::Reader& reader, const config::Config& config,
                               const Clock& clock, const std::function<bool()>& is_stopped) {
  constexpr std::size_t kNewest = 200'000;
  std::vector<std::string> venues;
  if (const auto feeds = config::effective_feeds(config)) {
    for (const config::Feed& feed : *feeds) venues.push_back(feed.venue);
  }
  Hops hops(clock, RecvTime(), venues, reader.names());
  const auto done = reader.trades({.newest = kNewest}, [&](const store::TradeRow& row) {
    hops.on_trade(row.trade, row.position);
    return !is_stopped();
  });
  if (!done || is_stopped()) return {};
  serve::Latency latency;
  for (const auto& hop : hops.venues()) {
    latency.venues.push_back({.venue = hop->venue, .disorder = &hop->disorder});
  }
  return answer_status(disorder_rows(latency, config.stream.disorder), {}).out;
}

}  // namespace

std::vector<Tried> try_feeds(const std::vector<config::Feed>& feeds, const Clock& clock,
                             const std::function<bool()>& is_stopped) {
  const auto network = net::make_network(clock);
  std::vector<FeedTrial> trials;
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    const config::Feed& feed = feeds[i];
    // The configuration was checked against the same table.
    const venue::Venue& venue = *decode::venue_table()[decode::find_venue(feed.venue).value()];
    FeedTrial& trial = trials.emplace_back();
    trial.name = fmt::format("feeds[{}] {}", i, feed.venue);
    trial.socket = std::make_unique<SocketTrial>(feed, venue, *network, clock);
    if (!venue.session.instruments.empty()) {
      trial.list = std::make_unique<ListTrial>(feed, venue, *network, clock);
    }
  }
  const auto is_done = [](const FeedTrial& trial) { return trial.is_done(); };
  while (!is_stopped() && !std::all_of(trials.begin(), trials.end(), is_done)) network->run(kTurn);
  std::vector<Tried> out;
  for (const FeedTrial& trial : trials) {
    out.push_back(tried(trial.name, *trial.socket));
    if (trial.list != nullptr) out.push_back(tried(trial.name, *trial.list));
  }
  return out;
}

Tried try_store(const std::string& data_dir, const Clock& clock,
                const std::function<bool()>& is_stopped) {
  return {.what = "store " + store::duckdb::store_path(data_dir),
          .outcome = judge_store(data_dir, clock, is_stopped)};
}

std::string suggest_disorder(const std::string& data_dir, const config::Config& config,
                             const Clock& clock, const std::function<bool()>& is_stopped) {
  const auto answer = ask_running(data_dir, {"disorder", {}}, clock, {is_stopped, kStatusWithin});
  if (answer && *answer) return (*answer)->out;
  std::error_code error;
  if (!answer || !std::filesystem::exists(store::duckdb::store_path(data_dir), error)) return {};
  // That it cannot be read was said of the store.
  const auto reader = store::duckdb::open_reader(data_dir, {});
  return reader ? disorder_of_stored(**reader, config, clock, is_stopped) : std::string();
}

}  // namespace tapeline::app::live
