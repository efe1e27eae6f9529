// SPDX-License-Identifier: Apache-2.0
#include "app/signals.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "app/environment.h"
#include "base/check.h"

namespace tapeline::app {
namespace {

std::atomic<bool> g_stop{false};
std::atomic<bool> g_reread{false};
std::atomic<bool> g_has_terminal{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may not wait for a lock");

void on_signal(int /*signal*/) {
  if (g_stop.exchange(true)) _exit(kExitInterrupted);
}

void on_hangup(int /*signal*/) {
  const int error = errno;
  if (g_has_terminal && ::isatty(STDERR_FILENO) == 0) {
    on_signal(SIGHUP);
  } else {
    g_reread = true;
  }
  errno = error;
}

void ignore_signal(int signal) {
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigemptyset(&ignore.sa_mask);
  TAPELINE_CHECK(sigaction(signal, &ignore, nullptr) == 0, "the signal can be ignored");
}

}  // namespace

const std::atomic<bool>& stop_on_signals() {
  struct sigaction action = {};
  action.sa_handler = on_signal;  // without SA_RESTART: a read from a silent pipe has to return
  sigemptyset(&action.sa_mask);
  TAPELINE_CHECK(sigaction(SIGINT, &action, nullptr) == 0, "SIGINT can be handled");
  TAPELINE_CHECK(sigaction(SIGTERM, &action, nullptr) == 0, "SIGTERM can be handled");
  // A limit on file sizes is a full disk, not an end without a word.
  ignore_signal(SIGXFSZ);
  return g_stop;
}

std::atomic<bool>& reread_on_hangup() {
  g_has_terminal = ::isatty(STDERR_FILENO) == 1;
  struct sigaction action = {};
  action.sa_handler = on_hangup;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  TAPELINE_CHECK(sigaction(SIGHUP, &action, nullptr) == 0, "SIGHUP can be handled");
  return g_reread;
}

void outlive_readers() { ignore_signal(SIGPIPE); }

}  // namespace tapeline::app
