// SPDX-License-Identifier: Apache-2.0
#include "app/log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace tapeline::app {
namespace {

const std::string kTime = "2021-04-17T16:43:37.123456789Z ";

class LogTest : public testing::Test {
 protected:
  std::string written(const LogOptions& options, auto say) {
    out_.str("");
    say(*make_log(out_, clock_, options));
    return out_.str();
  }

  ManualClock clock_{RecvTime(1'618'677'817'123'456'789)};
  std::ostringstream out_;
};

TEST_F(LogTest, a_line_has_time_level_message_and_fields) {
  EXPECT_EQ(written({},
                    [](Log& log) {
                      log.info("started");
                      log.warn("connection lost", {{"venue", "coinbase"}, {"attempts", 3}});
                    }),
            kTime + "info started\n" + kTime + "warn connection lost venue=coinbase attempts=3\n");
}

TEST_F(LogTest, values_that_are_no_single_word_are_quoted) {
  EXPECT_EQ(written({},
                    [](Log& log) {
                      log.error("e", {{"a", "x y"}, {"b", ""}, {"c", "k=v"}, {"d", "\"\\"}});
                    }),
            kTime + "error e a=\"x y\" b=\"\" c=\"k=v\" d=\"\\\"\\\\\"\n");
}

TEST_F(LogTest, control_characters_never_reach_the_terminal) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes.push_back(static_cast<char>(byte));
  for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
    const std::string line = written({.format = format}, [&](Log& log) {
      log.info("m" + bytes, {{"k", bytes},
                             {"c1",
                              "\xc2\x9b"
                              "31m"}});
    });
    ASSERT_TRUE(line.ends_with('\n'));
    for (const char c : line.substr(0, line.size() - 1)) EXPECT_FALSE(c >= 0 && c < 0x20) << line;
    EXPECT_EQ(line.find('\x7f'), std::string::npos);
    EXPECT_EQ(line.find("\xc2\x9b"), std::string::npos);
  }
  EXPECT_EQ(written({},
                    [](Log& log) {
                      log.info("a\nb", {{"k", "\x1b[31m"}});
                    }),
            kTime + "info a\\x0ab k=\"\\x1b[31m\"\n");
}

TEST_F(LogTest, json_is_one_object_a_line) {
  EXPECT_EQ(written({.format = LogFormat::kJson, .has_colour = true},
                    [](Log& log) {
                      log.warn("lost \"it\"", {{"venue", "a\tb\x7f\xc2\x9b"},
                                               {"attempts", 3},
                                               {"last", true},
                                               {"name", "\xc3\xa9"},
                                               {"bytes", "\xff"}});
                    }),
            "{\"time\":\"2021-04-17T16:43:37.123456789Z\",\"level\":\"warn\","
            "\"message\":\"lost \\\"it\\\"\",\"venue\":\"a\\u0009b\\u007f\\u009b\",\"attempts\":3,"
            "\"last\":true,\"name\":\"\xc3\xa9\",\"bytes\":\"\\ufffd\"}\n");
}

TEST_F(LogTest, only_the_level_asked_for_and_above_is_written) {
  const auto all = [](Log& log) {
    log.debug("1");
    log.info("2");
    log.warn("3");
    log.error("4");
    log.write(LogLevel::kOff, "5", {});
  };
  std::string want;
  EXPECT_EQ(written({.level = LogLevel::kOff}, all), "");
  want = kTime + "error 4\n";
  EXPECT_EQ(written({.level = LogLevel::kError}, all), want);
  want = kTime + "warn 3\n" + want;
  EXPECT_EQ(written({.level = LogLevel::kWarn}, all), want);
  want = kTime + "info 2\n" + want;
  EXPECT_EQ(written({.level = LogLevel::kInfo}, all), want);
  EXPECT_EQ(written({}, all), want) << "the default";
  want = kTime + "debug 1\n" + want;
  EXPECT_EQ(written({.level = LogLevel::kDebug}, all), want);
}

TEST_F(LogTest, colour_is_around_the_level_only) {
  EXPECT_EQ(written({.has_colour = true}, [](Log& log) { log.error("x"); }),
            kTime + "\x1b[31merror\x1b[0m x\n");
}

TEST_F(LogTest, a_storm_of_one_message_becomes_a_line_with_a_count) {
  const std::string text = written({}, [&](Log& log) {
    for (int i = 0; i < 100; ++i) log.warn("lost", {{"n", i}});
    log.info("other");
    clock_.advance(std::chrono::seconds(1));
    log.info("next");
    for (int i = 0; i < 7; ++i) log.warn("lost", {{"n", i}});
  });
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line.substr(kTime.size()));
  EXPECT_EQ(lines, (std::vector<std::string>{"warn lost n=0", "warn lost n=1", "warn lost n=2",
                                             "warn lost n=3", "warn lost n=4", "info other",
                                             "warn lost repeated=95", "info next", "warn lost n=0",
                                             "warn lost n=1", "warn lost n=2", "warn lost n=3",
                                             "warn lost n=4", "warn lost repeated=2"}));
}

TEST_F(LogTest, a_long_text_is_cut) {
  const std::string text = written({}, [](Log& log) {
    log.info(std::string(9000, 'x'), {{"k", std::string(9000, 'y')}});
  });
  EXPECT_EQ(text,
            kTime + "info " + std::string(4096, 'x') + "... k=" + std::string(4096, 'y') + "...\n");
}

TEST_F(LogTest, a_line_that_is_lost_loses_no_other) {
  const auto log = make_log(out_, clock_, {});
  out_.setstate(std::ios::badbit);
  log->info("later");
  EXPECT_EQ(out_.str(), kTime + "info later\n");
}

TEST_F(LogTest, many_threads_write_whole_lines) {
  constexpr int kThreads = 4;
  constexpr int kLines = 200;
  const std::string text = written({}, [&](Log& log) {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&log, t] {
        for (int i = 0; i < kLines; ++i) log.info(std::to_string(t) + "." + std::to_string(i));
      });
    }
  });
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), kThreads * kLines);
  for (int t = 0; t < kThreads; ++t) {
    for (int i = 0; i < kLines; ++i) {
      EXPECT_NE(text.find("Z info " + std::to_string(t) + "." + std::to_string(i) + "\n"),
                std::string::npos);
    }
  }
}

}  // namespace
}  // namespace tapeline::app
