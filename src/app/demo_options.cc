// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "app/option_table.h"
#include "app/values/text.h"
#include "app/values/values.h"
#include "sim/dialect/dialect.h"

namespace tapeline::app {
namespace {

// Less than a second shows nothing.
constexpr values::DurationRange kDemoDurationRange{std::chrono::seconds(1), std::chrono::days(365)};

std::string take_demo_venue(std::string_view text, OptionContext context) {
  std::vector<std::string>& venues = context.settings.demo.venues;
  if (sim::find_dialect(text) == nullptr) return values::not_one_of(text, sim::dialect_names());
  if (std::find(venues.begin(), venues.end(), text) == venues.end()) venues.emplace_back(text);
  return {};
}

std::string take_demo_duration(std::string_view text, OptionContext context) {
  const auto duration = values::read_duration(text, kDemoDurationRange);
  if (!duration) return duration.error();
  context.settings.duration = *duration;
  return {};
}

std::string take_demo_port(std::string_view text, OptionContext context) {
  const auto port = values::read_number(text, std::numeric_limits<std::uint16_t>::max());
  if (!port) return port.error();
  context.settings.demo.port = static_cast<std::uint16_t>(*port);
  return {};
}

std::string take_demo_seed(std::string_view text, OptionContext context) {
  const auto seed = values::read_count(text);
  if (!seed) return seed.error();
  context.settings.demo.seed = *seed;
  return {};
}

std::string take_demo_faults(std::string_view text, OptionContext context) {
  auto faults = sim::parse_faults(text);
  if (!faults) return std::move(faults.error().text);
  context.settings.demo.faults = *faults;
  return {};
}

std::string take_no_backfill(std::string_view /*text*/, OptionContext context) {
  context.settings.demo.no_backfill = true;
  return {};
}

constexpr std::array kDemoRows{
    OptionRow{.name = "--venue",
              .short_name = {},
              .placeholder = "VENUE",
              .help = "only this venue; repeatable (default: coinbase and binance)",
              .words = sim::kDialectWords,
              .times = Times::kRepeatable,
              .take = take_demo_venue},
    OptionRow{.name = "--duration",
              .short_name = {},
              .placeholder = "DURATION",
              .help = "end by itself after so long, and compare with the truth "
                      "(default: when stopped)",
              .take = take_demo_duration},
    OptionRow{.name = "--port",
              .short_name = {},
              .placeholder = "PORT",
              .help = "of the page, or the next free one (default: 8080)",
              .take = take_demo_port},
    OptionRow{.name = "--seed",
              .short_name = {},
              .placeholder = "N",
              .help = "of the markets and the faults (default: 1)",
              .take = take_demo_seed},
    OptionRow{.name = "--faults",
              .short_name = {},
              .placeholder = "SPEC",
              .help = "off, mild, storm, or a list as `tapeline sim` has it "
                      "(default: dup=0.1%,slow=500ms:0.02%,rest=5%, which loses nothing)",
              .words = "off mild storm",
              .take = take_demo_faults},
    OptionRow{.name = "--no-backfill",
              .short_name = {},
              .placeholder = {},
              .help = "what is lost stays lost: nothing is asked of the venues' histories",
              .take = take_no_backfill},
};

}  // namespace

std::span<const OptionRow> demo_options() { return kDemoRows; }

}  // namespace tapeline::app
