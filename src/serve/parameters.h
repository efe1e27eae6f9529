// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "net/http.h"
#include "serve/market.h"
#include "serve/target.h"

namespace tapeline::serve {

// What is wrong with a parameter.
struct Mistake {
  std::string text;
  std::string field;
  int status = 400;
};

net::HttpResponse response_of(const Mistake& mistake);

// Reads the parameters of one request; the first mistake stays.
class Parameters {
 public:
  // Both outlive it.
  Parameters(const Target& target, const Market& market) : target_(target), market_(market) {}

  InstrumentId instrument();
  // Of bars: one that is made.
  Duration interval();
  // Of the venues' candles, which are minutes: some of them.
  Duration minutes();
  std::optional<EventTime> time(std::string_view name);
  std::size_t limit(std::size_t otherwise);
  void wrong(std::string_view field, std::string_view text, int status = 400);

  [[nodiscard]] const std::optional<Mistake>& mistake() const { return mistake_; }

 private:
  const Target& target_;
  const Market& market_;
  std::optional<Mistake> mistake_;
};

}  // namespace tapeline::serve
