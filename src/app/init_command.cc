// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>

#include "app/commands.h"
#include "app/config/commented.h"

namespace tapeline::app {
namespace {

constexpr unsigned kConfigMode = 0644;

tl::unexpected<Error> cannot_write(const std::string& path, int reason) {
  const bool is_full = reason == ENOSPC || reason == EDQUOT;
  return fail(is_full ? Fault::kOurs : Fault::kCaller,
              fmt::format("{}: cannot write: {}", path, std::generic_category().message(reason)));
}

// 0, or why it could not be written.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno != EINTR) return errno;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
  return ::fsync(fd) == 0 ? 0 : errno;
}

// A file that was there stays until the new one is whole, or, without `force`, for good.
Result<void> write_config(const std::string& path, bool force) {
  const std::string target = force ? path + ".new" : path;
  const int fd = ::open(target.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL),
                        kConfigMode);
  if (fd < 0 && errno == EEXIST) {
    return fail(Fault::kCaller,
                fmt::format("{}: is there already; init --force writes it anew", path));
  }
  if (fd < 0) return cannot_write(target, errno);
  int reason = write_all(fd, config::commented_file());
  ::close(fd);
  if (reason == 0 && force && std::rename(target.c_str(), path.c_str()) != 0) reason = errno;
  if (reason == 0) return {};
  ::unlink(target.c_str());
  return cannot_write(path, reason);
}

}  // namespace

int run_init(const Invocation& invocation) {
  const auto& [line, checked, settings, env, log] = invocation;
  const std::string path = line.config_file.empty() ? config::kFileName : line.config_file;
  const auto done = write_config(path, settings.force);
  if (!done) return say_failure(done.error(), env);
  if (!line.quiet) {
    const std::string given = path == config::kFileName ? "" : " --config " + path;
    env.err << fmt::format(
        "{0}: written; every key in it has its default\n"
        "next: tapeline{1} check --connect, then tapeline{1} run\n",
        path, given);
  }
  return kExitDone;
}

}  // namespace tapeline::app
