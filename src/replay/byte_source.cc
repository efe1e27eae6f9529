// SPDX-License-Identifier: Apache-2.0
#include "replay/byte_source.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "replay/decompressor.h"

namespace tapeline::replay {
namespace {

std::string reason_of(int error) { return std::generic_category().message(error); }

// A file descriptor: a plain file, a pipe or a terminal.
class FileSource final : public ByteSource {
 public:
  FileSource(int fd, std::string name, std::optional<std::uint64_t> bytes_total,
             const std::atomic<bool>* stop)
      : fd_(fd), name_(std::move(name)), bytes_total_(bytes_total), stop_(stop) {}
  ~FileSource() override {
    if (fd_ != STDIN_FILENO) ::close(fd_);
  }

  Result<std::size_t> read(std::span<char> into) override {
    for (;;) {
      const ssize_t got = ::read(fd_, into.data(), into.size());
      if (got >= 0) {
        bytes_read_ += static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
      }
      const bool is_asked_to_stop = stop_ != nullptr && stop_->load(std::memory_order_relaxed);
      if (errno == EINTR && !is_asked_to_stop) continue;
      return fail(Fault::kOurs,
                  fmt::format("{}: byte {}: {}", name_, bytes_read_, reason_of(errno)));
    }
  }

  [[nodiscard]] std::uint64_t bytes_read_raw() const override { return bytes_read_; }
  [[nodiscard]] std::optional<std::uint64_t> bytes_total_raw() const override {
    return bytes_total_;
  }

 private:
  int fd_;
  std::string name_;
  std::optional<std::uint64_t> bytes_total_;
  const std::atomic<bool>* stop_;
  std::uint64_t bytes_read_ = 0;
};

Result<std::unique_ptr<ByteSource>> open_file(int fd, const std::string& name,
                                              const std::atomic<bool>* stop) {
  struct stat status {};
  const bool known = ::fstat(fd, &status) == 0;
  if (known && S_ISDIR(status.st_mode)) {
    if (fd != STDIN_FILENO) ::close(fd);
    return fail(Fault::kCaller, fmt::format("{}: {}", name, reason_of(EISDIR)));
  }
  std::optional<std::uint64_t> bytes_total;
  if (known && S_ISREG(status.st_mode)) {
    bytes_total = static_cast<std::uint64_t>(status.st_size);
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);  // only advice: the answer does not matter
  }
  return std::make_unique<FileSource>(fd, name, bytes_total, stop);
}

std::unique_ptr<Decompressor> decompressor_for(std::string_view path) {
  if (path.ends_with(".zst")) return make_zstd_decompressor();
  if (path.ends_with(".xz")) return make_xz_decompressor();
  if (path.ends_with(".gz")) return make_gzip_decompressor();
  return nullptr;
}

}  // namespace

Result<std::unique_ptr<ByteSource>> open_byte_source(const std::string& path,
                                                     const std::atomic<bool>* stop) {
  if (path == "-") return open_file(STDIN_FILENO, "stdin", stop);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail(Fault::kCaller, fmt::format("{}: {}", path, reason_of(errno)));
  auto file = open_file(fd, path, stop);
  if (!file) return file;
  if (auto decompressor = decompressor_for(path)) {
    return make_decompressing_source(std::move(*file), std::move(decompressor), path);
  }
  return file;
}

Result<SmallFile> read_small_file(const std::string& path) {
  constexpr std::size_t kBytesMax = std::size_t{64} << 20;
  auto source = open_byte_source(path);
  if (!source) return tl::make_unexpected(source.error());
  std::string text;
  std::array<char, 65'536> block{};
  for (;;) {
    const auto size = (*source)->read(block);
    if (!size) return tl::make_unexpected(size.error());
    if (*size == 0) break;
    text.append(block.data(), *size);
    if (text.size() > kBytesMax) {
      return fail(Fault::kCaller, fmt::format("{}: is larger than 64 MiB", path));
    }
  }
  text.append(kReadPadding, '\0');
  return SmallFile(std::move(text));
}

}  // namespace tapeline::replay
