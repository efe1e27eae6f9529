// SPDX-License-Identifier: Apache-2.0
#include "app/values/text.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace tapeline::app::values {

std::string printable(std::string_view text) {
  constexpr std::size_t kShown = 80;
  std::string out;
  for (const char c : text.substr(0, kShown)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  if (text.size() > kShown) out += "...";
  return out;
}

std::string quoted(std::string_view text) { return '"' + printable(text) + '"'; }

std::string grouped(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3;) {
    at -= 3;
    out.insert(at, 1, ',');
  }
  return out;
}

std::vector<std::string_view> split_commas(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t comma = text.find(',');
    parts.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

std::string format_bytes(double bytes) {
  constexpr std::array<std::string_view, 6> kUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < kUnits.size(); ++unit) bytes /= 1024;
  return unit == 0 ? fmt::format("{:.0f} B", bytes) : fmt::format("{:.1f} {}", bytes, kUnits[unit]);
}

std::string unreadable(const std::string& path, bool is_folder_fine) {
  struct stat status = {};
  int reason = 0;
  if (::stat(path.c_str(), &status) != 0 || ::access(path.c_str(), R_OK) != 0) {
    reason = errno;
  } else if (S_ISDIR(status.st_mode) && !is_folder_fine) {
    reason = EISDIR;
  }
  return reason == 0 ? std::string()
                     : fmt::format("{}: {}", path, std::generic_category().message(reason));
}

std::string expand_home(const std::string& path, const std::string& home) {
  const bool is_home = path == "~" || path.starts_with("~/");
  return is_home && !home.empty() ? home + path.substr(1) : path;
}

}  // namespace tapeline::app::values
