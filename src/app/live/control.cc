// SPDX-License-Identifier: Apache-2.0
#include "app/live/control.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

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

// What no other question holds up, and what a process knows that only records.
bool is_answered_at_once(const Question& question) {
  return question.what == "status" || question.what == "page";
}

net::HttpResponse refusal(int status, std::string text) {
  return {.status = status, .headers = {}, .body = std::move(text), .ts_recv = {}};
}

net::HttpResponse response_of(const Answer& answer) {
  return {.status = 200, .headers = {}, .body = encode(answer), .ts_recv = {}};
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

Control::Control(AnswerQuestion answer, AnswerQuestion answer_at_once)
    : answer_(std::move(answer)), answer_at_once_(std::move(answer_at_once)) {}

Result<std::unique_ptr<Control>> Control::open(const std::string& data_dir, const Clock& clock,
                                               AnswerQuestion answer,
                                               AnswerQuestion answer_at_once) {
  std::unique_ptr<Control> control(new Control(std::move(answer), std::move(answer_at_once)));
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
  question_agent_ =
      std::make_unique<Agent>("questions", Rests(), [this] { return run_questions(); });
  socket_agent_ = std::make_unique<Agent>("control", Rests(), [this] { return run_socket(); });
}

void Control::stop() {
  is_stopping_.store(true, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  for (const Waiting& waiting : waiting_) answered_.emplace_back(waiting.id, not_any_more());
  waiting_.clear();
  if (question_agent_ != nullptr) question_agent_->ask_to_stop();
}

// The socket stays until the last answer has gone.
bool Control::is_stopped() {
  if (question_agent_ != nullptr && !question_agent_->is_stopped()) return false;
  if (socket_agent_ == nullptr) return true;
  const std::lock_guard lock(mutex_);
  if (answered_.empty()) socket_agent_->ask_to_stop();
  return socket_agent_->is_stopped();
}

std::optional<net::HttpResponse> Control::on_request(net::RequestId id,
                                                     const net::ServerRequest& request) {
  if (request.target != "/ask" || request.method != "POST") {
    return refusal(404, "POST /ask is all there is\n");
  }
  auto question = decode_question(request.body);
  if (!question) return refusal(400, "the body is no question\n");
  if (is_answered_at_once(*question)) return response_of(answer_at_once_(*question));
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
  if (current_id_ == id) is_cancelled_.store(true, std::memory_order_relaxed);
  std::erase_if(waiting_, [&](const Waiting& w) { return w.question.argument("id") == id; });
}

void Control::on_gone(net::RequestId id) {
  const std::lock_guard lock(mutex_);
  if (current_ == id) is_cancelled_.store(true, std::memory_order_relaxed);
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

std::size_t Control::run_questions() {
  // Of this thread alone: where the machine has little to give, capture and storing come first. A
  // system that does not let us costs nothing but that.
  if (!is_nice_) static_cast<void>(::setpriority(PRIO_PROCESS, 0, kNice));
  is_nice_ = true;
  Waiting waiting;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) return 0;
    waiting = std::move(waiting_.front());
    waiting_.pop_front();
    current_id_ = waiting.question.argument("id");
    current_ = waiting.id;
    is_cancelled_.store(false, std::memory_order_relaxed);
  }
  Answer answer = answer_(waiting.question);
  const std::lock_guard lock(mutex_);
  current_id_.clear();
  current_.reset();
  answered_.emplace_back(waiting.id, std::move(answer));
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

Result<std::optional<Answer>> Asker::ask(const Question& question) {
  struct stat found {};
  if (::stat(path_.c_str(), &found) != 0) return std::optional<Answer>();
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
    // A socket that nobody serves was left by a process that was killed.
    if (error.retry == Retry::kAfterBackoff) return std::optional<Answer>();
    return tl::make_unexpected(error);
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
  const Held needed = is_answered_at_once(question) ? Held::kFolder : Held::kStore;
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
