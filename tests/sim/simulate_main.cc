// SPDX-License-Identifier: Apache-2.0
// tapeline_simulate [--from SEED] [--seeds COUNT] [--verbose]: runs the whole pipeline under each
// seed, prints what was covered, and for each seed that fails the command that repeats it.
#include <fmt/format.h>

#include <unistd.h>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "simulate.h"

// A sanitizer's finding stops as a failed check does, so that the seed is named.
extern "C" const char* __asan_default_options() { return "abort_on_error=1"; }   // NOLINT
extern "C" const char* __ubsan_default_options() { return "abort_on_error=1"; }  // NOLINT

namespace tapeline::simulation {
namespace {

// Below that, some kinds of faults may be missing by chance.
constexpr std::uint64_t kSeedsForCoverage = 100;

struct Arguments {
  std::uint64_t from = 1;
  std::uint64_t seeds = 1;
  bool is_verbose = false;
  const char* program = "";
};

// Written before each run, for the handler below, which may do next to nothing.
char repeat_text[512];  // NOLINT

void on_abort(int /*signal*/) {
  const auto written = ::write(STDERR_FILENO, repeat_text, std::strlen(repeat_text));
  static_cast<void>(written);
  std::_Exit(1);
}

std::string repeat(const Arguments& arguments, std::uint64_t seed) {
  return fmt::format("repeat with: {} --from {} --seeds 1 --verbose\n", arguments.program, seed);
}

std::optional<std::uint64_t> number_in(const char* text) {
  std::uint64_t number = 0;
  const char* const end = text + std::strlen(text);
  const auto read = std::from_chars(text, end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

std::optional<Arguments> read_arguments(int argc, char** argv) {
  Arguments arguments;
  arguments.program = argv[0];
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--verbose") {
      arguments.is_verbose = true;
      continue;
    }
    const auto number = i + 1 < argc ? number_in(argv[++i]) : std::nullopt;
    if (!number) return std::nullopt;
    if (word == "--from") {
      arguments.from = *number;
    } else if (word == "--seeds") {
      arguments.seeds = *number;
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

int run_seeds(const Arguments& arguments) {
  std::signal(SIGABRT, on_abort);
  Coverage all;
  std::uint64_t failed = 0;
  for (std::uint64_t seed = arguments.from; seed < arguments.from + arguments.seeds; ++seed) {
    const std::string text =
        fmt::format("seed {} stopped the process\n{}", seed, repeat(arguments, seed));
    text.copy(repeat_text, sizeof(repeat_text) - 1);
    const Report report = simulate(seed);
    all.add(report.coverage);
    if (arguments.is_verbose) fmt::print("seed {}: digest {:08x}\n", seed, report.digest);
    if (report.failures.empty()) continue;
    ++failed;
    fmt::print("seed {} fails:\n{}  {}", seed, report.text(), repeat(arguments, seed));
    if (arguments.is_verbose) fmt::print("{}", report.trace);
    std::fflush(stdout);
  }
  fmt::print("{}", all.text());
  const std::string missed = arguments.seeds >= kSeedsForCoverage ? all.missed() : std::string();
  fmt::print("{}{} of {} seeds failed\n", missed, failed, arguments.seeds);
  return failed == 0 && missed.empty() ? 0 : 1;
}

}  // namespace
}  // namespace tapeline::simulation

int main(int argc, char** argv) {
  const auto arguments = tapeline::simulation::read_arguments(argc, argv);
  if (!arguments) {
    fmt::print(stderr, "usage: {} [--from SEED] [--seeds COUNT] [--verbose]\n", argv[0]);
    return 2;
  }
  return tapeline::simulation::run_seeds(*arguments);
}
