// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/dialect.h"
#include "sim/dialect/finnhub_rest.h"
#include "sim/dialect/twelvedata_feed.h"

namespace tapeline::sim {
namespace {

// There are no trades of the past.
class TwelveDataDialect final : public Dialect {
 public:
  explicit TwelveDataDialect(const Truth& truth) : truth_(truth) {}

  [[nodiscard]] std::optional<Answer> refuse(std::string_view target) const override {
    if (is_let_in(Target(target), "apikey")) return std::nullopt;
    return Answer{.status = 401,
                  .body = R"({"code":401,"message":"The key is not known.","status":"error"})"};
  }

  [[nodiscard]] std::unique_ptr<Feed> open_feed(std::string_view target,
                                                EventTime now) const override {
    if (Target(target).path() != "/v1/quotes/price") return nullptr;
    return std::make_unique<TwelveDataFeed>(truth_, now);
  }

  [[nodiscard]] Answer answer(const Request& /*request*/, EventTime /*now*/) const override {
    return {.status = 404, .body = R"({"code":404,"message":"Not found","status":"error"})"};
  }

 private:
  const Truth& truth_;
};

}  // namespace

std::unique_ptr<Dialect> make_twelvedata(const Truth& truth) {
  return std::make_unique<TwelveDataDialect>(truth);
}

}  // namespace tapeline::sim
