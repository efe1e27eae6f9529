// SPDX-License-Identifier: Apache-2.0
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <thread>

#include "app/cli.h"
#include "app/signals.h"
#include "base/clock.h"

namespace {

std::string variable(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? std::string() : std::string(text);
}

tapeline::app::TerminalSize out_size() {
  winsize size = {};
  if (::isatty(STDOUT_FILENO) != 1 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return {};
  return {.columns = size.ws_col, .rows = size.ws_row};
}

}  // namespace

int main(int argc, char** argv) {
  using namespace tapeline;
  try {
    const SystemClock clock;
    const app::Environment env{.out = std::cout,
                               .err = std::cerr,
                               .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
                               .clock = clock,
                               .stop = app::stop_on_signals(),
                               .variable = variable,
                               .venues = replay::venue_names(),
                               .replay = replay::run,
                               .sleep = [](Duration time) { std::this_thread::sleep_for(time); },
                               .out_size = out_size};
    const int status = app::run_cli({argv + (argc > 0 ? 1 : 0), argv + argc}, env);
    std::cout.flush();
    std::cerr.flush();
    // What is done is on disk. An ordinary end would wait for a name that the system still
    // resolves, as long as that takes.
    std::_Exit(status);
  } catch (const std::exception& e) {  // out of memory, and nobody below to tell
    std::cerr << "tapeline: " << e.what() << '\n';
    return app::kExitFailed;
  }
}
