// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/recovery.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tapeline::checkpoint {
namespace {

constexpr JournalId kOurs{7};
constexpr JournalId kOther{8};

Snapshot at(std::uint64_t ordinal, JournalId journal = kOurs) {
  return {fmt::format("s/{}", ordinal), ordinal,
          SnapshotHeader{.tick = {{journal, ordinal}, {}}, .state_bytes = 1}};
}
// Of an engine that has read nothing.
Snapshot note_at(std::uint64_t ordinal) {
  return {fmt::format("s/{}", ordinal), ordinal, SnapshotHeader{.tick = {{kOurs, ordinal}, {}}}};
}
Snapshot damaged_at(std::uint64_t ordinal) {
  return {fmt::format("s/{}", ordinal), ordinal,
          fail(Fault::kTheirs, fmt::format("s/{}: is damaged", ordinal))};
}
std::optional<Position> stored_at(std::uint64_t ordinal, JournalId journal = kOurs) {
  return Position{journal, ordinal};
}

struct Case {
  const char* name;
  std::optional<Position> stored;
  std::uint64_t first;
  std::uint64_t end;
  std::vector<Snapshot> snapshots;
  // "snapshot ORDINAL", "beginning", or a part of the refusal.
  const char* start;
  const char* proof;
  std::vector<const char*> passed_over{};  // of the start: parts of the sentences
  std::vector<std::string> removed{};      // by a start
};

std::vector<Case> cases_of_the_store() {
  return {
      {"a new folder", {}, 0, 0, {}, "beginning", nullptr},
      {"a journal without a store", {}, 0, 100, {}, "beginning", nullptr},
      {"a store without snapshots", stored_at(50), 0, 100, {}, "beginning", "beginning"},
      {"the store is at the last record", stored_at(99), 0, 100, {}, "beginning", "beginning"},
      {"the store is ahead of its journal",
       stored_at(100),
       0,
       100,
       {at(50)},
       "ahead of its journal: it holds rows up to record 100, but the journal in j ends before "
       "record 100; bring back what it lacks, the end of its last segment or those behind it, from "
       "00000000000000000100.journal on, or move the store away",
       "ahead of its journal"},
      {"the store is of another journal",
       stored_at(50, kOther),
       0,
       100,
       {at(20)},
       "made of journal 0000000000000008, but j holds journal 0000000000000007; bring the one that "
       "belongs to it, or move the store away",
       "made of journal"},
      {"the newest is taken", stored_at(50), 0, 100, {at(10), at(40)}, "snapshot 40", "beginning"},
      {"one just at the store's position",
       stored_at(50),
       0,
       100,
       {at(10), at(50)},
       "snapshot 50",
       "beginning"},
      {"one that the store has not come to",
       stored_at(49),
       0,
       100,
       {at(10), at(50)},
       "snapshot 10",
       "beginning",
       {},
       {"s/50"}},
      {"all are ahead of the store, and the journal is whole",
       stored_at(5),
       0,
       100,
       {at(10), at(50)},
       "beginning",
       "beginning",
       {},
       {"s/10", "s/50"}},
  };
}

std::vector<Case> cases_of_snapshots() {
  return {
      {"an empty store beside old snapshots",
       {},
       0,
       100,
       {at(10), damaged_at(20)},
       "beginning",
       nullptr,
       {},
       {"s/10", "s/20"}},
      {"an empty store and a journal that begins later",
       {},
       30,
       100,
       {note_at(29)},
       "beginning",
       nullptr,
       {},
       {"s/29"}},
      {"an empty store beside what leads to one that held more",
       {},
       30,
       100,
       {note_at(29), at(40)},
       "the store is new, the journal in j begins at record 30, and s/40 leads to a store that "
       "held "
       "more: bring that one back; or, to begin anew at record 30, move the snapshots away",
       nullptr},
      {"the newest is damaged",
       stored_at(50),
       0,
       100,
       {at(10), at(30), damaged_at(40)},
       "snapshot 30",
       "beginning",
       {"s/40: is damaged"},
       {"s/40"}},
      {"every one is damaged, and the journal is whole",
       stored_at(50),
       0,
       100,
       {damaged_at(30), damaged_at(40)},
       "beginning",
       "beginning",
       {"s/40: is damaged", "s/30: is damaged"},
       {"s/30", "s/40"}},
  };
}

std::vector<Case> cases_of_a_later_journal() {
  return {
      {"the journal begins with the record of the oldest",
       stored_at(50),
       30,
       100,
       {at(30), at(40)},
       "snapshot 40",
       "snapshot 30"},
      {"the oldest is damaged, and the journal begins later",
       stored_at(50),
       31,
       100,
       {damaged_at(30), at(40)},
       "snapshot 40",
       "snapshot 40"},
      {"the record of the oldest, by which it would be known, is gone",
       stored_at(50),
       31,
       100,
       {at(30), at(40)},
       "snapshot 40",
       "snapshot 40"},
      {"the journal begins behind every snapshot",
       stored_at(50),
       45,
       100,
       {at(30), at(40)},
       "begins at record 45 and no snapshot leads there (s/40: needs the records from 40 on, but "
       "the journal in j begins at 45) (s/30: needs",
       "nothing can be proven: the journal in j begins at record 45"},
      {"the journal begins later, and there is no snapshot",
       stored_at(50),
       20,
       100,
       {},
       "the store holds rows up to record 50, but the journal in j begins at record 20 and no "
       "snapshot leads there; bring a snapshot or the older segments back, or move the store away",
       "there is no snapshot of the state before it; one is written by"},
      {"an old copy of the store, before the journal and every snapshot",
       stored_at(10),
       20,
       100,
       {at(30)},
       "rows up to record 10, but the journal in j begins at record 20",
       "nothing can be proven"},
      {"a snapshot of another journal",
       stored_at(50),
       0,
       100,
       {at(20), at(40, kOther), at(60, kOther)},
       "snapshot 20",
       "beginning",
       {"s/60: is of journal 0000000000000008, which is not in j; it may be removed",
        "s/40: is of journal"}},
  };
}

// What was decided, in the words of a case.
std::string text_of(const Result<Beginning>& beginning, const Situation& situation,
                    const std::vector<Snapshot>& snapshots) {
  if (!beginning) return beginning.error().text;
  const std::uint64_t from = beginning->replay_from;
  if (!beginning->snapshot) {
    return from == situation.first_ordinal ? "beginning" : fmt::format("from {}?", from);
  }
  const std::uint64_t ordinal = snapshots.at(*beginning->snapshot).ordinal;
  return from == ordinal + 1 ? fmt::format("snapshot {}", ordinal) : fmt::format("from {}?", from);
}

void expect_decided(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Situation situation{"j", "the store", kOurs, c.first, c.end, c.stored};
    const auto start = begin_start(situation, c.snapshots);
    const std::string text = text_of(start, situation, c.snapshots);
    EXPECT_TRUE(start ? text == c.start : text.find(c.start) != std::string::npos) << text;
    if (start) {
      ASSERT_EQ(start->passed_over.size(), c.passed_over.size())
          << fmt::format("{}", fmt::join(start->passed_over, "; "));
      for (std::size_t i = 0; i < c.passed_over.size(); ++i) {
        EXPECT_NE(start->passed_over[i].find(c.passed_over[i]), std::string::npos)
            << start->passed_over[i];
      }
    }
    if (start) {
      const std::uint64_t begins_behind =
          start->snapshot ? c.snapshots.at(*start->snapshot).ordinal : 0;
      EXPECT_EQ(paths_behind(begins_behind, situation, c.snapshots), c.removed);
    }
    if (c.proof == nullptr) continue;  // an empty store: there is nothing to prove
    const auto proof = begin_proof(situation, c.snapshots);
    const std::string proof_text = text_of(proof, situation, c.snapshots);
    EXPECT_TRUE(proof ? proof_text == c.proof : proof_text.find(c.proof) != std::string::npos)
        << proof_text;
  }
}

