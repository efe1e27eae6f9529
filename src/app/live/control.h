// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "app/live/agent.h"
#include "app/live/question.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/server.h"

namespace tapeline::app::live {

// DATA_DIR/tapeline.sock
std::string socket_path(const std::string& data_dir);
// Whether a socket can have that path: for a start, before it makes anything.
[[nodiscard]] Result<void> check_socket_path(const std::string& data_dir);

// The socket of a running process, for its owner alone: commands ask it what they would ask the
// files. Questions are answered one after the other on a thread of their own, so that a long one
// holds up nothing else; "status" and "page" at once. Who does not want to wait any more says
// "cancel" with the "id" of the question.
class Control final : private net::ServerHandler {
 public:
  static constexpr std::size_t kWaitingMax = 16;  // a further question is refused

  // Both answer functions outlive it; `answer` runs on the thread of the questions, and
  // `answer_at_once` on the socket's.
  [[nodiscard]] static Result<std::unique_ptr<Control>> open(const std::string& data_dir,
                                                             const Clock& clock,
                                                             AnswerQuestion answer,
                                                             AnswerQuestion answer_at_once);
  ~Control() override = default;

  // Whether nobody waits for the question that is answered now: for `answer` to ask meanwhile.
  [[nodiscard]] bool is_cancelled() const {
    return is_cancelled_.load(std::memory_order_relaxed) ||
           is_stopping_.load(std::memory_order_relaxed);
  }

  void start();
  // The question that is answered now is cancelled, and those that wait are told why.
  void stop();
  [[nodiscard]] bool is_stopped();

 private:
  struct Waiting {
    net::RequestId id;
    Question question;
  };

  Control(AnswerQuestion answer, AnswerQuestion answer_at_once);

  std::optional<net::HttpResponse> on_request(net::RequestId id,
                                              const net::ServerRequest& request) override;
  void on_gone(net::RequestId id) override;
  std::optional<net::HttpResponse> on_upgrade(net::PeerId peer,
                                              const net::ServerRequest& request) override;
  net::Taken on_message(net::PeerId peer, std::string_view message, RecvTime ts_recv) override;
  void on_close(net::PeerId peer, const Error& why) override;

  void cancel(std::string_view id);
  std::size_t run_socket();
  std::size_t run_questions();

  AnswerQuestion answer_;
  AnswerQuestion answer_at_once_;
  std::unique_ptr<net::Server> server_;

  std::atomic<bool> is_cancelled_{false};  // written under mutex_
  std::atomic<bool> is_stopping_{false};

  std::mutex mutex_;                       // guards the four below
  std::string current_id_;                 // of the question that is answered now, where it has one
  std::optional<net::RequestId> current_;  // whose answer it is
  std::deque<Waiting> waiting_;
  std::deque<std::pair<net::RequestId, Answer>> answered_;

  bool is_nice_ = false;  // the thread of the questions

  std::unique_ptr<Agent> socket_agent_;
  std::unique_ptr<Agent> question_agent_;
};

// How long somebody waits for an answer. Verifying a long journal takes as long as replaying it.
struct Patience {
  std::function<bool()> is_stopped;  // an interrupted one has status 130
  Duration within = std::chrono::hours(1);
  // A process that starts holds the folder before it opens the socket.
  Duration start_within = std::chrono::seconds(5);
};

// A status is answered at once, or the process is not well.
inline constexpr Duration kStatusWithin = std::chrono::seconds(5);

// Asks the process that has the data folder's socket; nothing when there is none, and nobody has
// what the files would be asked for: the store, or where that is answered at once the folder. An
// Error names the
// process that does not answer.
[[nodiscard]] Result<std::optional<Answer>> ask_running(const std::string& data_dir,
                                                        const Question& question,
                                                        const Clock& clock,
                                                        const Patience& patience);

}  // namespace tapeline::app::live
