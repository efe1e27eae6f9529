// SPDX-License-Identifier: Apache-2.0
#include "serve/latency.h"

#include "serve/serve_fixture.h"

namespace tapeline::serve {
namespace {

std::string waits_of(const metrics::Histogram* waits) {
  std::string out;
  JsonWriter json(out);
  json.open_object();
  write_waits(json, "waits", waits);
  json.close_object();
  return out;
}

TEST(Latency, says_what_share_of_all_took_how_long) {
  metrics::Histogram waits;
  const std::pair<int, int> longest_of_share[] = {
      {500, 1}, {400, 10}, {90, 100}, {9, 1'000}, {1, 10'000}};
  for (const auto& [per_mille, longest] : longest_of_share) {
    for (int i = 0; i < per_mille; ++i) waits.add(std::chrono::milliseconds(longest));
  }
  const Json json(waits_of(&waits));
  const auto milliseconds = [&](std::string_view name) {
    double value = 0;
    EXPECT_EQ(json.root().at_pointer("/waits/" + std::string(name)).get_double().get(value),
              simdjson::SUCCESS);
    return value;
  };
  const std::pair<std::string_view, double> wanted[] = {
      {"p50", 1}, {"p90", 10}, {"p99", 100}, {"p999", 1'000}, {"max", 10'000}};
  for (const auto& [name, least] : wanted) {
    EXPECT_GE(milliseconds(name), least) << name;
    EXPECT_LE(milliseconds(name), least * 9 / 8) << name;
  }
  EXPECT_EQ(json.number("/waits/count"), 1'000U);
}

TEST(Latency, of_nothing_nothing_is_said) {
  const metrics::Histogram none;
  EXPECT_EQ(waits_of(&none), R"({"waits":null})");
  EXPECT_EQ(waits_of(nullptr), R"({"waits":null})");
}

TEST(Latency, warns_of_a_clock_beyond_the_bound_on_either_side) {
  using Reading = metrics::ClockOffset::Reading;
  const Duration bound = kClockOffsetMax;
  for (const Duration fine : {-bound, Duration(), bound}) {
    EXPECT_EQ(clock_warning(Reading{.offset = fine}), "");
  }
  const std::string ahead = clock_warning(Reading{.offset = -std::chrono::seconds(3)});
  EXPECT_NE(ahead.find("250ms ahead of this machine's clock"), std::string::npos) << ahead;
  const std::string behind = clock_warning(Reading{.offset = bound + std::chrono::milliseconds(1)});
  EXPECT_NE(behind.find("250ms after their time"), std::string::npos) << behind;
  for (const std::string& text : {ahead, behind}) {
    EXPECT_NE(text.find("cannot be told from here"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace tapeline::serve
