// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/rocks_cold_state.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "checkpoint/snapshots.h"
#include "journal/posix_disk.h"

namespace tapeline::checkpoint {
namespace {

namespace fs = std::filesystem;

using Entries = std::map<std::string, std::string>;

class RocksColdState : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::unique_ptr<ColdState> open() {
    return make_rocks_cold_state({folder_ + "/live", folder_ + "/snapshots"});
  }
  static Position at(std::uint64_t record, std::uint64_t journal = 7) {
    return {JournalId(journal), record};
  }
  [[nodiscard]] std::string copy_of(std::uint64_t record) const {
    return folder_ + "/snapshots/" + fmt::format("{:020}.cold", record);
  }
  static std::string why_not(const Result<void>& done) {
    return done ? "restored" : done.error().text;
  }
  static Entries all_of(ColdState& cold, const std::string& first = "",
                        const std::string& last = "~") {
    Entries found;
    std::string before;
    cold.store().scan(first, last, [&](std::string_view key, std::string_view value) {
      EXPECT_LE(before, key);
      before = key;
      found.emplace(key, value);
    });
    return found;
  }

  const std::string folder_ = testing::TempDir() + "tapeline_cold_" + std::to_string(::getpid());
};

TEST_F(RocksColdState, gives_what_was_put_last_of_the_keys_between) {
  const auto cold = open();
  ASSERT_TRUE(cold->restore({}).has_value());
  std::mt19937_64 random(1);
  Entries expected;
  for (int i = 0; i < 3'000; ++i) {
    const std::string key = std::to_string(random() % 500);
    const std::string value(random() % 300, static_cast<char>('a' + random() % 26));
    cold->store().put(key, value);
    expected[key] = value;
  }
  EXPECT_EQ(all_of(*cold), expected);
  const Entries some(expected.lower_bound("2"), expected.upper_bound("35"));
  EXPECT_EQ(all_of(*cold, "2", "35"), some);
  EXPECT_FALSE(cold->store().failure().has_value());
}

TEST_F(RocksColdState, a_copy_is_the_store_as_it_was_then_whatever_came_after) {
  {
    const auto cold = open();
    ASSERT_TRUE(cold->restore({}).has_value());
    cold->store().put("a", "1");
    ASSERT_TRUE(cold->copy(at(100)).has_value());
    cold->store().put("a", "2");
    cold->store().put("b", "3");
    ASSERT_TRUE(cold->copy(at(200)).has_value());
    cold->store().put("c", "4");
  }
  EXPECT_FALSE(fs::exists(folder_ + "/live")) << "only copies outlive a run";
  const auto cold = open();
  ASSERT_TRUE(cold->restore(at(100)).has_value());
  EXPECT_EQ(all_of(*cold), (Entries{{"a", "1"}}));
  cold->store().put("z", "9");  // does not reach any copy
  ASSERT_TRUE(cold->restore(at(200)).has_value());
  EXPECT_EQ(all_of(*cold), (Entries{{"a", "2"}, {"b", "3"}}));
  ASSERT_TRUE(cold->restore({}).has_value());
  EXPECT_EQ(all_of(*cold), Entries());
  ASSERT_TRUE(cold->restore(at(100)).has_value());
  EXPECT_EQ(all_of(*cold), (Entries{{"a", "1"}}));
}

TEST_F(RocksColdState, keeps_the_copies_that_are_asked_for_and_clears_up_the_rest) {
  const auto cold = open();
  ASSERT_TRUE(cold->restore({}).has_value());
  cold->store().put("a", "1");
  for (const std::uint64_t record : {1U, 2U, 3U}) {
    ASSERT_TRUE(cold->copy(at(record)).has_value());
  }
  fs::create_directories(folder_ + "/snapshots/00000000000000000009.cold.unfinished");
  std::ofstream(folder_ + "/snapshots/00000000000000000002.snapshot") << "stays";
  ASSERT_TRUE(cold->keep_only({2, 3}).has_value());
  EXPECT_FALSE(cold->restore(at(1)).has_value());
  ASSERT_TRUE(cold->restore(at(3)).has_value());
  EXPECT_EQ(all_of(*cold), (Entries{{"a", "1"}}));
  EXPECT_TRUE(fs::exists(folder_ + "/snapshots/00000000000000000002.snapshot"));
  EXPECT_FALSE(fs::exists(folder_ + "/snapshots/00000000000000000009.cold.unfinished"));
}

TEST_F(RocksColdState, a_copy_that_has_lost_files_is_no_empty_one) {
  const auto cold = open();
  ASSERT_TRUE(cold->restore({}).has_value());
  cold->store().put("a", "1");
  ASSERT_TRUE(cold->copy(at(5)).has_value());
  const fs::path copy = folder_ + "/snapshots/00000000000000000005.cold";
  for (const char* ending : {".sst", "CURRENT", ""}) {
    for (const auto& file : fs::directory_iterator(copy)) {
      if (file.path().string().ends_with(ending)) fs::remove(file.path());
    }
    const auto done = cold->restore(at(5));
    ASSERT_FALSE(done.has_value()) << "without " << ending;
    EXPECT_NE(done.error().text.find("00000000000000000005.cold"), std::string::npos);
  }
}

// It is a whole store of RocksDB's: nothing else tells it from the right one.
TEST_F(RocksColdState, the_copy_of_another_snapshot_is_not_taken) {
  const auto cold = open();
  ASSERT_TRUE(cold->restore({}).has_value());
  cold->store().put("a", "1");
  ASSERT_TRUE(cold->copy(at(5)).has_value());
  cold->store().put("a", "2");
  ASSERT_TRUE(cold->copy(at(6)).has_value());
  fs::remove_all(copy_of(6));
  fs::copy(copy_of(5), copy_of(6));
  EXPECT_EQ(why_not(cold->restore(at(6))),
            copy_of(6) +
                ": holds the older bars of another snapshot than that of journal "
                "0000000000000007 at record 6");
  EXPECT_EQ(why_not(cold->restore(at(5, 8))),
            copy_of(5) +
                ": holds the older bars of another snapshot than that of journal "
                "0000000000000008 at record 5");
  ASSERT_TRUE(cold->restore(at(5)).has_value());
  EXPECT_EQ(all_of(*cold), (Entries{{"a", "1"}}));
}

// As above, where somebody moved the files alone, or added some.
TEST_F(RocksColdState, a_copy_has_the_files_that_were_written_and_no_others) {
  const auto cold = open();
  ASSERT_TRUE(cold->restore({}).has_value());
  cold->store().put("a", "1");
  ASSERT_TRUE(cold->copy(at(5)).has_value());
  cold->store().put("b", std::string(1000, 'x'));
  ASSERT_TRUE(cold->copy(at(6)).has_value());
  EXPECT_EQ(why_not(cold->restore(at(5))), "restored");
  EXPECT_FALSE(fs::exists(folder_ + "/live/identity")) << "of the copy alone";

  const std::string identity = copy_of(6) + "/identity";
  const auto kept = folder_ + "/kept";
  fs::copy(copy_of(6), kept);
  const std::string damaged =
      copy_of(6) + ": is damaged: its files are not those that were written";
  std::ofstream(copy_of(6) + "/000099.sst") << "another";
  EXPECT_EQ(why_not(cold->restore(at(6))), damaged);
  fs::remove_all(copy_of(6));
  fs::copy(copy_of(5), copy_of(6));
  fs::copy_file(kept + "/identity", identity, fs::copy_options::overwrite_existing);
  EXPECT_EQ(why_not(cold->restore(at(6))), damaged);
  for (const auto& file : fs::directory_iterator(kept)) {
    fs::remove_all(copy_of(6));
    fs::copy(kept, copy_of(6));
    if (file.path().filename() == "identity") continue;
    std::ofstream(copy_of(6) + "/" + file.path().filename().string(), std::ios::app) << "x";
    EXPECT_EQ(why_not(cold->restore(at(6))), damaged) << file.path();
  }
  fs::remove_all(copy_of(6));
  fs::copy(kept, copy_of(6));
  EXPECT_EQ(why_not(cold->restore(at(6))), "restored");
  fs::remove(identity);
  EXPECT_EQ(why_not(cold->restore(at(6))),
            copy_of(6) + ": does not say of which snapshot its older bars are");
}

TEST_F(RocksColdState, a_damaged_identity_is_none) {
  const auto cold = open();
  ASSERT_TRUE(cold->restore({}).has_value());
  cold->store().put("a", "1");
  ASSERT_TRUE(cold->copy(at(5)).has_value());
  const std::string path = copy_of(5) + "/identity";
  std::ifstream in(path, std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  for (std::size_t size = 0; size < good.size(); ++size) {
    std::ofstream(path, std::ios::binary) << good.substr(0, size);
    EXPECT_FALSE(cold->restore(at(5)).has_value()) << size;
    std::string other = good;
    other[size] = static_cast<char>(other[size] ^ 1);
    std::ofstream(path, std::ios::binary) << other;
    EXPECT_FALSE(cold->restore(at(5)).has_value()) << size;
  }
  std::ofstream(path, std::ios::binary) << good << "x";
  EXPECT_FALSE(cold->restore(at(5)).has_value());
  std::ofstream(path, std::ios::binary) << good;
  EXPECT_EQ(why_not(cold->restore(at(5))), "restored");
}

TEST_F(RocksColdState, what_a_crash_left_of_a_copy_stands_in_no_ones_way) {
  const std::string folder = folder_ + "/snapshots";
  const std::string left = folder + "/00000000000000000009.cold.unfinished";
  fs::create_directories(left);
  std::ofstream(left + "/CURRENT") << "MANIFEST";
  journal::PosixDisk disk;
  ASSERT_TRUE(remove_unfinished(disk, folder).has_value());
  ASSERT_TRUE(open()->keep_only({}).has_value());
  EXPECT_FALSE(fs::exists(left));
}

TEST_F(RocksColdState, a_missing_copy_is_named) {
  const auto cold = open();
  const auto done = cold->restore(at(77));
  ASSERT_FALSE(done.has_value());
  EXPECT_NE(done.error().text.find("00000000000000000077.cold"), std::string::npos)
      << done.error().text;
}

TEST_F(RocksColdState, a_damaged_table_is_a_failure_that_stays) {
  const auto cold = open();
  ASSERT_TRUE(cold->restore({}).has_value());
  std::mt19937_64 random(3);
  for (int i = 0; i < 2'000; ++i) {
    std::string value(200, 'x');
    for (char& c : value) c = static_cast<char>(random());
    cold->store().put("key " + std::to_string(i), value);
  }
  ASSERT_TRUE(cold->copy(at(5)).has_value());
  for (const auto& entry : fs::directory_iterator(folder_ + "/snapshots")) {
    for (const auto& file : fs::directory_iterator(entry.path())) {
      if (file.path().extension() != ".sst") continue;
      std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
      bytes.seekp(static_cast<std::streamoff>(fs::file_size(file.path()) / 3));
      bytes << "damage";
    }
  }
  if (const auto done = cold->restore(at(5)); !done) return;  // it may be seen at once
  static_cast<void>(all_of(*cold));
  ASSERT_TRUE(cold->store().failure().has_value());
  EXPECT_NE(cold->store().failure()->text.find("damaged"), std::string::npos);
  EXPECT_FALSE(cold->copy(at(6)).has_value()) << "what is damaged is not copied";
}

}  // namespace
}  // namespace tapeline::checkpoint
