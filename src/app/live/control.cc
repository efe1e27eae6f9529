// SPDX-License-Identifier: Apache-2.0
#include "app/live/control.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "app/environment.h"
#include "app/live/holder.h"
#include "net/network.h"

namespace tapeline::app::live {
namespace {

constexpr Duration kSocketWait = std::chrono::milliseconds(20);
constexpr Duration kCancelWithin = std::chrono::seconds(2);
constexpr int kNice = 10;
constexpr std::size_t kAnswerBytesMax = std::size_t{256} << 20;

// What a process knows that only records.
bool is_of_the_process(const Question& question) {
  return question.what == "status" || question.what == "page" || question.what == "disorder";
}

// What no other question holds up.
bool is_answered_at_once(const Question& question) {
  return is_of_the_process(question) || question.what == "repair";
}

net::HttpResponse refusal(int status, std::string text) {
  return {.status = status, .headers = {}, .body = std::move(text), .ts_recv = {}};
}

net::HttpResponse response_of(const Answer& answer) {
  return {.status = 200, .headers = {}, .body = encode(answer), .ts_recv = {}};
}

// Which questions a lane answers. A proof has one, since it keeps files of its own.
bool is_for(std::size_t lane, std::string_view what) {
  constexpr std::array<std::string_view, Control::kLanes - 1> kOfOneKind{"sql", "sql", "verify"};
  if (lane < kOfOneKind.size()) return kOfOneKind[lane] == what;
  return std::find(kOfOneKind.begin(), kOfOneKind.end(), what) == kOfOneKind.end();
}

Answer not_any_more() {
  return {.status = kExitFailed,
          .err = "tapeline: the process is stopping: ask again when it has stopped\n"};
}

}  // namespace

std::string socket_path(const std::string& data_dir) { return data_dir + "/tapeline.sock"; }

Result<void> check_socket_path(const std::string& data_dir) {
  constexpr std::size_t kBytesMax = sizeof(sockaddr_un::sun_path) - 1;
  std::string folder = data_dir;
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  const std::string path = socket_path(folder);
  if (path.size() <= kBytesMax) return {};
  return fail(
      Fault::kCaller,
      fmt::format("{}: the path of a socket has at most {} bytes, and this one {}; choose a "
                  "shorter --data-dir",
                  path, kBytesMax, path.size()));
}

Control::Control(const Clock& clock, AnswerInTurn answer, AnswerQuestion answer_now)
    : clock_(clock), answer_(std::move(answer)), answer_now_(std::move(answer_now)) {}

Result<std::unique_ptr<Control>> Control::open(const std::string& data_dir, const Clock& clock,
                                               AnswerInTurn answer, AnswerQuestion answer_now) {
  std::unique_ptr<Control> control(new Control(clock, std::move(answer), std::move(answer_now)));
  net::ServerOptions options;
  options.listen = "unix:" + socket_path(data_dir);
  options.limits.answer_deadline = Patience{}.within;
  options.limits.connections_max = 32;
  auto server = net::Server::open(options, clock, *control);
  if (!server) return tl::make_unexpected(server.error());
  control->server_ = std::move(*server);
  return control;
}

void Control::start() {
  for (std::size_t i = 0; i < kLanes; ++i) {
    lanes_[i].agent = std::make_unique<Agent>("questions " + std::to_string(i), Rests(),
                                              [this, i] { return run_lane(i); });
  }
  socket_agent_ = std::make_unique<Agent>("control", Rests(), [this] { return run_socket(); });
}

void Control::stop() {
  is_stopping_.store(true, std::memory_order_relaxed);
  stop_ns_ = clock_.monotonic_ns();
  const std::lock_guard lock(mutex_);
  for (const Waiting& waiting : waiting_) answered_.emplace_back(waiting.id, not_any_more());
  waiting_.clear();
  for (const Lane& lane : lanes_) {
    if (lane.agent != nullptr) lane.agent->ask_to_stop();
  }
}

bool Control::has_ended(Lane& lane) {
  if (lane.agent == nullptr || lane.agent->is_stopped() || lane.is_left) return true;
  if (clock_.monotonic_ns() - stop_ns_ < kEndWithin.count()) return false;
  const std::lock_guard lock(mutex_);
  if (!lane.current) return false;  // it is about to end
  answered_.emplace_back(*lane.current, not_any_more());
  lane.current.reset();
  lane.is_left = true;
  return true;
}

// The socket stays until the last answer has gone.
bool Control::is_stopped() {
  bool have_ended = true;
  for (Lane& lane : lanes_) have_ended = has_ended(lane) && have_ended;
  if (!have_ended) return false;
  if (socket_agent_ == nullptr) return true;
  const std::lock_guard lock(mutex_);
  if (answered_.empty()) socket_agent_->ask_to_stop();
  return socket_agent_->is_stopped();
}

bool Control::has_left_behind() const {
  return std::any_of(lanes_.begin(), lanes_.end(),
                     [](const Lane& lane) { return lane.is_left && !lane.agent->is_stopped(); });
}

std::optional<net::HttpResponse> Control::on_request(net::RequestId id,
                                                     const net::ServerRequest& request) {
  if (request.target != "/ask" || request.method != "POST") {
    return refusal(404, "POST /ask is all there is\n");
  }
  auto question = decode_question(request.body);
  if (!question) return refusal(400, "the body is no question\n");
  if (is_answered_at_once(*question)) return response_of(answer_now_(*question));
  if (question->what == "cancel") {
    cancel(question->argument("id"));
    return response_of({});
  }
  if (is_stopping_.load(std::memory_order_relaxed)) return response_of(not_any_more());
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= kWaitingMax) return refusal(503, "too many questions wait\n");
  waiting_.push_back({id, std::move(*question)});
  return std::nullopt;
}

