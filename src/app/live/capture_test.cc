// SPDX-License-Identifier: Apache-2.0
#include "app/live/capture.h"

#include <gtest/gtest.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "journal/memory_disk.h"
#include "journal/posix_disk.h"
#include "net/network.h"
#include "store/memory_store.h"

namespace tapeline::app::live {
namespace {

// The real disk, whose syncs last as long as the test likes.
class SlowDisk final : public journal::Disk {
 public:
  std::atomic<bool> holds_syncs{false};
  std::atomic<int> held{0};

  Result<std::unique_ptr<journal::WritableFile>> create(const std::string& path) override {
    return slow(disk_.create(path));
  }
  Result<std::unique_ptr<journal::WritableFile>> open_writable(const std::string& path) override {
    return slow(disk_.open_writable(path));
  }
  Result<std::unique_ptr<journal::ReadableFile>> open_readable(const std::string& path) override {
    return disk_.open_readable(path);
  }
  Result<std::vector<journal::FileEntry>> list(const std::string& folder) override {
    return disk_.list(folder);
  }
  Result<bool> is_folder(const std::string& path) override { return disk_.is_folder(path); }
  Result<bool> has_file(const std::string& path) override { return disk_.has_file(path); }
  Result<void> create_folder(const std::string& folder) override {
    return disk_.create_folder(folder);
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    return disk_.rename(from, to);
  }
  Result<void> rename_new(const std::string& from, const std::string& to) override {
    return disk_.rename_new(from, to);
  }
  Result<void> remove(const std::string& path) override { return disk_.remove(path); }
  Result<void> sync_folder(const std::string& folder) override { return disk_.sync_folder(folder); }
  Result<std::uint64_t> free_bytes(const std::string& folder) override {
    return disk_.free_bytes(folder);
  }
  Result<std::unique_ptr<journal::FileLock>> lock(const std::string& path,
                                                  std::string_view holder_does) override {
    return disk_.lock(path, holder_does);
  }

 private:
  class File final : public journal::WritableFile {
   public:
    File(std::unique_ptr<journal::WritableFile> file, SlowDisk& disk)
        : file_(std::move(file)), disk_(disk) {}
    Result<void> write_at(std::uint64_t offset, std::string_view bytes) override {
      return file_->write_at(offset, bytes);
    }
    Result<void> sync() override {
      while (disk_.holds_syncs) {
        disk_.held = 1;
        std::this_thread::yield();
      }
      return file_->sync();
    }
    Result<void> truncate(std::uint64_t bytes) override { return file_->truncate(bytes); }

   private:
    std::unique_ptr<journal::WritableFile> file_;
    SlowDisk& disk_;
  };

  Result<std::unique_ptr<journal::WritableFile>> slow(
      Result<std::unique_ptr<journal::WritableFile>> file) {
    if (!file) return file;
    return std::make_unique<File>(std::move(*file), *this);
  }

