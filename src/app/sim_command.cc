// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <fstream>
#include <memory>
#include <system_error>

#include "app/commands.h"
#include "app/signals.h"
#include "app/values/text.h"
#include "sim/dialect/dialect.h"
#include "sim/venue_server.h"

namespace tapeline::app {
namespace {

using values::grouped;

// How long one turn may wait: so late, at most, is a signal heard that interrupts no wait.
constexpr Duration kTurn = std::chrono::milliseconds(100);

Result<void> write_ca(const std::string& path, const std::string& pem) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << pem;
  file.close();
  if (file) return {};
  return fail(Fault::kCaller, fmt::format("--ca-out: {}: cannot write: {}", path,
                                          std::generic_category().message(errno)));
}

void say_address(const sim::VenueServer& server, const SimSettings& settings,
                 const Environment& env) {
  const sim::ExchangeOptions& exchange = settings.server.exchange;
  env.err << fmt::format(
                 "simulated {} on wss://{} (https:// for its history, /truth and /sim), "
                 "seed {}, faults {}\n",
                 exchange.venue, server.address(), exchange.seed,
                 sim::format_faults(exchange.faults))
          << std::flush;
  if (settings.ca_file.empty()) {
    env.err << "note: nobody can trust its certificate without --ca-out\n" << std::flush;
  }
}

void say_summary(const sim::Exchange& exchange, const Environment& env) {
  sim::FrameCounts frames;
  const auto connections = exchange.connections();
  for (const sim::ConnectionReport& report : connections) frames.add(report.counts);
  env.err << fmt::format(
      "{} connections; frames with data: {} produced, {} sent, {} lost, {} repeated, {} reordered, "
      "{} malformed, {} delayed, {} silenced, {} discarded\n",
      grouped(connections.size() + exchange.connections_forgotten()), grouped(frames.produced),
      grouped(frames.sent), grouped(frames.lost), grouped(frames.repeated),
      grouped(frames.reordered), grouped(frames.malformed), grouped(frames.delayed),
      grouped(frames.silenced), grouped(frames.discarded));
}

}  // namespace

int run_sim(const Invocation& invocation) {
  const Environment& env = invocation.env;
  const SimSettings& settings = invocation.settings.sim;
  if (settings.server.exchange.venue.empty()) {
    return say_mistakes(
        {fmt::format("--venue: needed (known: {})", fmt::join(sim::dialect_names(), ", "))}, env);
  }
  const auto server = sim::VenueServer::open(settings.server, env.clock);
  if (!server) return say_failure(server.error(), env);
  if (!settings.ca_file.empty()) {
    const auto written = write_ca(settings.ca_file, (*server)->ca_pem());
    if (!written) return say_failure(written.error(), env);
  }
  outlive_readers();
  say_address(**server, settings, env);
  const std::int64_t end = env.clock.monotonic_ns() + settings.duration.count();
  const auto is_over = [&] {
    return settings.duration.count() != 0 && env.clock.monotonic_ns() >= end;
  };
  while (!env.stop.load() && !is_over()) (*server)->run(kTurn);
  if (!invocation.line.quiet) say_summary((*server)->exchange(), env);
  return is_over() || settings.duration.count() == 0 ? kExitDone : kExitInterrupted;
}

}  // namespace tapeline::app
