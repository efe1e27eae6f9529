// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <exception>
#include <iostream>

#include "app/cli.h"
#include "app/signals.h"
#include "base/clock.h"

int main(int argc, char** argv) {
  using namespace tapeline;
  try {
    const SystemClock clock;
    const app::Environment env{.out = std::cout,
                               .err = std::cerr,
                               .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
                               .clock = clock,
                               .stop = app::stop_on_signals(),
                               .venues = replay::venue_names(),
                               .replay = replay::run};
    return app::run_cli({argv + (argc > 0 ? 1 : 0), argv + argc}, env);
  } catch (const std::exception& e) {  // out of memory, and nobody below to tell
    std::cerr << "tapeline: " << e.what() << '\n';
    return app::kExitFailed;
  }
}
