// SPDX-License-Identifier: Apache-2.0
#include "journal/posix_disk.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace tapeline::journal {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kFileMode = 0644;

// What to do about it, where that is the same whatever was being done.
std::string_view way_out(int reason) {
  switch (reason) {
    case ENOSPC:
    case EDQUOT:
      return "; make room: what was durable is safe";
    case EFBIG:
      return "; raise the limit on file sizes (ulimit -f) or set journal.segment_bytes below it";
    case EACCES:
    case EPERM:
      return "; run it as a user who may, or choose another --data-dir";
    case EROFS:
      return "; choose another --data-dir, or mount it for writing";
    case ENOTDIR:
    case EEXIST:
      return "; a file stands where a folder is needed: move it away, or choose another --data-dir";
    case EMFILE:
    case ENFILE:
      return "; raise the limit on open files (ulimit -n)";
    default:
      return "";
  }
}

tl::unexpected<Error> fail_with(const std::string& path, std::string_view doing, int reason) {
  const bool is_full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
  const bool is_wrong_use = reason == ENOENT || reason == EACCES || reason == ENOTDIR ||
                            reason == EISDIR || reason == EEXIST || reason == EROFS ||
                            reason == EPERM;
  return fail(is_wrong_use ? Fault::kCaller : Fault::kOurs,
              fmt::format("{}: {}: {}{}", path, doing, std::generic_category().message(reason),
                          way_out(reason)),
              is_full ? Retry::kAfterBackoff : Retry::kNever);
}

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { ::close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

class PosixWritable final : public WritableFile {
 public:
  PosixWritable(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

  [[nodiscard]] Result<void> write_at(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return fail_with(path_, "cannot write", errno);
      offset += static_cast<std::uint64_t>(n);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }

  [[nodiscard]] Result<void> sync() override {
    if (::fdatasync(fd_.get()) != 0) return fail_with(path_, "cannot sync", errno);
    return {};
  }

  [[nodiscard]] Result<void> truncate(std::uint64_t bytes) override {
    if (::ftruncate(fd_.get(), static_cast<off_t>(bytes)) != 0) {
      return fail_with(path_, "cannot shorten", errno);
    }
    return {};
  }

 private:
  Descriptor fd_;
  std::string path_;
};

class PosixReadable final : public ReadableFile {
 public:
  PosixReadable(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                            std::size_t bytes) override {
    std::size_t done = 0;
    while (done < bytes) {
      const ssize_t n =
          ::pread(fd_.get(), to + done, bytes - done, static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return fail_with(path_, "cannot read", errno);
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }
  [[nodiscard]] Result<std::uint64_t> size() override {
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) return fail_with(path_, "cannot read", errno);
    return static_cast<std::uint64_t>(status.st_size);
  }

 private:
  Descriptor fd_;
  std::string path_;
};

class PosixLock final : public FileLock {
 public:
  explicit PosixLock(int fd) : fd_(fd) {}

 private:
  Descriptor fd_;  // closing it gives the lock back
};

// Who holds the lock: "process 1234" of "1234\n", or "another process" of anything else.
std::string holder_of(int fd) {
  std::array<char, 16> text{};
  const ssize_t n = ::pread(fd, text.data(), text.size(), 0);
  int pid = 0;
  const char* end = text.data() + (n > 0 ? n : 0);
  const auto [stopped, error] = std::from_chars(text.data(), end, pid);
  const bool is_pid = error == std::errc{} && pid > 0 && stopped + 1 == end && *stopped == '\n';
  return is_pid ? fmt::format("process {}", pid) : "another process";
}

// Why nobody can say what stands there, or 0.
int look_at(const std::string& path, FileEntry& entry) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return errno;
  const bool is_link = S_ISLNK(status.st_mode);
  if (is_link && ::stat(path.c_str(), &status) != 0) {
    const bool leads_nowhere = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
    return leads_nowhere ? 0 : errno;
  }
  if (!S_ISREG(status.st_mode)) return 0;
  entry.kind = is_link ? EntryKind::kLink : EntryKind::kFile;
  entry.bytes = static_cast<std::uint64_t>(status.st_size);
  return 0;
}

bool is_taken(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 || errno != ENOENT;
}

Result<std::unique_ptr<WritableFile>> open_for_writing(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, kFileMode);
  if (fd < 0) return fail_with(path, "cannot open for writing", errno);
  return std::make_unique<PosixWritable>(fd, path);
}

}  // namespace

