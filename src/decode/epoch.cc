// SPDX-License-Identifier: Apache-2.0
#include "decode/epoch.h"

#include <fmt/format.h>

#include "decode/text_lines.h"

namespace tapeline::decode {

std::string encode_epoch(const Epoch& epoch) {
  return fmt::format("engine: {}\nlateness: {}\n", epoch.engine,
                     epoch.lateness ? format_duration(*epoch.lateness) : "unlimited");
}

Result<Epoch> parse_epoch(std::string_view bytes) {
  Epoch epoch;
  const auto set = [&](std::string_view key, std::string_view value) {
    if (key == "engine") {
      epoch.engine = value;
      return true;
    }
    if (key != "lateness") return false;
    epoch.lateness = parse_duration(value);
    return epoch.lateness.has_value() || value == "unlimited";
  };
  if (auto done = read_text_lines(bytes, "epoch", set); !done) {
    return tl::make_unexpected(done.error());
  }
  return epoch;
}

}  // namespace tapeline::decode
