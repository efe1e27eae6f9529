// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/bybit_feed.h"
#include "sim/dialect/bybit_rest.h"
#include "sim/dialect/dialect.h"

namespace tapeline::sim {
namespace {

class BybitDialect final : public Dialect {
 public:
  explicit BybitDialect(const Truth& truth) : truth_(truth) {}

  [[nodiscard]] std::unique_ptr<Feed> open_feed(std::string_view target,
                                                EventTime now) const override {
    if (target != "/v5/public/spot") return nullptr;
    return std::make_unique<BybitFeed>(truth_, now);
  }

  [[nodiscard]] Answer answer(const Request& request, EventTime /*now*/) const override {
    return answer_bybit(request, truth_);
  }

 private:
  const Truth& truth_;
};

}  // namespace

std::unique_ptr<Dialect> make_bybit(const Truth& truth) {
  return std::make_unique<BybitDialect>(truth);
}

}  // namespace tapeline::sim