TEST(Recovery, begins_by_the_store) { expect_decided(cases_of_the_store()); }

TEST(Recovery, begins_by_the_snapshots) { expect_decided(cases_of_snapshots()); }

TEST(Recovery, begins_by_where_the_journal_begins) { expect_decided(cases_of_a_later_journal()); }

// Its store was made anew of a later journal; then the older store and the whole journal came back.
TEST(Recovery, a_snapshot_of_a_later_store_is_passed_over_beside_a_whole_journal) {
  const Situation situation{"j", "the store", kOurs, 0, 100, stored_at(50), 2};
  Snapshot of_later = at(45);
  of_later.header->begins_at = 30;
  const std::vector<Snapshot> snapshots{note_at(29), of_later};
  const auto start = begin_start(situation, snapshots);
  ASSERT_TRUE(start.has_value());
  EXPECT_EQ(start->snapshot, std::nullopt);
  EXPECT_EQ(start->replay_from, 0U);
  EXPECT_EQ(start->passed_over.size(), 2U);
  EXPECT_EQ(paths_behind(0, situation, snapshots), (std::vector<std::string>{"s/29", "s/45"}));
}

TEST(Recovery, a_proof_names_the_older_ones_that_it_could_not_take) {
  const Situation situation{"j", "the store", kOurs, 31, 100, stored_at(50)};
  const auto proof = begin_proof(situation, {at(20), damaged_at(30), at(40), at(45)});
  ASSERT_TRUE(proof.has_value());
  EXPECT_EQ(proof->snapshot, 2U);
  ASSERT_EQ(proof->passed_over.size(), 2U);
  EXPECT_EQ(proof->passed_over[1], "s/30: is damaged");
}

TEST(Recovery, a_snapshot_of_a_store_that_was_made_later_is_passed_over) {
  Situation situation{"j", "the store", kOurs, 30, 100, stored_at(50), 35};
  Snapshot of_older = at(40);
  of_older.header->begins_at = 35;
  Snapshot of_later = at(45);
  of_later.header->begins_at = 36;
  const auto start = begin_start(situation, {of_older, of_later});
  ASSERT_TRUE(start.has_value());
  EXPECT_EQ(start->snapshot, 0U);
  ASSERT_EQ(start->passed_over.size(), 1U);
  EXPECT_NE(start->passed_over[0].find("s/45: its engine has read the records from 36 on, and the "
                                       "store holds rows from record 35 on"),
            std::string::npos)
      << start->passed_over[0];
  const auto proof = begin_proof(situation, {of_later});
  ASSERT_FALSE(proof.has_value());
  EXPECT_NE(proof.error().text.find("it is another store's"), std::string::npos);

  const auto beside_note = begin_start(situation, {note_at(35)});
  ASSERT_FALSE(beside_note.has_value()) << "it says that a store begins at record 36";
  situation.first_stored = 36;
  EXPECT_TRUE(begin_start(situation, {note_at(35)}).has_value());
}

}  // namespace
}  // namespace tapeline::checkpoint