std::optional<net::HttpResponse> Control::on_upgrade(net::PeerId /*peer*/,
                                                     const net::ServerRequest& /*request*/) {
  return refusal(404, "no WebSocket here\n");
}

net::Taken Control::on_message(net::PeerId /*peer*/, std::string_view /*message*/,
                               RecvTime /*ts_recv*/) {
  return net::Taken::kYes;
}

void Control::on_close(net::PeerId /*peer*/, const Error& /*why*/) {}

void Control::cancel(std::string_view id) {
  if (id.empty()) return;
  const std::lock_guard lock(mutex_);
  for (Lane& lane : lanes_) {
    if (lane.current_id == id) lane.is_cancelled.store(true, std::memory_order_relaxed);
  }
  std::erase_if(waiting_, [&](const Waiting& w) { return w.question.argument("id") == id; });
}

void Control::on_gone(net::RequestId id) {
  const std::lock_guard lock(mutex_);
  for (Lane& lane : lanes_) {
    if (lane.current == id) lane.is_cancelled.store(true, std::memory_order_relaxed);
  }
  std::erase_if(waiting_, [&](const Waiting& w) { return w.id == id; });
}

std::size_t Control::run_socket() {
  std::deque<std::pair<net::RequestId, Answer>> answered;
  {
    const std::lock_guard lock(mutex_);
    answered.swap(answered_);
  }
  for (const auto& [id, answer] : answered) server_->respond(id, response_of(answer));
  return server_->run(kSocketWait) + answered.size();
}

std::size_t Control::run_lane(std::size_t number) {
  Lane& lane = lanes_[number];
  // Of this thread alone: where the machine has little to give, capture and storing come first. A
  // system that does not let us costs nothing but that.
  if (!lane.is_nice) static_cast<void>(::setpriority(PRIO_PROCESS, 0, kNice));
  lane.is_nice = true;
  Waiting waiting;
  {
    const std::lock_guard lock(mutex_);
    const auto next = std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& w) {
      return is_for(number, w.question.what);
    });
    if (next == waiting_.end()) return 0;
    waiting = std::move(*next);
    waiting_.erase(next);
    lane.current_id = waiting.question.argument("id");
    lane.current = waiting.id;
    lane.is_cancelled.store(false, std::memory_order_relaxed);
  }
  const std::function<bool()> is_cancelled = [this, &lane] {
    return lane.is_cancelled.load(std::memory_order_relaxed) ||
           is_stopping_.load(std::memory_order_relaxed);
  };
  Answer answer = answer_(waiting.question, {number, is_cancelled});
  const std::lock_guard lock(mutex_);
  lane.current_id.clear();
  if (lane.current) answered_.emplace_back(waiting.id, std::move(answer));
  lane.current.reset();
  return 1;
}

