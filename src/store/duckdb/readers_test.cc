// SPDX-License-Identifier: Apache-2.0
// Readers beside the writer: none holds it up, and each ends when it is told to.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "store/duckdb/database.h"
#include "store/duckdb/folder_fixture.h"
#include "store/duckdb/open.h"
#include "store/store_fixture.h"

namespace tapeline::store::duckdb {
namespace {

constexpr std::string_view kEndless =
    "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range = 7";

class Nobody final : public AnswerSink {
 public:
  void on_columns(const std::vector<Column>& /*columns*/) override {}
  bool on_row(const std::vector<Value>& /*row*/) override { return true; }
};

TEST(Readers, reopening_waits_for_no_reader) {
  const TestFolder folder;
  auto database = Database::open(folder.path(), {}, Access::kWrite);
  ASSERT_TRUE(database) << database.error().text;
  std::atomic<bool> has_begun{false};
  std::jthread reading([&] {
    const auto session = (*database)->begin_session(&has_begun);
    ASSERT_TRUE(session) << session.error().text;
    has_begun = true;
    const auto done = execute(session->get(), std::string(kEndless));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().text, interrupted().text);
    EXPECT_EQ(done.error().retry, Retry::kAfterBackoff);
  });
  while (!has_begun) std::this_thread::yield();
  EXPECT_TRUE((*database)->reopen());
  reading.join();
  EXPECT_TRUE((*database)->begin_session(nullptr));
}

// As one in whose statement DuckDB looks at no interrupt.
TEST(Readers, reopening_gives_up_for_now_where_one_does_not_end) {
  const TestFolder folder;
  auto database = Database::open(folder.path(), {}, Access::kWrite);
  ASSERT_TRUE(database) << database.error().text;
  {
    const auto session = (*database)->begin_session(nullptr);
    ASSERT_TRUE(session);
    const auto reopened = (*database)->reopen();
    ASSERT_FALSE(reopened);
    EXPECT_EQ(reopened.error().retry, Retry::kAfterBackoff);
    EXPECT_NE(reopened.error().text.find("a question that does not stop"), std::string::npos)
        << reopened.error().text;
    EXPECT_TRUE((*database)->begin_session(nullptr)) << "it is open as before";
  }
  EXPECT_TRUE((*database)->reopen());
}

TEST(Readers, one_that_is_stopped_ends_and_reads_no_more) {
  const TestFolder folder;
  const auto writer = open_writer(folder.path(), {});
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->commit(RowMaker(3).batch(0, 999), at(999)));
  const auto reader = (*writer)->open_reader();
  const auto other = (*writer)->open_reader();
  std::atomic<bool> has_ended{false};
  std::jthread reading([&] {
    Nobody nobody;
    const auto done = reader->query(kEndless, nobody, [] { return false; });
    EXPECT_TRUE(!done && done.error().text.starts_with("the server is stopping"));
    has_ended = true;
  });
  while (!has_ended) {
    reader->stop();
    std::this_thread::yield();
  }
  reading.join();
  ASSERT_FALSE(reader->position());
  const std::string said = reader->position().error().text;
  EXPECT_TRUE(said.starts_with("the server is stopping")) << said;
  EXPECT_NE(said.find("`tapeline --data-dir " + folder.path() + " explain`"), std::string::npos)
      << said;
  EXPECT_TRUE(other->position());
}

// The interrupt may come between any two steps of a question, and before the first.
TEST(Readers, one_that_is_stopped_says_so_wherever_it_is_broken_off) {
  const TestFolder folder;
  const auto writer = open_writer(folder.path(), {});
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->commit(RowMaker(3).batch(0, 999), at(999)));
  for (int round = 0; round < 60; ++round) {
    const auto reader = (*writer)->open_reader();
    std::atomic<int> asked{0};
    std::atomic<bool> has_ended{false};
    std::string said;
    std::jthread reading([&] {
      Nobody nobody;
      for (;; ++asked) {
        const auto done = reader->query("SELECT 1", nobody, [] { return false; });
        if (done) continue;
        said = done.error().text;
        break;
      }
      has_ended = true;
    });
    while (asked <= round % 5) std::this_thread::yield();
    while (!has_ended) reader->stop();
    reading.join();
    EXPECT_TRUE(said.starts_with("the server is stopping")) << said;
  }
}

TEST(Readers, a_writer_waits_for_them_and_names_them) {
  const TestFolder folder;
  { ASSERT_TRUE((*open_writer(folder.path(), {}))->commit(RowMaker(3).batch(0, 9), at(9))); }
  auto reader = open_reader(folder.path(), {});
  ASSERT_TRUE(reader);
  const std::string who = "process " + std::to_string(::getpid());
  const auto refused = open_writer(folder.path(), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::kOurs) << "it passes by itself";
  EXPECT_NE(refused.error().text.find("is open in " + who + ", which reads it"), std::string::npos)
      << refused.error().text;
  EXPECT_FALSE(is_wanted(folder.path())) << "that one has not waited";
  int asked = 0;
  const auto opened = open_writer(folder.path(), {.waits_for = [&](const std::string& named) {
                                    EXPECT_EQ(named, who);
                                    EXPECT_TRUE(is_wanted(folder.path()));
                                    if (++asked == 2) reader->reset();
                                    return true;
                                  }});
  EXPECT_TRUE(opened) << opened.error().text;
  EXPECT_EQ(asked, 2);
  EXPECT_FALSE(is_wanted(folder.path()));
}

// As many rows as there are, each trade is found as a look at all of them finds it.
TEST(Readers, the_newest_trades_are_those_of_a_look_at_all) {
  const TestFolder folder;
  const auto writer = open_writer(folder.path(), {});
  ASSERT_TRUE(writer);
  InstrumentNames names;
  names.add("v:A");
  names.add("v:B");
  Batch batch;
  batch.names = &names;
  constexpr std::int64_t kSecond = 1'000'000'000;
  TradeRow row = RowMaker(5).batch(0, 30).trades.front();
  for (std::uint64_t i = 1; i <= 4'000; ++i) {
    row.position = at(i);
    row.trade.instrument = InstrumentId(i % 1'000 == 0 ? 1 : 0);
    row.trade.id = TradeId(i);
    // Ten seconds apart; every 97th is from long before, as what is filled in later.
    const auto n = static_cast<std::int64_t>(i);
    row.trade.ts_event = EventTime((i % 97 == 0 ? n : 10'000'000 + 10 * n) * kSecond);
    batch.trades.push_back(row);
  }
  ASSERT_TRUE((*writer)->commit(batch, at(4'000)));
  const auto reader = (*writer)->open_reader();
  const auto ids = [&](const Selection& which) {
    std::vector<std::uint64_t> found;
    EXPECT_TRUE(reader->trades(which, [&](const TradeRow& read) {
      found.push_back(read.position.ordinal);
      return true;
    }));
    return found;
  };
  for (const char* name : {"v:A", "v:B", "v:C"}) {
    for (const std::int64_t to : {0, 10'020'000, 5'000}) {
      Selection which{.instrument = name, .order = Order::kTime};
      if (to > 0) which.to = EventTime(to * kSecond);
      const auto all = ids(which);
      for (const std::size_t newest : {std::size_t{1}, std::size_t{500}}) {
        which.newest = newest;
        auto last = all;
        if (last.size() > newest) last.erase(last.begin(), last.end() - static_cast<long>(newest));
        EXPECT_EQ(ids(which), last) << name << ' ' << to << ' ' << newest;
      }
    }
  }
}

}  // namespace
}  // namespace tapeline::store::duckdb
