// SPDX-License-Identifier: Apache-2.0
// The audit of instruments whose ids do not count, over a journal on disk.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "app/environment.h"
#include "app/live/answers.h"
#include "decode/source.h"
#include "journal/posix_disk.h"
#include "journal/writer.h"
#include "replay/journal_records.h"
#include "store/memory_store.h"

namespace tapeline::app::live {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
using journal::RecordType;

// Finnhub's A is listened to from the 1st second until the 4th, and from the 10th on.
class Unheard : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    auto opened = journal::Writer::open(disk_, replay::journal_folder(folder_), {});
    ASSERT_TRUE(opened) << opened.error().text;
    writer_ = std::move(*opened);
    decode::Source source;
    source.venue = "finnhub";
    for (const int start : {1, 10}) {
      const auto connection = static_cast<std::uint32_t>(start);
      append(RecordType::kOpen, start, connection, decode::encode_source(source));
      append(RecordType::kSent, start, connection, R"({"type":"subscribe","symbol":"A"})");
      append(RecordType::kFrame, start + 3, connection, R"({"type":"ping"})");
      append(RecordType::kClose, start + 5, connection, "reason: lost\ntext: cut\n");
    }
    ASSERT_TRUE(writer_->close());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void append(RecordType type, int at, std::uint32_t connection, const std::string& bytes) {
    journal::Record record;
    record.type = type;
    record.connection = ConnectionId(connection);
    record.ts_recv = RecvTime(at * kSecondNs);
    record.bytes = bytes;
    ASSERT_TRUE(writer_->append(record));
  }

  // A store that has got so far.
  Answer ask(std::uint64_t ordinal, Question question = {"audit", {}},
             const pipeline::OnRecords& on_records = {}) {
    store::MemoryStore store;
    InstrumentNames names;
    names.add("finnhub:A");
    store::Batch batch;
    batch.names = &names;
    batch.ledgers = {store::LedgerRow()};  // a store names what it has rows of
    auto writer = store.open_writer(store::DataKind::kReal);
    EXPECT_TRUE(writer && (*writer)->commit(batch, {JournalId(1), ordinal}));
    return answer_audit({folder_, {}, *store.open_reader()}, question, on_records);
  }

  std::string folder_ = testing::TempDir() + "tapeline_unheard_XXXXXX";
  journal::PosixDisk disk_;
  std::unique_ptr<journal::Writer> writer_;
};

const char* const kCounted =
    "unknown finnhub:A trades: the venue counts none, so nobody can know what is missing; nobody "
    "listened for ";

TEST_F(Unheard, time_is_listed_and_is_no_hole) {
  const Answer answer = ask(6);
  EXPECT_EQ(answer.status, kExitDone);
  const std::string wanted =
      std::string(kCounted) +
      "6s in 1 span\n"
      "unheard finnhub:A trades between 1970-01-01T00:00:04.000000000Z and "
      "1970-01-01T00:00:10.000000000Z (what was traded then is not known)\n"
      "audit: 0 ids are missing in 0 holes, 0 of them for good; 0 were repaired\n";
  EXPECT_EQ(answer.err.substr(0, wanted.size()), wanted);
}

TEST_F(Unheard, time_is_told_as_far_as_the_store_has_come) {
  EXPECT_NE(ask(3).err.find("04.000000000Z and 1970-01-01T00:00:06.000000000Z (nobody listens "
                            "again so far)"),
            std::string::npos);
  EXPECT_NE(ask(1).err.find(std::string(kCounted) + "0s in 0 spans\n"), std::string::npos);
}

TEST_F(Unheard, time_outside_of_what_is_asked_for_is_left_out) {
  const Answer touching =
      ask(6, {"audit", {{"from", "1970-01-01T00:00:09Z"}, {"to", "1970-01-01T00:00:11Z"}}});
  EXPECT_EQ(touching.status, kExitDone) << touching.err;
  EXPECT_NE(touching.err.find("unheard "), std::string::npos) << touching.err;
  const Answer before = ask(6, {"audit", {{"to", "1970-01-01T00:00:03Z"}}});
  EXPECT_EQ(before.err.find("unheard "), std::string::npos) << before.err;
}

TEST_F(Unheard, time_is_not_guessed_without_a_journal) {
  std::filesystem::remove_all(replay::journal_folder(folder_));
  EXPECT_EQ(ask(6).status, kExitWrongUse);
}

}  // namespace
}  // namespace tapeline::app::live
