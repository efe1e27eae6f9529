// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/live/agent.h"
#include "app/live/answers.h"
#include "app/live/capture.h"
#include "app/live/processing.h"
#include "app/live/subscriptions.h"
#include "base/clock.h"
#include "base/result.h"
#include "serve/board.h"
#include "serve/server.h"
#include "store/reader.h"

namespace tapeline::app::live {

struct ServingOptions {
  std::string listen{};
  unsigned ports_to_try = 1;
  serve::About about{};
  DataFolder folder;  // of the history: with a reader of its own
  std::function<bool(std::string_view venue)> drop_connections{};
};

// The serving side of a live run: the server on one thread, and its questions to the store on
// another one, which yields to capture.
class Serving {
 public:
  // Whom it tells of; all outlive it.
  struct Others {
    Capture& capture;
    Processing& processing;
    Subscriptions& subscriptions;
    serve::Board& board;
    const Clock& clock;
  };

  [[nodiscard]] static Result<std::unique_ptr<Serving>> open(const ServingOptions& options,
                                                             const Others& others);

  [[nodiscard]] const std::string& address() const { return server_->address(); }

  void start();
  void stop();
  [[nodiscard]] bool is_stopped() const;

 private:
  Serving(const ServingOptions& options, const Others& others);

  [[nodiscard]] serve::Health health() const;
  [[nodiscard]] std::string clock_warning(std::string_view venue) const;
  [[nodiscard]] std::vector<serve::FeedLine> feeds() const;
  [[nodiscard]] serve::Around around();
  std::size_t run_history();

  ServingOptions options_;
  Others others_;
  std::unique_ptr<serve::Server> server_;
  bool is_nice_ = false;  // the thread of the history
  bool is_stopping_ = false;
  std::unique_ptr<Agent> server_agent_;
  std::unique_ptr<Agent> history_agent_;
};

}  // namespace tapeline::app::live
