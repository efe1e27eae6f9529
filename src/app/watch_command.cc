// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "app/commands.h"
#include "app/live/control.h"
#include "app/live/data_dir.h"
#include "app/watch/board.h"
#include "app/watch/screen.h"
#include "net/network.h"

namespace tapeline::app {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr Duration kWatchTurn = std::chrono::milliseconds(50);
constexpr Duration kWatchRedraw = std::chrono::milliseconds(250);
constexpr Duration kWatchPatience = std::chrono::seconds(2);

std::optional<std::string> interval_of(const Settings& settings) {
  const auto interval = settings.watch.interval;
  return interval ? std::optional(format_duration(*interval)) : std::nullopt;
}

// The push stream of the running process, drawn or written as it comes.
class Watcher final : private net::WebSocketListener {
 public:
  Watcher(const Invocation& invocation, std::string address)
      : env_(invocation.env),
        address_(std::move(address)),
        is_terminal_(out_size().columns > 0),
        has_colour_(env_.variable("NO_COLOR").empty()),
        board_(invocation.settings.replay.instruments, interval_of(invocation.settings)),
        network_(net::make_network(env_.clock)),
        socket_(network_->open({.url = "ws://" + address_ + "/api/v1/stream",
                                .headers = {{"Origin", "http://" + address_}}},
                               *this)) {}

  int run() {
    while (!env_.stop.load() && !why_closed_ && env_.out && mistake_.empty()) {
      network_->run(kWatchTurn);
      draw();
      say_what_it_waits_for();
    }
    if (!mistake_.empty()) return say_mistakes({mistake_}, env_);
    if (env_.stop.load()) return kExitInterrupted;
    if (!why_closed_) return kExitDone;  // nobody reads any more
    return say_failure(failure(), env_);
  }

 private:
  [[nodiscard]] TerminalSize out_size() const {
    return env_.out_size ? env_.out_size() : TerminalSize{};
  }

  [[nodiscard]] Error failure() const {
    if (is_open_) {
      return {Fault::kTheirs, Retry::kNever,
              "the process that was watched has ended: " + why_closed_->text};
    }
    return {Fault::kTheirs, Retry::kNever,
            fmt::format("nothing to watch at http://{}: start `tapeline run` or `tapeline demo`, "
                        "or say --address as it was printed ({}){}",
                        address_, why_closed_->text, demos_hint(env_, "watch"))};
  }

  void on_open() override { is_open_ = true; }

  net::Taken on_message(std::string_view message, RecvTime /*ts_recv*/) override {
    watch::Brought brought = board_.take(message);
    if (!brought.mistake.empty()) mistake_ = std::move(brought.mistake);
    if (!mistake_.empty()) return net::Taken::kYes;
    for (const std::string& reply : brought.replies) {
      if (socket_->send(reply) != net::Sent::kYes) break;  // it is about to say that it ended
    }
    say_whose();
    if (!brought.problem.empty()) env_.err << "tapeline: " << brought.problem << '\n';
    if (is_terminal_) {
      is_changed_ = true;
      return net::Taken::kYes;
    }
    for (const watch::WatchChange& change : brought.changes) {
      env_.out << watch::line_of(board_, change);
    }
    if (!brought.changes.empty()) env_.out << std::flush;
    return net::Taken::kYes;
  }

  void on_close(const Error& why) override { why_closed_ = why; }

  // Once, where no screen says it all the time.
  void say_whose() {
    if (is_terminal_ || std::exchange(has_said_whose_, true)) return;
    env_.err << fmt::format("watch: http://{}, {}\n", address_,
                            board_.is_simulated() ? "SIMULATED" : "LIVE");
  }

  // Once, where no screen says it all the time.
  void say_what_it_waits_for() {
    const std::int64_t now_ns = env_.clock.monotonic_ns();
    if (is_terminal_ || has_said_wait_ || now_ns - began_ns_ < kWatchPatience.count()) return;
    has_said_wait_ = true;
    const std::string waits = board_.what_it_waits_for();
    if (!waits.empty()) env_.err << "watch: " << waits << '\n' << std::flush;
  }

  void draw() {
    const std::int64_t now_ns = env_.clock.monotonic_ns();
    if (!is_terminal_ || !is_changed_ || now_ns < next_draw_ns_) return;
    next_draw_ns_ = now_ns + kWatchRedraw.count();
    is_changed_ = false;
    const TerminalSize size = out_size();
    env_.out << screen_.redraw(watch::table_of(board_, {.where = "http://" + address_,
                                                        .columns = size.columns,
                                                        .rows = size.rows,
                                                        .has_colour = has_colour_}))
             << std::flush;
  }

  const Environment& env_;
  std::string address_;
  bool is_terminal_;
  bool has_colour_;
  watch::Board board_;
  watch::Screen screen_;
  bool is_open_ = false;
  bool is_changed_ = false;
  bool has_said_whose_ = false;
  bool has_said_wait_ = false;
  std::int64_t began_ns_ = env_.clock.monotonic_ns();
  std::string mistake_;
  std::int64_t next_draw_ns_ = 0;
  std::optional<Error> why_closed_;
  std::unique_ptr<net::Network> network_;
  std::unique_ptr<net::WebSocket> socket_;
};

// Where the page is: as the option says, else as the process that runs in the data folder says.
// Where nobody named a folder, and none runs in the usual one, where a process without options
// serves it.
Result<std::string> find_address(const Invocation& invocation) {
  const Environment& env = invocation.env;
  const config::Config& config = invocation.checked.config;
  if (!invocation.settings.watch.address.empty()) return invocation.settings.watch.address;
  const auto path = data_dir_path(config.data_dir, env.variable("HOME"));
  if (!path) return tl::make_unexpected(path.error());
  const auto answered = live::ask_running(
      *path, {"page", {}}, env.clock,
      {.is_stopped = [&env] { return env.stop.load(); }, .within = live::kStatusWithin});
  if (!answered) return tl::make_unexpected(answered.error());
  const bool is_served = *answered && !(*answered)->out.empty();
  const bool is_named = config.data_dir != config::Config().data_dir;
  if (!is_served && is_named) return tl::make_unexpected(nobody_runs(*path, env, "watch"));
  if (!is_served) return config.serve.listen;
  return (*answered)->out.substr(kScheme.size());
}

}  // namespace

int run_watch(const Invocation& invocation) {
  auto address = find_address(invocation);
  if (!address) return say_failure(address.error(), invocation.env);
  return Watcher(invocation, std::move(*address)).run();
}

}  // namespace tapeline::app
