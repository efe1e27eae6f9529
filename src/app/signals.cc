// SPDX-License-Identifier: Apache-2.0
#include "app/signals.h"

#include <unistd.h>

#include <csignal>

#include "app/environment.h"
#include "base/check.h"

namespace tapeline::app {
namespace {

std::atomic<bool> g_stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may not wait for a lock");

void on_signal(int /*signal*/) {
  if (g_stop.exchange(true)) _exit(kExitInterrupted);
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

void outlive_readers() { ignore_signal(SIGPIPE); }

}  // namespace tapeline::app
