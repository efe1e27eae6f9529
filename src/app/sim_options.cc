// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <utility>

#include "app/option_table.h"
#include "app/values/text.h"
#include "app/values/values.h"
#include "sim/dialect/dialect.h"

namespace tapeline::app {
namespace {

constexpr values::DurationRange kHistoryRange{Duration(0), std::chrono::hours(24)};
constexpr values::DurationRange kSimDurationRange{std::chrono::milliseconds(1),
                                                  std::chrono::days(365)};

// A whole number from 1 to `most`.
template <typename T>
std::string take_number(std::string_view text, std::uint64_t most, T& to) {
  const auto number = values::read_count(text);
  if (!number || *number < 1 || *number > most) {
    return fmt::format("{} is not a number from 1 to {}", values::quoted(text), most);
  }
  to = static_cast<T>(*number);
  return {};
}

std::string take_span(std::string_view text, values::DurationRange range, Duration& to) {
  const auto span = values::read_duration(text, range);
  if (!span) return span.error();
  to = *span;
  return {};
}

std::string take_text(std::string_view text, std::string_view what, std::string& to) {
  if (text.empty()) return fmt::format("needs {}", what);
  to = text;
  return {};
}

std::string take_sim_venue(std::string_view text, OptionContext context) {
  if (sim::find_dialect(text) == nullptr) return values::not_one_of(text, sim::dialect_names());
  context.settings.sim.server.exchange.venue = text;
  return {};
}

std::string take_seed(std::string_view text, OptionContext context) {
  const auto seed = values::read_count(text);
  if (!seed) return seed.error();
  context.settings.sim.server.exchange.seed = *seed;
  return {};
}

std::string take_faults(std::string_view text, OptionContext context) {
  auto faults = sim::parse_faults(text);
  if (!faults) return std::move(faults.error().text);
  context.settings.sim.server.exchange.faults = *faults;
  return {};
}

constexpr std::array kSimRows{
    OptionRow{.name = "--venue",
              .short_name = {},
              .placeholder = "VENUE",
              .help = "whose language it speaks; needed",
              .words = sim::kDialectWords,
              .take = take_sim_venue},
    OptionRow{.name = "--listen",
              .short_name = {},
              .placeholder = "HOST:PORT",
              .help = "where; with port 0 the system chooses it (default: 127.0.0.1:0)",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return take_text(t, "an address like 127.0.0.1:0",
                                     c.settings.sim.server.listen);
                  }},
    OptionRow{
        .name = "--ca-out",
        .short_name = {},
        .placeholder = "FILE",
        .help = "where to write the certificate that clients have to trust",
        .take = [](std::string_view t,
                   OptionContext c) { return take_text(t, "a path", c.settings.sim.ca_file); }},
    OptionRow{.name = "--seed",
              .short_name = {},
              .placeholder = "N",
              .help = "of the market and the faults: the same gives the same (default: 1)",
              .take = take_seed},
    OptionRow{.name = "--faults",
              .short_name = {},
              .placeholder = "SPEC",
              .help = "off, mild, storm, or a list as below (default: off)",
              .words = "off mild storm",
              .take = take_faults},
    OptionRow{.name = "--markets",
              .short_name = {},
              .placeholder = "N",
              .help = "how many instruments are traded, 1 to 1000 (default: 6)",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return take_number(t, sim::kInstrumentsMax,
                                       c.settings.sim.server.exchange.instruments);
                  }},
    OptionRow{.name = "--rate",
              .short_name = {},
              .placeholder = "N",
              .help = "trades a second of all instruments together (default: 50)",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return take_number(t, sim::MarketOptions::kRateMax,
                                       c.settings.sim.server.exchange.trades_per_second);
                  }},
    OptionRow{.name = "--history",
              .short_name = {},
              .placeholder = "DURATION",
              .help = "for how long they were traded before, 0s to 1d (default: 1m)",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return take_span(t, kHistoryRange, c.settings.sim.server.exchange.history);
                  }},
    OptionRow{.name = "--duration",
              .short_name = {},
              .placeholder = "DURATION",
              .help = "end by itself after this time (default: at a signal)",
              .take =
                  [](std::string_view t, OptionContext c) {
                    return take_span(t, kSimDurationRange, c.settings.sim.duration);
                  }},
};

}  // namespace

std::span<const OptionRow> sim_options() { return kSimRows; }

}  // namespace tapeline::app
