// SPDX-License-Identifier: Apache-2.0
// A journal whose beginning is in force and whose segments are gone: nobody reads it as empty, and
// nobody founds another in its place.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "journal/check.h"
#include "journal/journal_fixture.h"
#include "journal/memory_disk.h"
#include "journal/retention.h"
#include "journal/segments.h"

namespace tapeline::journal {
namespace {

std::string in_folder(const std::string& name) { return std::string(kFolder) + "/" + name; }

// What each who opens a journal says of it.
std::vector<std::string> refusals(MemoryDisk& disk) {
  const auto text = [](const auto& result) { return result ? "" : result.error().text; };
  return {text(Reader::open(disk, kFolder)),
          text(Reader::open(disk, kFolder, 40)),
          text(find_segments(disk, kFolder)),
          text(check(disk, kFolder, go_on)),
          text(try_seal(disk)),
          text(retain(disk, kFolder, {})),
          text(Writer::open(disk, kFolder, small_options()))};
}

TEST(Beginning, without_a_segment_at_or_behind_it_is_refused_by_everybody) {
  MemoryDisk disk;
  write_begun_journal(disk, 60);
  for (const std::string& path : disk.paths()) ASSERT_TRUE(disk.remove(path));
  disk.add(in_folder(beginning_name(33)), "");
  for (const std::string& refusal : refusals(disk)) {
    EXPECT_EQ(refusal, in_folder(segment_name(33)) + ": is missing, and " +
                           in_folder(beginning_name(33)) +
                           " says that the journal begins there; bring it and what followed it "
                           "back from a copy, or go on in a new journal (--data-dir)");
  }
  EXPECT_EQ(disk.paths(), (std::vector<std::string>{in_folder(beginning_name(33))}));
}

TEST(Beginning, with_older_segments_alone_loses_none_of_them) {
  MemoryDisk disk;
  write_begun_journal(disk, 60);
  for (const std::uint64_t gone : {33U, 44U, 55U}) {
    ASSERT_TRUE(disk.remove(in_folder(segment_name(gone))));
  }
  const std::string mark = in_folder(beginning_name(33));
  disk.add(mark, "");
  const std::string first = disk.contents(in_folder(segment_name(0)));
  for (const std::string& refusal : refusals(disk)) {
    EXPECT_TRUE(refusal.starts_with(in_folder(segment_name(33)) + ": is missing")) << refusal;
    EXPECT_TRUE(refusal.ends_with("to go back to the segments before it, remove " + mark));
  }
  EXPECT_EQ(disk.contents(in_folder(segment_name(0))), first);
  // The way out that is named is one.
  ASSERT_TRUE(disk.remove(mark));
  EXPECT_EQ(read_back(disk).records, first_records(33));
}

TEST(Beginning, that_is_not_the_first_segment_there_is_refused) {
  MemoryDisk disk;
  write_begun_journal(disk, 60);
  disk.add(in_folder(beginning_name(33)), "");
  ASSERT_TRUE(disk.remove(in_folder(segment_name(33))));
  EXPECT_TRUE(read_back(disk).error.starts_with(in_folder(segment_name(33)) + ": is missing"));
  EXPECT_FALSE(Writer::open(disk, kFolder, small_options()));
}

// Somebody else puts a file where the next segment goes, just before it is begun.
class Intruded final : public MemoryDisk {
 public:
  std::string path;

  [[nodiscard]] Result<std::unique_ptr<WritableFile>> create(const std::string& file) override {
    if (file == path + std::string(kUnfinished)) add(path, "what is there");
    return MemoryDisk::create(file);
  }
};

TEST(Beginning, a_segment_is_never_begun_over_what_is_there) {
  for (const std::uint64_t first : {0U, 11U}) {
    Intruded disk;
    disk.path = in_folder(segment_name(first));
    std::string refusal;
    auto writer = Writer::open(disk, kFolder, small_options());
    for (std::uint64_t n = 0; writer && n < first; ++n) append_or_die(**writer, nth_record(n));
    if (!writer) {
      refusal = writer.error().text;
    } else {
      const auto next = (*writer)->next_segment();
      ASSERT_FALSE(next);
      refusal = next.error().text;
    }
    EXPECT_EQ(refusal, disk.path + ": is there already");
    EXPECT_EQ(disk.contents(disk.path), "what is there");
  }
}

}  // namespace
}  // namespace tapeline::journal
