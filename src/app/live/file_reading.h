// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "app/live/question.h"
#include "base/time.h"

namespace tapeline::app::live {

// While it lives, this process reads the files of a data folder's store. Nobody else can write
// there meanwhile, so it is told to end by a signal, and also when a `run` begins and waits for the
// store; what has not ended soon after, since DuckDB looks at nothing in some of what it computes,
// ends with the process: it only reads.
class FileReading {
 public:
  static constexpr std::chrono::seconds kEndWithin{2};

  // `stop` outlives it. `leave` ends the process with this exit status, behind a last sentence;
  // it is called on a thread of its own.
  using Leave = std::function<void(int status, const std::string& why)>;
  FileReading(std::string data_dir, const std::atomic<bool>& stop, Leave leave = leave_at_once,
              Duration end_within = kEndWithin);
  FileReading(const FileReading&) = delete;
  FileReading& operator=(const FileReading&) = delete;
  ~FileReading() = default;

  // Any thread: whether to end.
  [[nodiscard]] bool is_stopped() const { return stop_.load() || is_wanted_.load(); }
  // What was answered; of one that ended because somebody waits for the store, that.
  [[nodiscard]] Answer answer_of(Answer answer) const;

  static void leave_at_once(int status, const std::string& why);

 private:
  [[nodiscard]] std::string wanted_text() const;
  void watch(const std::stop_token& end);

  std::string data_dir_;
  const std::atomic<bool>& stop_;
  Leave leave_;
  Duration end_within_;
  std::atomic<bool> is_wanted_{false};
  std::jthread thread_;
};

}  // namespace tapeline::app::live
