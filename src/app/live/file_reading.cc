// SPDX-License-Identifier: Apache-2.0
#include "app/live/file_reading.h"

#include <pthread.h>
#include <unistd.h>

#include <utility>

#include "app/environment.h"
#include "store/duckdb/open.h"

namespace tapeline::app::live {
namespace {

constexpr std::chrono::milliseconds kFileLook{50};

}  // namespace

FileReading::FileReading(std::string data_dir, const std::atomic<bool>& stop, Leave leave,
                         Duration end_within)
    : data_dir_(std::move(data_dir)),
      stop_(stop),
      leave_(std::move(leave)),
      end_within_(end_within),
      thread_([this](const std::stop_token& end) { watch(end); }) {
  ::pthread_setname_np(thread_.native_handle(), "file reading");
}

Answer FileReading::answer_of(Answer answer) const {
  if (answer.status != kExitInterrupted || stop_.load() || !is_wanted_.load()) return answer;
  answer.status = kExitFailed;
  answer.err = wanted_text();
  return answer;
}

std::string FileReading::wanted_text() const {
  return "tapeline: " + data_dir_ +
         ": a process begins to run here and needs the store: ask again, and it answers\n";
}

void FileReading::leave_at_once(int status, const std::string& why) {
  static_cast<void>(!::write(STDERR_FILENO, why.data(), why.size()));
  ::_exit(status);
}

void FileReading::watch(const std::stop_token& end) {
  Duration waited{};  // since it is to end
  while (!end.stop_requested()) {
    if (store::duckdb::is_wanted(data_dir_)) is_wanted_.store(true);
    if (waited >= end_within_) {
      if (stop_.load()) {
        leave_(kExitInterrupted, "tapeline: interrupted\n");
      } else {
        leave_(kExitFailed, wanted_text());
      }
      return;
    }
    std::this_thread::sleep_for(kFileLook);
    if (is_stopped()) waited += kFileLook;
  }
}

}  // namespace tapeline::app::live
