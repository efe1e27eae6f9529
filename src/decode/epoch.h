// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace tapeline::decode {

// What is in force from a journal record of type kEpoch on: its bytes, as text lines `key: value`.
struct Epoch {
  std::string engine{};                // the version that wrote it
  std::optional<Duration> lateness{};  // none: unlimited, as for foreign input
};

std::string encode_epoch(const Epoch& epoch);
[[nodiscard]] Result<Epoch> parse_epoch(std::string_view bytes);

}  // namespace tapeline::decode
