// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/dialect.h"
#include "sim/dialect/kraken_feed.h"
#include "sim/dialect/kraken_rest.h"

namespace tapeline::sim {
namespace {

class KrakenDialect final : public Dialect {
 public:
  explicit KrakenDialect(const Truth& truth) : truth_(truth) {}

  [[nodiscard]] std::unique_ptr<Feed> open_feed(std::string_view target,
                                                EventTime now) const override {
    if (target != "/v2") return nullptr;
    return std::make_unique<KrakenFeed>(truth_, now);
  }

  [[nodiscard]] Answer answer(const Request& request, EventTime /*now*/) const override {
    return answer_kraken(request, truth_);
  }

 private:
  const Truth& truth_;
};

}  // namespace

std::unique_ptr<Dialect> make_kraken(const Truth& truth) {
  return std::make_unique<KrakenDialect>(truth);
}

}  // namespace tapeline::sim