  journal::PosixDisk disk_;
};

class NoLog final : public Log {
 public:
  void write(LogLevel /*level*/, std::string_view /*message*/,
             std::span<const LogField> /*fields*/) override {}
};

// At first the wait for a sync was not part of it: what came meanwhile was not stored at a stop.
TEST(Capture, is_quiet_when_the_last_record_is_written_however_long_a_sync_takes) {
  std::string folder = testing::TempDir() + "tapeline_capture_XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const SystemClock clock;
  NoLog log;
  SlowDisk disk;
  CaptureOptions options{.journal_folder = folder + "/journal", .engine_version = "1"};
  options.journal.reserve_bytes = 0;
  config::Feed& feed = options.feeds.emplace_back();
  feed.venue = "coinbase";
  feed.symbols = {"BTC-USD"};
  feed.endpoint = "wss://127.0.0.1:1/";
  feed.rest_endpoint = "https://127.0.0.1:1";
  auto capture = Capture::open(options, net::make_network(clock), disk, clock, log);
  ASSERT_TRUE(capture) << capture.error().text;
  disk.holds_syncs = true;
  (*capture)->start();
  const auto wait_for = [&](auto condition, Duration patience) {
    const std::int64_t end_ns = clock.monotonic_ns() + patience.count();
    while (!condition() && clock.monotonic_ns() < end_ns) std::this_thread::yield();
    return condition();
  };
  const Duration patience = std::chrono::seconds(20);
  ASSERT_TRUE(wait_for([&] { return disk.held == 1; }, patience));
  (*capture)->stop_feeds();
  EXPECT_FALSE(wait_for([&] { return (*capture)->is_quiet(); }, std::chrono::milliseconds(600)));
  const std::uint64_t before = (*capture)->recorder().written_ordinal();
  disk.holds_syncs = false;
  ASSERT_TRUE(wait_for([&] { return (*capture)->is_quiet(); }, patience));
  EXPECT_GT((*capture)->recorder().written_ordinal(), before) << "a tick at least";
  (*capture)->stop();
  ASSERT_TRUE(wait_for([&] { return (*capture)->is_stopped(); }, patience));
  EXPECT_EQ((*capture)->failure(), std::nullopt);
  capture->reset();
  std::filesystem::remove_all(folder);
}

// At first the tail was cut off before it was refused, and the epoch appended.
TEST(Capture, a_store_that_is_ahead_is_refused_before_the_journal_is_touched) {
  journal::MemoryDisk disk;
  const SystemClock clock;
  NoLog log;
  CaptureOptions options{.journal_folder = "data/journal", .engine_version = "1"};
  options.journal.reserve_bytes = 0;
  options.new_journal = JournalId(7);
  ASSERT_TRUE(Capture::open(options, net::make_network(clock), disk, clock, log));
  std::string path;
  for (const std::string& each : disk.paths()) {
    if (each.ends_with(".journal")) path = each;
  }
  disk.contents(path) += "torn";
  const std::string before = disk.contents(path);
  store::MemoryStore store;
  const auto writer = std::move(store.open_writer(store::DataKind::kReal).value());
  const auto reader = writer->open_reader();
  options.store = reader.get();
  // As many records as the epoch is would not have been told from a whole journal.
  for (const std::uint64_t ordinal : {1U, 2U, 100U}) {
    ASSERT_TRUE(writer->commit({}, {JournalId(7), ordinal}));
    const auto refused = Capture::open(options, net::make_network(clock), disk, clock, log);
    ASSERT_FALSE(refused) << ordinal;
    EXPECT_NE(refused.error().text.find("the store is ahead of its journal"), std::string::npos);
    EXPECT_EQ(disk.contents(path), before);
  }
  options.store = nullptr;
  EXPECT_TRUE(Capture::open(options, net::make_network(clock), disk, clock, log));
  EXPECT_NE(disk.contents(path), before);
}

TEST(Capture, leaves_a_gibibyte_free_or_a_twentieth_of_a_small_disk) {
  constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30;
  int small = 0;
  for (const std::string& folder :
       {testing::TempDir(), std::string("/dev/shm"), std::string("/proc")}) {
    struct statvfs status {};
    ASSERT_EQ(::statvfs(folder.c_str(), &status), 0) << folder;
    const std::uint64_t bytes = std::uint64_t{status.f_blocks} * status.f_frsize;
    const std::uint64_t share = std::min(kGibibyte, bytes / 20);
    if (share < kGibibyte) ++small;
    EXPECT_EQ(reserve_of({.journal_folder = folder + "/not_there_yet"}), share) << folder;
  }
  EXPECT_GT(small, 0) << "/proc is a disk without room";
  CaptureOptions chosen{.journal_folder = "/proc/journal"};
  chosen.journal.reserve_bytes = 4096;
  EXPECT_EQ(reserve_of(chosen), 4096U);
  EXPECT_EQ(reserve_of({.journal_folder = "/no/such/place/journal"}), kGibibyte);
}

}  // namespace
}  // namespace tapeline::app::live
