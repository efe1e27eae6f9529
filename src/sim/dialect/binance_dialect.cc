// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/binance_feed.h"
#include "sim/dialect/binance_rest.h"
#include "sim/dialect/dialect.h"

namespace tapeline::sim {
namespace {

class BinanceDialect final : public Dialect {
 public:
  explicit BinanceDialect(const Truth& truth) : truth_(truth) {}

  [[nodiscard]] std::unique_ptr<Feed> open_feed(std::string_view target,
                                                EventTime now) const override {
    return BinanceFeed::open(target, truth_, now);
  }

  [[nodiscard]] Answer answer(const Request& request, EventTime now) const override {
    return answer_binance(request, truth_, now);
  }

 private:
  const Truth& truth_;
};

}  // namespace

std::unique_ptr<Dialect> make_binance(const Truth& truth) {
  return std::make_unique<BinanceDialect>(truth);
}

}  // namespace tapeline::sim
