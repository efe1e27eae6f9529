// SPDX-License-Identifier: Apache-2.0
#include "journal/memory_disk.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tapeline::journal {
namespace {

constexpr std::size_t kSector = 512;

tl::unexpected<Error> missing(const std::string& path) {
  return fail(Fault::kCaller, path + ": cannot open: No such file or directory");
}

}  // namespace

class MemoryDisk::Writable final : public WritableFile {
 public:
  Writable(MemoryDisk& disk, std::shared_ptr<Node> node, std::string path)
      : disk_(disk), node_(std::move(node)), path_(std::move(path)) {}

  [[nodiscard]] Result<void> write_at(std::uint64_t offset, std::string_view bytes) override {
    const std::uint64_t end = offset + bytes.size();
    const std::uint64_t growth = end > node_->now.size() ? end - node_->now.size() : 0;
    const bool is_full = (disk_.faults_.full_at && disk_.steps_ >= *disk_.faults_.full_at) ||
                         growth > disk_.free_bytes({}).value();
    // A full disk takes the first part of a write.
    const std::string_view taken = is_full ? bytes.substr(0, bytes.size() / 2) : bytes;
    auto done = disk_.step([&] { change({false, offset, std::string(taken)}); });
    if (done && is_full) {
      return fail(Fault::kOurs, path_ + ": cannot write: No space left on device",
                  Retry::kAfterBackoff);
    }
    return done;
  }

  [[nodiscard]] Result<void> sync() override {
    if (disk_.on_sync_) disk_.on_sync_();
    if (disk_.faults_.sync_fails_at && disk_.steps_ >= *disk_.faults_.sync_fails_at) {
      ++disk_.steps_;
      node_->unsynced.clear();  // as Linux does: what was written counts as clean from now on
      return fail(Fault::kOurs, path_ + ": cannot sync: Input/output error");
    }
    return disk_.step([&] {
      if (disk_.faults_.drops_syncs) return;
      for (const Change& change : node_->unsynced) apply(change, node_->durable);
      node_->unsynced.clear();
    });
  }

  [[nodiscard]] Result<void> truncate(std::uint64_t bytes) override {
    return disk_.step([&] { change({true, bytes, {}}); });
  }

 private:
  void change(Change change) {
    apply(change, node_->now);
    node_->unsynced.push_back(std::move(change));
  }

  MemoryDisk& disk_;
  std::shared_ptr<Node> node_;  // the disk's, which may have forgotten its name
  std::string path_;
};

class MemoryDisk::Readable final : public ReadableFile {
 public:
  explicit Readable(std::shared_ptr<Node> node) : node_(std::move(node)) {}

  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                            std::size_t bytes) override {
    const std::string& all = node_->now;
    if (offset >= all.size()) return 0;
    const std::size_t n = std::min<std::size_t>(bytes, all.size() - offset);
    std::memcpy(to, all.data() + offset, n);
    return n;
  }
  [[nodiscard]] Result<std::uint64_t> size() override { return node_->now.size(); }

 private:
  std::shared_ptr<Node> node_;  // the disk's, which may have forgotten its name
};

class MemoryDisk::Lock final : public FileLock {
 public:
  explicit Lock(std::shared_ptr<bool> locked) : locked_(std::move(locked)) { *locked_ = true; }
  ~Lock() override { *locked_ = false; }

 private:
  std::shared_ptr<bool> locked_;  // the disk's too
};

void MemoryDisk::apply(const Change& change, std::string& contents) {
  if (change.is_truncation) {
    contents.resize(change.offset);
    return;
  }
  const std::size_t end = change.offset + change.bytes.size();
  if (contents.size() < end) contents.resize(end);
  contents.replace(change.offset, change.bytes.size(), change.bytes);
}

template <typename Do>
Result<void> MemoryDisk::step(Do effect) {
  const bool is_now = faults_.crash_at && steps_ >= *faults_.crash_at;
  ++steps_;
  if (is_now && faults_.kind == CrashKind::kBefore) throw Crash{};
  effect();
  if (is_now) throw Crash{};
  return {};
}

void MemoryDisk::lose_power(Loss loss, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto falls = [&] { return random() % 2 == 0; };
  if (loss == Loss::kSome && !names_since_.empty()) {
    const std::size_t kept = random() % (names_since_.size() + 1);
    if (kept > 0) durable_names_ = names_since_[kept - 1];
  }
  names_ = durable_names_;
  names_since_.clear();
  for (auto& [path, node] : names_) {
    node->now = node->durable;
    for (const Change& change : node->unsynced) {
      if (loss == Loss::kAll) break;
      if (change.is_truncation) {
        if (falls()) apply(change, node->now);
        continue;
      }
      for (std::size_t at = 0; at < change.bytes.size(); at += kSector) {
        const Change sector{false, change.offset + at, change.bytes.substr(at, kSector)};
        if (falls()) apply(sector, node->now);
      }
    }
    node->durable = node->now;
    node->unsynced.clear();
  }
  locks_.clear();
  faults_ = {};
}

