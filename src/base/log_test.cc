// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/memory_log.h"

namespace tapeline {
namespace {

TEST(LogField, keeps_texts_and_numbers_apart) {
  const std::string text = "3";
  for (const LogField& field :
       {LogField("k", text), LogField("k", std::string_view(text)), LogField("k", "3")}) {
    EXPECT_EQ(field.key(), "k");
    EXPECT_EQ(field.text(), "3");
    EXPECT_FALSE(field.is_bare());
  }
  for (const LogField& field :
       {LogField("k", 3), LogField("k", std::size_t{3}), LogField("k", std::uint8_t{3})}) {
    EXPECT_EQ(field.text(), "3");
    EXPECT_TRUE(field.is_bare());
  }
  EXPECT_EQ(LogField("k", true).text(), "true");
  EXPECT_EQ(LogField("k", std::numeric_limits<std::int64_t>::min()).text(), "-9223372036854775808");
}

TEST(MemoryLog, keeps_every_line_in_order) {
  MemoryLog memory;
  Log& log = memory;
  log.debug("a");
  log.info("b", {{"venue", "coinbase"}, {"attempts", 3}});
  log.warn("c");
  log.error("d", {{"why", std::string("x y")}});
  const std::vector<MemoryLog::Line> want{{LogLevel::kDebug, "a"},
                                          {LogLevel::kInfo, "b venue=coinbase attempts=3"},
                                          {LogLevel::kWarn, "c"},
                                          {LogLevel::kError, "d why=x y"}};
  EXPECT_EQ(memory.lines(), want);
}

}  // namespace
}  // namespace tapeline
