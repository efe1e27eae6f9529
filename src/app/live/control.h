// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
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

// Whose turn it is to be answered.
struct Turn {
  std::size_t lane = 0;                       // below Control::kLanes
  const std::function<bool()>& is_cancelled;  // whether nobody waits for the answer any more
};
using AnswerInTurn = std::function<Answer(const Question&, const Turn&)>;

// The socket of a running process, for its owner alone: commands ask it what they would ask the
// files. Questions are answered on threads of their own, so that a long one holds up nothing else:
// two statements of "sql" at a time, beside them one "verify", and one of all others; what is asked
// at once, "status", "page", "disorder" and "repair", by the socket's thread. Who does not want to
// wait any more says "cancel" with the "id" of the question.
class Control final : private net::ServerHandler {
 public:
  static constexpr std::size_t kWaitingMax = 16;  // a further question is refused
  static constexpr std::size_t kLanes = 4;
  // How long a stop waits for an answer that was cancelled. What has not ended by then only reads,
  // and is left to the end of the process.
  static constexpr Duration kEndWithin = std::chrono::seconds(2);

  // Both answer functions outlive it; `answer` runs on the threads of the lanes, and `answer_now`
  // on the socket's.
  [[nodiscard]] static Result<std::unique_ptr<Control>> open(const std::string& data_dir,
                                                             const Clock& clock,
                                                             AnswerInTurn answer,
                                                             AnswerQuestion answer_now);
  ~Control() override = default;

  void start();
  // The questions that are answered now are cancelled, and those that wait are told why.
  void stop();
  [[nodiscard]] bool is_stopped();
  // Whether a lane still computes what it cannot be told to stop: it is not to be destroyed, nor
  // what it uses.
  [[nodiscard]] bool has_left_behind() const;

 private:
  struct Waiting {
    net::RequestId id;
    Question question;
  };
  struct Lane {
    std::atomic<bool> is_cancelled{false};  // written under mutex_
    // Under mutex_: of the question that is answered now, its id, where it has one, and who asks.
    std::string current_id;
    std::optional<net::RequestId> current;
    bool is_left = false;  // its asker was told that the process stops
    bool is_nice = false;  // the lane's thread
    std::unique_ptr<Agent> agent;
  };

  Control(const Clock& clock, AnswerInTurn answer, AnswerQuestion answer_now);

  std::optional<net::HttpResponse> on_request(net::RequestId id,
                                              const net::ServerRequest& request) override;
  void on_gone(net::RequestId id) override;
  std::optional<net::HttpResponse> on_upgrade(net::PeerId peer,
                                              const net::ServerRequest& request) override;
  net::Taken on_message(net::PeerId peer, std::string_view message, RecvTime ts_recv) override;
  void on_close(net::PeerId peer, const Error& why) override;

  void cancel(std::string_view id);
  [[nodiscard]] bool has_ended(Lane& lane);
  std::size_t run_socket();
  std::size_t run_lane(std::size_t number);

  const Clock& clock_;
  AnswerInTurn answer_;
  AnswerQuestion answer_now_;
  std::unique_ptr<net::Server> server_;

  std::atomic<bool> is_stopping_{false};
  std::int64_t stop_ns_ = 0;  // when it was told to

  std::mutex mutex_;  // guards what Lane says, and the two below
  std::deque<Waiting> waiting_;
  std::deque<std::pair<net::RequestId, Answer>> answered_;

  std::array<Lane, kLanes> lanes_;
  std::unique_ptr<Agent> socket_agent_;
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
// what the files would be asked for: the store, or for a status and the page the
// folder. An Error names the
// process that does not answer, or says that it ended before it had: what it was asked is never
// asked of the files, which might take as long.
[[nodiscard]] Result<std::optional<Answer>> ask_running(const std::string& data_dir,
                                                        const Question& question,
                                                        const Clock& clock,
                                                        const Patience& patience);

}  // namespace tapeline::app::live
