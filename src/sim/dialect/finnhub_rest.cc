// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/finnhub_rest.h"

namespace tapeline::sim {

bool is_let_in(const Target& target, std::string_view parameter) {
  const auto token = target.find(parameter);
  return token && !token->empty() && *token != "refused";
}

Answer answer_finnhub(const Request& request, const Truth& truth) {
  const Target target(request.target);
  if (!is_let_in(target, "token")) {
    return {.status = 401, .body = R"({"error":"Invalid API key"})"};
  }
  if (request.method != "GET" || target.path() != "/stock/symbol") {
    return {.status = 404, .body = R"({"error":"Not found"})"};
  }
  Answer answer;
  answer.body = "[";
  for (const Instrument& instrument : truth.instruments()) {
    if (answer.body.size() > 1) answer.body += ',';
    answer.body += R"({"currency":")" + instrument.quote + R"(","symbol":")" +
                   instrument.canonical() + R"(","type":"Crypto"})";
  }
  answer.body += ']';
  return answer;
}

}  // namespace tapeline::sim
