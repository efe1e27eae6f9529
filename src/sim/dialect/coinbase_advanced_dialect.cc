// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/coinbase_advanced_feed.h"
#include "sim/dialect/coinbase_advanced_rest.h"
#include "sim/dialect/dialect.h"

namespace tapeline::sim {
namespace {

class CoinbaseAdvancedDialect final : public Dialect {
 public:
  explicit CoinbaseAdvancedDialect(const Truth& truth) : truth_(truth) {}

  [[nodiscard]] std::unique_ptr<Feed> open_feed(std::string_view target,
                                                EventTime now) const override {
    if (!target.empty() && target != "/") return nullptr;
    return std::make_unique<CoinbaseAdvancedFeed>(truth_, now);
  }

  [[nodiscard]] Answer answer(const Request& request, EventTime /*now*/) const override {
    return answer_coinbase_advanced(request, truth_);
  }

 private:
  const Truth& truth_;
};

}  // namespace

std::unique_ptr<Dialect> make_coinbase_advanced(const Truth& truth) {
  return std::make_unique<CoinbaseAdvancedDialect>(truth);
}

}  // namespace tapeline::sim