std::vector<std::string> MemoryDisk::paths() const {
  std::vector<std::string> out;
  for (const auto& [path, node] : names_) out.push_back(path);
  return out;
}

void MemoryDisk::add(const std::string& path, std::string contents) {
  auto node = std::make_shared<Node>();
  node->now = std::move(contents);
  node->durable = node->now;
  names_[path] = node;
  durable_names_[path] = node;
}

std::vector<std::pair<std::string, std::string>> MemoryDisk::removed() const {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& [path, node] : removed_) {
    if (!names_.contains(path)) files.emplace_back(path, node->now);
  }
  return files;
}

void MemoryDisk::copy_files(MemoryDisk& from) {
  folders_ = from.folders_;
  for (const std::string& path : from.paths()) add(path, from.contents(path));
}

Result<std::unique_ptr<WritableFile>> MemoryDisk::create(const std::string& path) {
  auto done = step([&] {
    names_[path] = std::make_shared<Node>();
    names_since_.push_back(names_);
  });
  if (!done) return tl::make_unexpected(done.error());
  return open_writable(path);
}

Result<std::unique_ptr<WritableFile>> MemoryDisk::open_writable(const std::string& path) {
  const auto at = names_.find(path);
  if (at == names_.end()) return missing(path);
  return std::make_unique<Writable>(*this, at->second, path);
}

Result<std::unique_ptr<ReadableFile>> MemoryDisk::open_readable(const std::string& path) {
  const auto at = names_.find(path);
  if (at == names_.end()) return missing(path);
  return std::make_unique<Readable>(at->second);
}

Result<std::vector<FileEntry>> MemoryDisk::list(const std::string& folder) {
  std::vector<FileEntry> entries;
  for (const auto& [path, node] : names_) {
    if (path.starts_with(folder + "/")) {
      entries.push_back({path.substr(folder.size() + 1), node->now.size(), EntryKind::kFile});
    }
  }
  return entries;
}

Result<bool> MemoryDisk::is_folder(const std::string& path) {
  return std::find(folders_.begin(), folders_.end(), path) != folders_.end();
}

Result<bool> MemoryDisk::has_file(const std::string& path) { return names_.contains(path); }

Result<void> MemoryDisk::create_folder(const std::string& folder) {
  if (!*is_folder(folder)) folders_.push_back(folder);
  return {};
}

Result<void> MemoryDisk::rename(const std::string& from, const std::string& to) {
  if (!names_.contains(from)) return missing(from);
  return step([&] {
    names_[to] = names_.at(from);
    names_.erase(from);
    names_since_.push_back(names_);
  });
}

Result<void> MemoryDisk::rename_new(const std::string& from, const std::string& to) {
  if (names_.contains(to)) return fail(Fault::kCaller, to + ": is there already");
  return rename(from, to);
}

Result<void> MemoryDisk::remove(const std::string& path) {
  if (!names_.contains(path)) return missing(path);
  return step([&] {
    removed_.insert_or_assign(path, names_.at(path));
    names_.erase(path);
    names_since_.push_back(names_);
  });
}

Result<void> MemoryDisk::sync_folder(const std::string& folder) {
  if (on_sync_) on_sync_();
  if (faults_.sync_fails_at && steps_ >= *faults_.sync_fails_at) {
    ++steps_;
    return fail(Fault::kOurs, folder + ": cannot sync: Input/output error");
  }
  return step([&] {
    if (faults_.drops_syncs) return;
    durable_names_ = names_;
    names_since_.clear();
  });
}

Result<std::uint64_t> MemoryDisk::free_bytes(const std::string& /*folder*/) {
  std::uint64_t used = 0;
  for (const auto& [path, node] : names_) used += node->now.size();
  return capacity_ > used ? capacity_ - used : 0;
}

Result<std::unique_ptr<FileLock>> MemoryDisk::lock(const std::string& path,
                                                   std::string_view holder_does) {
  std::shared_ptr<bool>& locked = locks_[path];
  if (locked == nullptr) locked = std::make_shared<bool>(false);
  if (*locked) return fail(Fault::kCaller, path + ": another process " + std::string(holder_does));
  return std::make_unique<Lock>(locked);
}

}  // namespace tapeline::journal
