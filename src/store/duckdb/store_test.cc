// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "store/contract.h"
#include "store/duckdb/database.h"
#include "store/duckdb/folder_fixture.h"
#include "store/duckdb/open.h"
#include "store/store_fixture.h"

extern "C" __attribute__((weak)) std::size_t __sanitizer_get_current_allocated_bytes();

namespace tapeline::store::duckdb {
namespace {

class InFolder final : public StoreUnderTest {
 public:
  Result<std::unique_ptr<Writer>> open_writer(DataKind kind) override {
    return duckdb::open_writer(folder_.path(), {.kind = kind});
  }
  Result<std::unique_ptr<Reader>> open_reader() override {
    return duckdb::open_reader(folder_.path(), {});
  }

 private:
  TestFolder folder_;
};

void change_by_hand(const std::string& folder, const std::string& sql) {
  const auto database = Database::open(folder, {}, Access::kWrite);
  ASSERT_TRUE(database) << database.error().text;
  const auto connection = (*database)->connect();
  ASSERT_TRUE(connection) << connection.error().text;
  const auto done = execute(connection->get(), sql);
  ASSERT_TRUE(done) << done.error().text;
}

TEST(DuckStore, the_log_of_a_store_that_was_moved_away_is_kept) {
  const TestFolder folder;
  const std::string path = store_path(folder.path());
  std::ofstream(path + ".wal") << "rows";
  const auto refused = duckdb::open_writer(folder.path(), {});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text.find("store.duckdb.wal: the store that it belongs to is not here"),
            std::string::npos)
      << refused.error().text;
  std::string kept;
  std::ifstream(path + ".wal") >> kept;
  EXPECT_EQ(kept, "rows");
  std::filesystem::remove(path + ".wal");
  EXPECT_TRUE(duckdb::open_writer(folder.path(), {}));
}

TEST(DuckStore, what_somebody_changed_in_a_ledger_gives_way_to_the_next_commit_of_it) {
  InstrumentNames names;
  const InstrumentId a = names.add("v:A");
  const InstrumentId b = names.add("v:B");
  const auto run = [](std::uint64_t first, std::uint64_t last) {
    return IdRun{first, last, EventTime(1), EventTime(2), EventTime(1), EventTime(2)};
  };
  Batch batch;
  batch.names = &names;
  const IdGap gap{4, 6, EventTime(1), EventTime(2), GapCause::kLost};
  for (const InstrumentId id : {a, b}) {
    batch.ledgers.push_back({id, Channel::kTrades, {run(1, 3), run(7, 9), run(12, 15)}, {gap}});
  }
  const std::string ledger =
      "trades [1..3 1 2 1 2] [7..9 1 2 1 2] [12..15 1 2 1 2] gap 4..6 1 2 lost";
  for (const char* sql :
       {"DELETE FROM stored.coverage WHERE from_id = 7", "DELETE FROM stored.gaps",
        "UPDATE stored.coverage SET to_id = 8 WHERE from_id = 7",
        "UPDATE stored.coverage SET from_id = 1 WHERE from_id = 7",
        "UPDATE stored.coverage SET from_id = 20 WHERE from_id = 7",
        "INSERT INTO stored.coverage FROM stored.coverage UNION ALL FROM stored.coverage",
        "INSERT INTO stored.gaps SELECT * REPLACE (7 AS from_id) FROM stored.gaps"}) {
    const TestFolder folder;
    ASSERT_TRUE(duckdb::open_writer(folder.path(), {}).value()->commit(batch, {JournalId(1), 1}));
    change_by_hand(folder.path(), sql);
    const auto writer = duckdb::open_writer(folder.path(), {}).value();
    ASSERT_TRUE(writer->commit(batch, {JournalId(1), 2}));
    EXPECT_EQ(everything_in(*writer->open_reader()),
              (std::vector<std::string>{"ledger v:A " + ledger, "ledger v:B " + ledger}))
        << sql;
  }
}

// What lives in the memory of the allocator: a sanitizer's, where there is one.
std::size_t bytes_in_use() {
  return __sanitizer_get_current_allocated_bytes != nullptr
             ? __sanitizer_get_current_allocated_bytes()
             : ::mallinfo2().uordblks;
}

TEST(DuckStore, a_statement_that_stands_ready_keeps_nothing_of_its_runs) {
  const TestFolder folder;
  const auto database = Database::open(folder.path(), {}, Access::kWrite);
  ASSERT_TRUE(database) << database.error().text;
  const auto connection = (*database)->connect();
  ASSERT_TRUE(connection) << connection.error().text;
  auto begin = Prepared::open(connection->get(), "BEGIN TRANSACTION");
  auto end = Prepared::open(connection->get(), "COMMIT");
  ASSERT_TRUE(begin && end);
  const auto run = [&](unsigned times) {
    for (unsigned i = 0; i < times; ++i) ASSERT_TRUE(begin->run() && end->run());
  };
  run(2 * Prepared::kRunsMax);
  const std::size_t before = bytes_in_use();
  run(20 * Prepared::kRunsMax);
  EXPECT_LT(bytes_in_use(), before + 250'000);
}

}  // namespace
}  // namespace tapeline::store::duckdb

namespace tapeline::store {
namespace {

INSTANTIATE_TEST_SUITE_P(DuckDb, StoreContract,
                         testing::Values(StoreMaker(std::make_unique<duckdb::InFolder>)));

}  // namespace
}  // namespace tapeline::store
