// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "store/contract.h"
#include "store/duckdb/folder_fixture.h"
#include "store/duckdb/open.h"

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

}  // namespace
}  // namespace tapeline::store::duckdb

namespace tapeline::store {
namespace {

INSTANTIATE_TEST_SUITE_P(DuckDb, StoreContract,
                         testing::Values(StoreMaker(std::make_unique<duckdb::InFolder>)));

}  // namespace
}  // namespace tapeline::store