namespace {

Answer interrupted() { return {.status = kExitInterrupted, .err = "tapeline: interrupted\n"}; }

// Who asks the socket, one question after the other.
class Asker {
 public:
  Asker(const std::string& data_dir, const Clock& clock, const Patience& patience)
      : data_dir_(data_dir),
        path_(socket_path(data_dir)),
        clock_(clock),
        patience_(patience),
        network_(net::make_network(clock)) {}

  // Nothing: nobody serves the socket.
  [[nodiscard]] Result<std::optional<Answer>> ask(const Question& question);
  void rest() { network_->run(kSocketWait); }

 private:
  void send(const Question& question, Duration within);
  [[nodiscard]] Error is_silent() const;

  const std::string& data_dir_;
  std::string path_;
  const Clock& clock_;
  const Patience& patience_;
  std::optional<Result<net::HttpResponse>> response_;  // of what was sent last
  std::unique_ptr<net::Network> network_;
};

// A socket that nobody serves was left by a process that was killed.
bool is_served(const std::string& path) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  if (path.size() >= sizeof(address.sun_path)) return false;
  path.copy(address.sun_path, path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return true;  // the network says why it cannot ask
  const bool is_refused =
      ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 &&
      (errno == ENOENT || errno == ENOTDIR || errno == ECONNREFUSED);
  ::close(fd);
  return !is_refused;
}

Result<std::optional<Answer>> Asker::ask(const Question& question) {
  if (!is_served(path_)) return std::optional<Answer>();
  const std::int64_t start_ns = clock_.monotonic_ns();
  Question named = question;
  const std::string id = fmt::format("{}-{}", ::getpid(), clock_.wall().unix_ns());
  named.arguments.emplace_back("id", id);
  send(named, patience_.within);
  while (!response_ && !patience_.is_stopped()) network_->run(kSocketWait);
  if (!response_) {
    send({"cancel", {{"id", id}}}, kCancelWithin);
    while (!response_) network_->run(kSocketWait);
    return interrupted();
  }
  if (!*response_) {
    const Error& error = response_->error();
    const Duration waited(clock_.monotonic_ns() - start_ns);
    if (waited >= patience_.within) return tl::make_unexpected(is_silent());
    if (error.retry == Retry::kNever) return tl::make_unexpected(error);
    return fail(Fault::kOurs,
                fmt::format("{}: the process ended before it had answered: ask again", data_dir_),
                Retry::kAfterBackoff);
  }
  const net::HttpResponse& response = **response_;
  if (response.status != 200) {
    return fail(Fault::kOurs, "the running process refused: " + response.body,
                Retry::kAfterBackoff);
  }
  auto answer = decode_answer(response.body);
  if (!answer) return fail(Fault::kOurs, path_ + ": gave no answer that this version can read");
  return answer;
}

void Asker::send(const Question& question, Duration within) {
  response_.reset();
  network_->fetch({.method = "POST",
                   .url = "http://localhost/ask",
                   .unix_socket = path_,
                   .body = encode(question),
                   .deadline = within,
                   .body_bytes_max = kAnswerBytesMax},
                  [this](const Result<net::HttpResponse>& got) { response_ = got; });
}

Error Asker::is_silent() const {
  const std::string process = holder_of(data_dir_, Held::kFolder).value_or("the process");
  return {
      Fault::kOurs, Retry::kAfterBackoff,
      fmt::format("{}: {} does not answer within {}: it may be stopping, suspended, or short of "
                  "a processor; when it stays so, end it and start it again",
                  path_, process, format_duration(patience_.within))};
}

}  // namespace

Result<std::optional<Answer>> ask_running(const std::string& data_dir, const Question& question,
                                          const Clock& clock, const Patience& patience) {
  Asker asker(data_dir, clock, patience);
  const Held needed = is_of_the_process(question) ? Held::kFolder : Held::kStore;
  const std::int64_t start_ns = clock.monotonic_ns();
  for (;;) {
    auto answered = asker.ask(question);
    if (!answered || *answered) return answered;
    const auto holder = holder_of(data_dir, needed);
    if (!holder) return answered;
    if (patience.is_stopped()) return interrupted();
    if (clock.monotonic_ns() - start_ns >= patience.start_within.count()) {
      return fail(Fault::kOurs,
                  fmt::format("{}: {} is starting or stopping, or does not answer: ask again soon",
                              data_dir, *holder),
                  Retry::kAfterBackoff);
    }
    asker.rest();
  }
}

}  // namespace tapeline::app::live
