// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <memory>
#include <thread>
#include <utility>

#include "base/lock_holders.h"

namespace tapeline::store::duckdb {
namespace {

constexpr int kFileMode = 0644;

std::string mib(std::size_t bytes) { return fmt::format("{}MiB", bytes >> 20); }

Result<Config> make_config(const std::string& data_dir, const Limits& limits, Access access) {
  duckdb_config made = nullptr;
  const bool is_made = duckdb_create_config(&made) == DuckDBSuccess;
  Config config(made);
  const std::array<std::pair<const char*, std::string>, 10> settings{{
      {"access_mode", access == Access::kRead ? "READ_ONLY" : "READ_WRITE"},
      {"threads", fmt::format("{}", limits.threads)},
      {"memory_limit", mib(limits.memory_bytes)},
      {"temp_directory", data_dir + "/store.tmp"},
      {"max_temp_directory_size", mib(limits.spill_bytes)},
      {"checkpoint_threshold", mib(limits.checkpoint_bytes)},
      // Nothing that SQL says reaches out of the store, or changes these settings.
      {"autoinstall_known_extensions", "false"},
      {"autoload_known_extensions", "false"},
      {"enable_external_access", "false"},
      {"lock_configuration", "true"},
  }};
  for (const auto& [name, value] : settings) {
    if (!is_made || duckdb_set_config(config.get(), name, value.c_str()) != DuckDBSuccess) {
      return fail(Fault::kOurs, fmt::format("DuckDB refuses the setting {} = {}", name, value));
    }
  }
  return config;
}

}  // namespace

std::string store_path(const std::string& data_dir) { return data_dir + "/store.duckdb"; }

// DuckDB locks the file against other processes only; and closing any descriptor of the same file
// would give that lock up. So ours is of another file.
Result<FolderLock> FolderLock::take(const std::string& data_dir, Access access) {
  const std::string path = data_dir + "/store.lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode);
  if (fd < 0) {
    const bool is_read_only = errno == EROFS || errno == EACCES;
    if (access == Access::kRead && is_read_only) return FolderLock(-1);
    return fail(Fault::kOurs,
                fmt::format("{}: cannot open for writing: {}", path, std::strerror(errno)));
  }
  FolderLock lock(fd);
  const int kind = access == Access::kRead ? LOCK_SH : LOCK_EX;
  if (::flock(fd, kind | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) {
    return fail(Fault::kOurs, fmt::format("{}: cannot lock: {}", path, std::strerror(errno)));
  }
  // Who writes has its data folder to itself: what keeps it waiting here only reads, and leaves.
  const bool is_writing = access == Access::kWrite;
  return fail(
      is_writing ? Fault::kOurs : Fault::kCaller,
      fmt::format("{}: the store of this data folder is open in {}, which {}; {}, or choose "
                  "another --data-dir",
                  data_dir, name_of(lock_holders(path)), is_writing ? "reads it" : "writes it",
                  is_writing ? "wait for it to end" : "stop that one"),
      is_writing ? Retry::kAfterBackoff : Retry::kNever);
}

namespace {

// A lock of the whole file, beside the flock() that says who has the store: by the open file too,
// and not by the process.
struct flock whole_file(short kind) {
  struct flock lock = {};
  lock.l_type = kind;
  lock.l_whence = SEEK_SET;
  return lock;
}

// A writer that waits; those that read look for it (is_wanted).
class Wanted {
 public:
  explicit Wanted(const std::string& data_dir)
      : fd_(::open((data_dir + "/store.lock").c_str(), O_RDWR | O_CLOEXEC)) {
    struct flock lock = whole_file(F_WRLCK);
    if (fd_ >= 0) static_cast<void>(::fcntl(fd_, F_OFD_SETLK, &lock));
  }
  Wanted(const Wanted&) = delete;
  Wanted& operator=(const Wanted&) = delete;
  ~Wanted() {
    if (fd_ >= 0) ::close(fd_);
  }

 private:
  int fd_;
};

// DuckDB would remove the log of a store that was moved away without it, with all that the store
// got last.
Result<void> keep_log(const std::string& store) {
  const std::string log = store + ".wal";
  std::error_code error;
  if (std::filesystem::exists(store, error) || !std::filesystem::exists(log, error)) return {};
  return fail(Fault::kCaller,
              fmt::format("{}: the store that it belongs to is not here, and it holds what was "
                          "stored last: move it too, beside {}",
                          log, std::filesystem::path(store).filename().string()));
}

Result<FolderLock> take_and_wait(const std::string& data_dir, Access access,
                                 const std::function<bool(const std::string&)>& waits_for) {
  constexpr std::chrono::milliseconds kAgain{50};
  std::unique_ptr<Wanted> wanted;
  for (;;) {
    auto lock = FolderLock::take(data_dir, access);
    if (lock || lock.error().retry == Retry::kNever || !waits_for) return lock;
    if (!wanted) wanted = std::make_unique<Wanted>(data_dir);
    if (!waits_for(name_of(lock_holders(data_dir + "/store.lock")))) return lock;
    std::this_thread::sleep_for(kAgain);
  }
}

}  // namespace

bool is_wanted(const std::string& data_dir) {
  const int fd = ::open((data_dir + "/store.lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  struct flock found = whole_file(F_RDLCK);
  const bool is_told = ::fcntl(fd, F_OFD_GETLK, &found) == 0;
  ::close(fd);
  return is_told && found.l_type != F_UNLCK;
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

Database::Database(const std::string& data_dir, const Limits& limits, Access access,
                   FolderLock lock)
    : data_dir_(data_dir),
      path_(store_path(data_dir)),
      limits_(limits),
      access_(access),
      lock_(std::move(lock)) {}

Result<std::unique_ptr<Database>> Database::open(
    const std::string& data_dir, const Limits& limits, Access access,
    const std::function<bool(const std::string&)>& waits_for) {
  std::error_code error;
  if (access == Access::kWrite) {
    std::filesystem::create_directories(data_dir, error);
    if (error) {
      return fail(Fault::kOurs, fmt::format("{}: cannot be made: {}", data_dir, error.message()));
    }
  } else if (!std::filesystem::exists(store_path(data_dir), error)) {
    return fail(Fault::kCaller,
                fmt::format("{}: {}", store_path(data_dir),
                            error ? error.message() : "there is no store in this data folder yet"));
  }
  auto lock = take_and_wait(data_dir, access, waits_for);
  if (!lock) return tl::make_unexpected(lock.error());
  if (auto done = keep_log(store_path(data_dir)); !done) return tl::make_unexpected(done.error());
  std::unique_ptr<Database> database(new Database(data_dir, limits, access, std::move(*lock)));
  if (auto opened = database->open_instance(); !opened) return tl::make_unexpected(opened.error());
  return database;
}

Result<void> Database::open_instance() {
  const auto config = make_config(data_dir_, limits_, access_);
  if (!config) return tl::make_unexpected(config.error());
  duckdb_database opened = nullptr;
  char* said = nullptr;
  const auto state = duckdb_open_ext(path_.c_str(), &opened, config->get(), &said);
  instance_.reset(opened);
  const std::string why = first_line(said);
  duckdb_free(said);
  if (state == DuckDBSuccess) return {};
  instance_.reset();
  return fail(Fault::kOurs,
              fmt::format("{}: cannot be opened: {}; when it is damaged, move it away, and "
                          "the .wal beside it: it is filled again from the journal",
                          path_, why),
              Retry::kAfterBackoff);
}

Result<Connection> Database::connect() {
  if (!instance_) {
    return fail(Fault::kOurs, fmt::format("{}: is closed after a failure", path_),
                Retry::kAfterBackoff);
  }
  duckdb_connection made = nullptr;
  if (duckdb_connect(instance_.get(), &made) == DuckDBSuccess) return Connection(made);
  return fail(Fault::kOurs, fmt::format("{}: DuckDB gives no connection", path_),
              Retry::kAfterBackoff);
}

Session::Session(Database& database, const void* owner, std::shared_lock<std::shared_mutex> open,
                 Connection connection)
    : database_(&database), open_(std::move(open)), connection_(std::move(connection)) {
  const std::lock_guard lock(database.sessions_mutex_);
  database.sessions_.emplace(connection_.get(), owner);
}

Session::~Session() {
  if (!connection_) return;
  const std::lock_guard lock(database_->sessions_mutex_);
  database_->sessions_.erase(connection_.get());
}

Result<Session> Database::begin_session(const void* owner) {
  const std::lock_guard gate(gate_);
  std::shared_lock open(open_);
  auto connection = connect();
  if (!connection) return tl::make_unexpected(connection.error());
  if (auto begun = execute(connection->get(), "BEGIN TRANSACTION READ ONLY"); !begun) {
    return tl::make_unexpected(begun.error().within(path_));
  }
  return Session(*this, owner, std::move(open), std::move(*connection));
}

void Database::interrupt(const void* owner) {
  const std::lock_guard lock(sessions_mutex_);
  for (const auto& [connection, whose] : sessions_) {
    if (owner == nullptr || whose == owner) duckdb_interrupt(connection);
  }
}

// Storing comes before reading: a reader keeps it waiting only where DuckDB computes something that
// it cannot be told to stop, and then whoever stores tries it again.
Result<void> Database::reopen() {
  constexpr std::chrono::milliseconds kAgain{5};
  const std::lock_guard gate(gate_);
  std::unique_lock closed(open_, std::try_to_lock);
  for (auto left = kReadersEnd / kAgain; !closed.owns_lock(); --left) {
    if (left == 0) {
      return fail(Fault::kOurs,
                  fmt::format("{}: cannot be opened again while a question that does not stop "
                              "reads it",
                              path_),
                  Retry::kAfterBackoff);
    }
    interrupt(nullptr);
    std::this_thread::sleep_for(kAgain);
    static_cast<void>(closed.try_lock());
  }
  instance_.reset();
  return open_instance();
}

}  // namespace tapeline::store::duckdb
