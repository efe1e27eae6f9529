// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/layout.h"

#include <fmt/format.h>

namespace tapeline::store::duckdb {

std::string Bits::sql(std::string_view traits) const {
  return fmt::format("(({} >> {}) & {})", traits, shift, mask());
}

Decimal normalised(std::int64_t mantissa, std::uint8_t scale) {
  if (mantissa == 0) return {};
  while (scale > 0 && mantissa % 10 == 0) {
    mantissa /= 10;
    --scale;
  }
  return {mantissa, scale};
}

}  // namespace tapeline::store::duckdb
