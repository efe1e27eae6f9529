// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/coinbase_feed.h"
#include "sim/dialect/coinbase_rest.h"
#include "sim/dialect/dialect.h"

namespace tapeline::sim {
namespace {

class CoinbaseDialect final : public Dialect {
 public:
  explicit CoinbaseDialect(const Truth& truth) : truth_(truth) {}

  [[nodiscard]] std::unique_ptr<Feed> open_feed(std::string_view target,
                                                EventTime now) const override {
    if (!target.empty() && target != "/") return nullptr;
    return std::make_unique<CoinbaseFeed>(truth_, now);
  }

  [[nodiscard]] Answer answer(const Request& request, EventTime /*now*/) const override {
    return answer_coinbase(request, truth_);
  }

 private:
  const Truth& truth_;
};

}  // namespace

std::unique_ptr<Dialect> make_coinbase(const Truth& truth) {
  return std::make_unique<CoinbaseDialect>(truth);
}

}  // namespace tapeline::sim
