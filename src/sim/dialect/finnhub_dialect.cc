// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/dialect.h"
#include "sim/dialect/finnhub_feed.h"
#include "sim/dialect/finnhub_rest.h"

namespace tapeline::sim {
namespace {

class FinnhubDialect final : public Dialect {
 public:
  explicit FinnhubDialect(const Truth& truth) : truth_(truth) {}

  [[nodiscard]] std::optional<Answer> refuse(std::string_view target) const override {
    if (is_let_in(Target(target), "token")) return std::nullopt;
    return Answer{.status = 401, .body = R"({"error":"Invalid API key"})"};
  }

  [[nodiscard]] std::unique_ptr<Feed> open_feed(std::string_view target,
                                                EventTime now) const override {
    const std::string_view path = Target(target).path();
    if (!path.empty() && path != "/") return nullptr;
    return std::make_unique<FinnhubFeed>(truth_, now);
  }

  [[nodiscard]] Answer answer(const Request& request, EventTime /*now*/) const override {
    return answer_finnhub(request, truth_);
  }

 private:
  const Truth& truth_;
};

}  // namespace

std::unique_ptr<Dialect> make_finnhub(const Truth& truth) {
  return std::make_unique<FinnhubDialect>(truth);
}

}  // namespace tapeline::sim
