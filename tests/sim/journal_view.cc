// SPDX-License-Identifier: Apache-2.0
#include "journal_view.h"

#include <functional>
#include <set>
#include <string_view>
#include <utility>

#include "base/crc32c.h"
#include "journal/reader.h"
#include "machine.h"

namespace tapeline::simulation {
namespace {

template <typename OnRecord>
Result<void> for_each_record(journal::MemoryDisk& disk, OnRecord&& on_record) {
  journal::MemoryDisk whole;
  make_whole(disk, whole);
  auto reader = journal::Reader::open(whole, kJournal);
  if (!reader) return tl::make_unexpected(reader.error());
  journal::Record record;
  for (;;) {
    const auto more = (*reader)->next(record);
    if (!more) return tl::make_unexpected(more.error());
    if (!*more || !on_record(record)) return {};
  }
}

bool is_segment(std::string_view path) {
  return path.starts_with(kJournal) &&
         (path.ends_with(".journal") || path.ends_with(".journal.zst"));
}

// Without the ends of its name.
std::string_view stem_of(std::string_view path) { return path.substr(0, path.find(".journal")); }

}  // namespace

void make_whole(journal::MemoryDisk& disk, journal::MemoryDisk& whole) {
  whole.copy_files(disk);
  for (const std::string& path : whole.paths()) {
    if (path.ends_with(".beginning")) ignore(whole.remove(path), "it is there");
  }
  for (auto& [path, contents] : disk.removed()) {
    if (is_segment(path)) whole.add(path, std::move(contents));
  }
}

std::size_t removed_segments(const journal::MemoryDisk& disk) {
  std::set<std::string, std::less<>> gone;
  for (const auto& [path, contents] : disk.removed()) {
    if (is_segment(path)) gone.emplace(stem_of(path));
  }
  for (const std::string& path : disk.paths()) gone.erase(std::string(stem_of(path)));
  return gone.size();
}

Result<std::vector<HeldRecord>> read_all(journal::MemoryDisk& disk) {
  std::vector<HeldRecord> held;
  const auto done = for_each_record(disk, [&](const journal::Record& record) {
    held.push_back({record.type, record.connection.value(), record.ts_recv.unix_ns(),
                    record.position.ordinal, std::string(record.bytes)});
    return true;
  });
  if (!done) return tl::make_unexpected(done.error());
  return held;
}

std::uint32_t digest_below(journal::MemoryDisk& disk, std::uint64_t ordinal) {
  if (ordinal == 0) return 0;
  Crc32c crc;
  bool is_whole = false;
  const auto done = for_each_record(disk, [&](const journal::Record& record) {
    if (record.position.ordinal >= ordinal) return false;
    crc.add(static_cast<std::uint64_t>(record.type));
    crc.add(std::uint64_t{record.connection.value()});
    crc.add(static_cast<std::uint64_t>(record.ts_recv.unix_ns()));
    crc.add(record.bytes);
    is_whole = record.position.ordinal + 1 == ordinal;
    return true;
  });
  return done && is_whole ? crc.value() : 0;
}

}  // namespace tapeline::simulation
