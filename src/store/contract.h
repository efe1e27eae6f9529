// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>

#include "base/result.h"
#include "store/writer.h"

namespace tapeline::store {

// A store that the contract's tests open and close; what it holds goes with it.
class StoreUnderTest {
 public:
  StoreUnderTest() = default;
  StoreUnderTest(const StoreUnderTest&) = delete;
  StoreUnderTest& operator=(const StoreUnderTest&) = delete;
  virtual ~StoreUnderTest() = default;

  [[nodiscard]] virtual Result<std::unique_ptr<Writer>> open_writer(DataKind kind) = 0;
  // While no writer is open.
  [[nodiscard]] virtual Result<std::unique_ptr<Reader>> open_reader() = 0;
};

using StoreMaker = std::function<std::unique_ptr<StoreUnderTest>()>;

// What every store promises. contract_test.cc is compiled into the test program of each.
class StoreContract : public testing::TestWithParam<StoreMaker> {
 protected:
  std::unique_ptr<Writer> open_or_die(DataKind kind = DataKind::kReal) {
    auto writer = store_->open_writer(kind);
    if (!writer) throw std::runtime_error(writer.error().text);
    return std::move(*writer);
  }

  std::unique_ptr<StoreUnderTest> store_ = GetParam()();
};

}  // namespace tapeline::store
