// SPDX-License-Identifier: Apache-2.0
#include "store/memory_store.h"

#include <memory>

#include "store/contract.h"
#include "store/store_fixture.h"

namespace tapeline::store {
namespace {

class InMemory final : public StoreUnderTest {
 public:
  Result<std::unique_ptr<Writer>> open_writer(DataKind kind) override {
    return store_.open_writer(kind);
  }
  Result<std::unique_ptr<Reader>> open_reader() override { return store_.open_reader(); }

 private:
  MemoryStore store_;
};

INSTANTIATE_TEST_SUITE_P(Memory, StoreContract,
                         testing::Values(StoreMaker(std::make_unique<InMemory>)));

TEST(MemoryStore, a_crash_loses_what_was_not_committed_and_nothing_else) {
  const RowMaker maker(1);
  Expected expected;
  expected.take(maker.batch(0, 29));
  MemoryStore store;
  auto writer = store.open_writer(DataKind::kReal);
  ASSERT_TRUE(writer && (*writer)->commit(maker.batch(0, 29), at(29)));
  writer->reset();
  const auto again = store.open_writer(DataKind::kReal);
  ASSERT_TRUE(again);
  EXPECT_EQ((*again)->position(), at(29));
  EXPECT_EQ(everything_in(*store.open_reader()), expected.lines());
}

TEST(MemoryStore, a_torn_commit_stores_its_rows_again_when_it_is_repeated) {
  const RowMaker maker(1);
  MemoryStore store;
  const auto writer = store.open_writer(DataKind::kReal);
  ASSERT_TRUE(writer);
  store.fail_next_commit(MemoryStore::Failure::kTorn);
  ASSERT_FALSE((*writer)->commit(maker.batch(0, 29), at(29)));
  EXPECT_EQ((*writer)->position(), std::nullopt);
  const auto once = store.open_reader()->counts();
  ASSERT_TRUE((*writer)->commit(maker.batch(0, 29), at(29)));
  const auto twice = store.open_reader()->counts();
  ASSERT_TRUE(once && twice);
  ASSERT_GT(once->trades, 0U);
  EXPECT_EQ(twice->trades, 2 * once->trades);
}

TEST(MemoryStore, a_full_disk_stores_nothing_and_the_same_commit_works_later) {
  const RowMaker maker(2);
  Expected expected;
  expected.take(maker.batch(0, 9));
  MemoryStore store;
  const auto writer = store.open_writer(DataKind::kReal);
  ASSERT_TRUE(writer);
  store.fail_next_commit(MemoryStore::Failure::kDiskFull);
  const auto failed = (*writer)->commit(maker.batch(0, 9), at(9));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().retry, Retry::kAfterBackoff);
  EXPECT_EQ(everything_in(*store.open_reader()), std::vector<std::string>{});
  ASSERT_TRUE((*writer)->commit(maker.batch(0, 9), at(9)));
  EXPECT_EQ(everything_in(*store.open_reader()), expected.lines());
}

TEST(MemoryStore, a_commit_whose_answer_is_lost_may_be_repeated) {
  const RowMaker maker(3);
  Expected expected;
  expected.take(maker.batch(0, 9));
  MemoryStore store;
  const auto writer = store.open_writer(DataKind::kReal);
  ASSERT_TRUE(writer);
  store.fail_next_commit(MemoryStore::Failure::kAnswerLost);
  ASSERT_FALSE((*writer)->commit(maker.batch(0, 9), at(9)));
  EXPECT_EQ((*writer)->position(), at(9));
  ASSERT_TRUE((*writer)->commit(maker.batch(0, 9), at(9)));
  EXPECT_EQ(everything_in(*store.open_reader()), expected.lines());
}

}  // namespace
}  // namespace tapeline::store
