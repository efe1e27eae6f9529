// SPDX-License-Identifier: Apache-2.0
// The macros come from CMakeLists.txt, for this file only; commit.inc is written at build time.
#include "app/version.h"

#include <fmt/format.h>

#include <string_view>

#include "journal/format.h"

namespace tapeline::app {
namespace {

constexpr std::string_view kCommit =
#include "commit.inc"
    ;

#if defined(__clang__)
std::string compiler() {
  return fmt::format("Clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
}
#else
std::string compiler() {
  return fmt::format("GCC {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
}
#endif

}  // namespace

std::string version_number() { return TAPELINE_VERSION; }

std::string commit_text() { return std::string(kCommit); }

std::string version_text() {
  return fmt::format(
      "tapeline {} (commit {})\n"
      "compiler: {}\n"
      "build type: {}\n"
      "architecture flags: {}\n"
      "journal format: {}\n"
      "optional parts: {}\n",
      TAPELINE_VERSION, kCommit, compiler(), TAPELINE_BUILD_TYPE, TAPELINE_ARCH_FLAGS,
      journal::kFormatVersion, TAPELINE_PARTS);
}

}  // namespace tapeline::app
