// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/bitstamp_feed.h"
#include "sim/dialect/bitstamp_rest.h"
#include "sim/dialect/dialect.h"

namespace tapeline::sim {
namespace {

class BitstampDialect final : public Dialect {
 public:
  explicit BitstampDialect(const Truth& truth) : truth_(truth) {}

  [[nodiscard]] std::unique_ptr<Feed> open_feed(std::string_view target,
                                                EventTime now) const override {
    if (!target.empty() && target != "/") return nullptr;
    return std::make_unique<BitstampFeed>(truth_, now);
  }

  [[nodiscard]] Answer answer(const Request& request, EventTime now) const override {
    return answer_bitstamp(request, truth_, now);
  }

 private:
  const Truth& truth_;
};

}  // namespace

std::unique_ptr<Dialect> make_bitstamp(const Truth& truth) {
  return std::make_unique<BitstampDialect>(truth);
}

}  // namespace tapeline::sim