Result<std::unique_ptr<WritableFile>> PosixDisk::create(const std::string& path) {
  return open_for_writing(path, O_WRONLY | O_CREAT | O_TRUNC);
}

Result<std::unique_ptr<WritableFile>> PosixDisk::open_writable(const std::string& path) {
  return open_for_writing(path, O_WRONLY);
}

Result<std::unique_ptr<ReadableFile>> PosixDisk::open_readable(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail_with(path, "cannot open", errno);
  return std::make_unique<PosixReadable>(fd, path);
}

Result<std::vector<FileEntry>> PosixDisk::list(const std::string& folder) {
  std::error_code failed;
  std::vector<FileEntry> entries;
  fs::directory_iterator at(folder, failed);
  while (!failed && at != fs::directory_iterator()) {
    FileEntry entry{at->path().filename().string(), 0, EntryKind::kOther};
    const int reason = look_at(at->path().string(), entry);
    // What has gone since is nothing of the folder.
    if (reason == 0) entries.push_back(std::move(entry));
    if (reason != 0 && reason != ENOENT) failed = {reason, std::generic_category()};
    if (!failed) at.increment(failed);
  }
  if (failed) return fail_with(folder, "cannot list", failed.value());
  return entries;
}

Result<bool> PosixDisk::is_folder(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return true;
    return fail_with(path, "cannot use", ENOTDIR);
  }
  if (errno == ENOENT) return false;
  return fail_with(path, "cannot look at", errno);
}

Result<bool> PosixDisk::has_file(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) == 0) return S_ISREG(status.st_mode);
  if (errno == ENOENT) return false;
  return fail_with(path, "cannot look at", errno);
}

Result<void> PosixDisk::create_folder(const std::string& folder) {
  const auto is_there = is_folder(folder);
  if (!is_there) return tl::make_unexpected(is_there.error());
  if (*is_there) return {};
  std::string parent = fs::path(folder).parent_path().string();
  if (parent.empty()) parent = ".";
  if (auto done = create_folder(parent); !done) return done;
  std::error_code failed;
  fs::create_directory(folder, failed);
  if (failed) return fail_with(folder, "cannot make the folder", failed.value());
  return sync_folder(parent);
}

Result<void> PosixDisk::rename(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return fail_with(to, "cannot rename to", errno);
  return {};
}

Result<void> PosixDisk::rename_new(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
  // Some file systems cannot; there the journal's lock keeps other writers from coming between.
  const bool is_unknown = errno == EINVAL || errno == ENOSYS;
  if (is_unknown && !is_taken(to)) return rename(from, to);
  if (!is_unknown && errno != EEXIST) return fail_with(to, "cannot rename to", errno);
  return fail(Fault::kCaller,
              to + ": is there already, and nothing is written over it; move it away, or choose "
                   "another --data-dir");
}

Result<void> PosixDisk::remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return fail_with(path, "cannot remove", errno);
  return {};
}

Result<void> PosixDisk::sync_folder(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return fail_with(folder, "cannot open", errno);
  const Descriptor opened(fd);
  if (::fsync(fd) != 0) return fail_with(folder, "cannot sync", errno);
  return {};
}

// What is set aside for the system is not counted: a user's writes end before it.
Result<std::uint64_t> PosixDisk::free_bytes(const std::string& folder) {
  struct statvfs status {};
  if (::statvfs(folder.c_str(), &status) != 0) {
    return fail_with(folder, "cannot ask for the room that is left", errno);
  }
  return std::uint64_t{status.f_bavail} * status.f_frsize;
}

Result<std::unique_ptr<FileLock>> PosixDisk::lock(const std::string& path,
                                                  std::string_view holder_does) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode);
  if (fd < 0) return fail_with(path, "cannot open for writing", errno);
  auto lock = std::make_unique<PosixLock>(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail_with(path, "cannot lock", errno);
    return fail(Fault::kCaller, fmt::format("{}: {} {}", path, holder_of(fd), holder_does));
  }
  // For people alone: on a full disk the lock is held all the same, by "another process".
  const std::string holder = fmt::format("{}\n", ::getpid());
  const bool is_named =
      ::ftruncate(fd, 0) == 0 && ::pwrite(fd, holder.data(), holder.size(), 0) > 0;
  static_cast<void>(is_named);
  return lock;
}

}  // namespace tapeline::journal
