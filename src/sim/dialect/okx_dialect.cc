// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/dialect.h"
#include "sim/dialect/okx_feed.h"
#include "sim/dialect/okx_rest.h"

namespace tapeline::sim {
namespace {

class OkxDialect final : public Dialect {
 public:
  explicit OkxDialect(const Truth& truth) : truth_(truth) {}

  [[nodiscard]] std::unique_ptr<Feed> open_feed(std::string_view target,
                                                EventTime now) const override {
    if (target != "/ws/v5/public") return nullptr;
    return std::make_unique<OkxFeed>(truth_, now);
  }

  [[nodiscard]] Answer answer(const Request& request, EventTime /*now*/) const override {
    return answer_okx(request, truth_);
  }

 private:
  const Truth& truth_;
};

}  // namespace

std::unique_ptr<Dialect> make_okx(const Truth& truth) {
  return std::make_unique<OkxDialect>(truth);
}

}  // namespace tapeline::sim
