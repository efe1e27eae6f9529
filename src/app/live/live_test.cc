// SPDX-License-Identifier: Apache-2.0
#include "app/live/live.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <thread>

#include "base/memory_log.h"
#include "store/duckdb/open.h"

namespace tapeline::app::live {
namespace {

namespace fs = std::filesystem;

class Live : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(::mkdtemp(folder_.data()), nullptr); }
  void TearDown() override { fs::remove_all(folder_); }

  // Of a simulator that is not there.
  [[nodiscard]] static LiveOptions options_of(const std::string& data_dir) {
    LiveOptions options{.data_dir = data_dir, .engine_version = "1"};
    config::Feed feed;
    feed.venue = "coinbase";
    feed.symbols = {"BTC-USD"};
    feed.channels = {"trades"};
    feed.endpoint = "wss://127.0.0.1:1/";
    feed.rest_endpoint = "https://127.0.0.1:1";
    options.feeds.push_back(feed);
    options.config.feeds = options.feeds;
    options.config.journal.reserve_bytes = 0;
    options.config.serve.listen = "127.0.0.1:0";
    options.duration = std::chrono::milliseconds(100);
    return options;
  }
  Result<LiveSummary> run(const LiveOptions& options) {
    return run_live(
        options, clock_, log_, [](Duration /*time*/) { std::this_thread::yield(); }, stop_);
  }
  static std::string why_not(const Result<LiveSummary>& ran) {
    return ran ? "ran" : ran.error().text;
  }
  std::set<std::string> all_in(const std::string& path) {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      names.insert(fs::relative(entry.path(), path).string());
    }
    return names;
  }

  std::string folder_ = testing::TempDir() + "tapeline_live_XXXXXX";
  SystemClock clock_;
  MemoryLog log_;
  std::atomic<bool> stop_ = false;
};

// It was founded at first, so that the next start had a journal, and another one than its store's.
TEST_F(Live, a_start_without_the_journal_of_its_store_founds_no_second_one) {
  const std::string data = folder_ + "/data";
  const LiveOptions options = options_of(data);
  ASSERT_EQ(why_not(run(options)), "ran");
  fs::remove_all(data + "/journal");
  {
    auto store = store::duckdb::open_writer(data, {.kind = store::DataKind::kSimulated});
    ASSERT_TRUE(store) << store.error().text;
    if (!(*store)->position()) {
      ASSERT_TRUE((*store)->commit({}, {JournalId(0x1234), 5}).has_value());
    }
  }
  const auto before = all_in(data);
  for (int starts = 0; starts < 2; ++starts) {
    const std::string why = why_not(run(options));
    EXPECT_NE(why.find("the store was made of journal "), std::string::npos) << why;
    EXPECT_NE(why.find(data + "/journal holds none"), std::string::npos) << why;
    EXPECT_EQ(all_in(data), before);
  }
  fs::create_directory(data + "/journal");
  const std::string why = why_not(run(options));
  EXPECT_NE(why.find(data + "/journal holds none"), std::string::npos) << why;
  EXPECT_TRUE(fs::is_empty(data + "/journal"));
}

// Only as long as a socket's path may be; known before anything is made.
TEST_F(Live, a_start_that_is_refused_for_its_long_path_leaves_nothing) {
  constexpr std::size_t kPathMax = 107;
  const std::string parent = folder_ + "/new/";
  const std::string socket = "/tapeline.sock";
  const std::string fits(kPathMax - parent.size() - socket.size(), 'x');
  const std::string data = parent + fits + "x";
  EXPECT_EQ(why_not(run(options_of(data))),
            data +
                "/tapeline.sock: the path of a socket has at most 107 bytes, and this one 108; "
                "choose a shorter --data-dir");
  EXPECT_TRUE(fs::is_empty(folder_));
  EXPECT_EQ(why_not(run(options_of(parent + fits + "/"))), "ran");
}

}  // namespace
}  // namespace tapeline::app::live
