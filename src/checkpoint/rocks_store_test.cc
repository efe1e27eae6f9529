// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/rocks_store.h"

#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "base/clock.h"

namespace tapeline::checkpoint {
namespace {

// A disk on which no file can be begun while it is full.
class FullDisk final : public rocksdb::EnvWrapper {
 public:
  FullDisk() : EnvWrapper(rocksdb::Env::Default()) {}
  const char* Name() const override { return "FullDisk"; }
  rocksdb::Status NewWritableFile(const std::string& path,
                                  std::unique_ptr<rocksdb::WritableFile>* file,
                                  const rocksdb::EnvOptions& options) override {
    if (is_full) return rocksdb::Status::NoSpace(path);
    return EnvWrapper::NewWritableFile(path, file, options);
  }

  std::atomic<bool> is_full{false};
};

using Found = std::map<std::string, std::string>;

Found all_of(RocksStore& store, const std::string& first = "", const std::string& last = "~") {
  Found found;
  std::string before;
  store.scan(first, last, [&](std::string_view key, std::string_view value) {
    EXPECT_LT(before, key);
    before = key;
    found.emplace(key, value);
  });
  return found;
}

// Room is found by whoever asks for a shortage, or by RocksDB itself before a copy.
class FullRocksStore : public testing::TestWithParam<bool> {};

TEST_P(FullRocksStore, what_finds_no_room_waits_and_is_in_no_copy_less) {
  const bool asks = GetParam();
  const std::string folder = testing::TempDir() + "tapeline_full_" + std::to_string(::getpid());
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  FullDisk disk;
  {
    auto opened = RocksStore::create(folder + "/live", &disk);
    ASSERT_TRUE(opened) << opened.error().text;
    RocksStore& store = **opened;
    std::int64_t now_ns = 0;
    store.put("a", "1");
    store.put("c", "1");
    EXPECT_EQ(store.shortage(now_ns), std::nullopt);

    disk.is_full = true;
    const auto copied = store.copy_to(folder + "/first");
    ASSERT_FALSE(copied);
    EXPECT_NE(copied.error().text.find("make room on its disk"), std::string::npos);
    Found expected{{"a", "1"}, {"c", "1"}};
    for (const auto& [key, value] : Found{{"b", "2"}, {"c", "2"}, {"d", "2"}}) {
      store.put(key, value);
      expected[key] = value;
    }
    now_ns += RocksStore::kTryEveryNs;
    const auto shortage = store.shortage(now_ns);
    ASSERT_TRUE(shortage);
    EXPECT_EQ(shortage->retry, Retry::kAfterBackoff);
    EXPECT_EQ(store.failure(), std::nullopt);
    EXPECT_EQ(all_of(store), expected) << "what waits is there";
    EXPECT_EQ(all_of(store, "b", "c"), (Found{{"b", "2"}, {"c", "2"}}));

    disk.is_full = false;
    EXPECT_TRUE(store.shortage(now_ns)) << "it is tried by and by";
    const auto has_room = [&] {
      if (asks) return !store.shortage(now_ns += RocksStore::kTryEveryNs);
      std::filesystem::remove_all(folder + "/second");
      return store.copy_to(folder + "/second").has_value();
    };
    constexpr std::int64_t kPatienceNs = 30'000'000'000;
    const SystemClock clock;
    const std::int64_t end_ns = clock.monotonic_ns() + kPatienceNs;
    while (!has_room() && clock.monotonic_ns() < end_ns) std::this_thread::yield();
    if (!asks) {
      auto copy = RocksStore::open(folder + "/second");
      ASSERT_TRUE(copy) << copy.error().text;
      EXPECT_EQ(all_of(**copy), expected);
    }
    EXPECT_EQ(store.shortage(now_ns), std::nullopt);
    EXPECT_EQ(all_of(store), expected);
    store.put("e", "3");
    expected["e"] = "3";
    const auto done = store.copy_to(folder + "/third");
    ASSERT_TRUE(done) << done.error().text;
    auto copy = RocksStore::open(folder + "/third");
    ASSERT_TRUE(copy) << copy.error().text;
    EXPECT_EQ(all_of(**copy), expected);
  }
  std::filesystem::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(By, FullRocksStore, testing::Bool());

}  // namespace
}  // namespace tapeline::checkpoint
