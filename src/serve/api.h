// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"
#include "serve/health.h"
#include "serve/history.h"
#include "serve/market.h"
#include "serve/target.h"

namespace tapeline::serve {

net::HttpResponse json_response(int status, std::string body);
net::HttpResponse text_response(int status, std::string body);
// `{"error": ..., "field": ...}`; no field with an empty one.
net::HttpResponse error_response(int status, std::string_view text, std::string_view field = {});

// The questions of docs/api.md about the market. One thread.
class Api {
 public:
  static constexpr std::size_t kRowsMax = 5000;

  // Gets the answer that comes later.
  using Respond = std::function<void(net::HttpResponse)>;

  // All outlive it.
  Api(const Market& market, History& history, const Around& around)
      : market_(market), history_(history), around_(around) {}

  // The answer, or nothing where `respond` will get it; `path` behind /api/v1.
  [[nodiscard]] std::optional<net::HttpResponse> answer(const Target& target, std::string_view path,
                                                        RecvTime now, const Respond& respond);

  // The trades of an instrument that are not stored yet.
  [[nodiscard]] std::vector<Trade> unstored_trades(InstrumentId instrument) const;

 private:
  struct Asked;

  [[nodiscard]] net::HttpResponse instruments(RecvTime now) const;
  [[nodiscard]] net::HttpResponse gaps(const Target& target) const;
  [[nodiscard]] net::HttpResponse coverage(const Target& target) const;
  [[nodiscard]] net::HttpResponse feeds() const;
  std::optional<net::HttpResponse> bars(const Target& target, const Respond& respond);
  // As of a time, of every instrument that a venue lists, and not of those alone that are fed.
  std::optional<net::HttpResponse> listings(const Target& target, const Respond& respond);
  std::optional<net::HttpResponse> candles(const Target& target, const Respond& respond);
  std::optional<net::HttpResponse> reconciliations(const Target& target, const Respond& respond);
  std::optional<net::HttpResponse> trades(const Target& target, const Respond& respond);
  std::optional<net::HttpResponse> explain(const Target& target, const Respond& respond);
  std::optional<net::HttpResponse> ask(History::Search search);

  const Market& market_;
  History& history_;
  const Around& around_;
};

}  // namespace tapeline::serve
