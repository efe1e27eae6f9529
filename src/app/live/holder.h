// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tapeline::app::live {

// What a writer of a data folder has locked.
enum class Held : std::uint8_t { kFolder, kStore };

// "process 1234", which has it locked now; nothing: none that lives and says its name. Looking does
// not get in the way of a process that starts.
[[nodiscard]] std::optional<std::string> holder_of(const std::string& data_dir, Held held);

}  // namespace tapeline::app::live
