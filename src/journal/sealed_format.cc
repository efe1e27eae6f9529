// SPDX-License-Identifier: Apache-2.0
#include "journal/sealed_format.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

#include "base/crc32c.h"

namespace tapeline::journal {
namespace {

constexpr std::string_view kSealedMagic = "TAPESEA";
constexpr std::uint32_t kSkippable = 0x184D2A5E;

struct SkippableHeader {
  std::uint32_t magic = kSkippable;
  std::uint32_t length = 0;
};

struct Head {
  SkippableHeader skippable{.length = 8};
  std::uint8_t version = kSealedVersion;
  std::array<char, 7> magic{};
};
static_assert(sizeof(Head) == kSealedHeadBytes);

// The end of the file.
struct Tail {
  std::uint64_t plain_bytes = 0;
  std::uint64_t next_ordinal = 0;
  std::int64_t newest_recv = 0;
  std::uint32_t blocks = 0;
  std::uint32_t crc = 0;
};
static_assert(sizeof(Tail) == 32);

template <typename T>
void append_bytes(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

std::size_t index_bytes(std::uint64_t blocks) {
  return sizeof(SkippableHeader) + kSegmentHeaderBytes + blocks * sizeof(SealedBlock) +
         sizeof(Tail);
}

// The index as it is in the file, or with room for the crc.
std::uint32_t crc_of_index(std::string_view index) {
  Crc32c crc;
  crc.add(encode_sealed_head());
  crc.add(index.substr(0, index.size() - sizeof(Tail::crc)));
  return crc.value();
}

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(Fault::kTheirs, fmt::format("is damaged: {}; bring it back from a copy", what));
}

// All of the bytes, or the Error of a file that has fewer.
Result<std::string> read_exactly(ReadableFile& file, std::uint64_t offset, std::size_t bytes) {
  std::string out(bytes, '\0');
  const auto n = file.read_at(offset, out.data(), out.size());
  if (!n) return tl::make_unexpected(n.error());
  if (*n != bytes) return damaged("it became shorter while it was read");
  return out;
}

Tail tail_of(std::string_view index) {
  Tail tail;
  std::memcpy(&tail, index.substr(index.size() - sizeof(tail)).data(), sizeof(tail));
  return tail;
}

// The bytes of the index; empty where its checksum does not match, as in a newer format.
Result<std::string> read_index(ReadableFile& file, std::uint64_t file_bytes) {
  const auto end = read_exactly(file, file_bytes - sizeof(Tail), sizeof(Tail));
  if (!end) return end;
  const Tail tail = tail_of(*end);
  const std::size_t bytes = index_bytes(tail.blocks);
  if (tail.blocks > kBlocksMax || bytes > file_bytes - kSealedHeadBytes) return std::string();
  auto text = read_exactly(file, file_bytes - bytes, bytes);
  if (text && crc_of_index(*text) != tail.crc) text->clear();
  return text;
}

// Blocks follow one another, and none is larger than memory should be asked for.
bool is_sound(const SealedIndex& index) {
  if (index.blocks.empty() || index.plain_bytes < kSegmentHeaderBytes) return false;
  const SealedBlock& first = index.blocks.front();
  if (first.plain_offset != 0 || first.file_offset != kSealedHeadBytes) return false;
  if (first.first_ordinal != index.header.first_ordinal) return false;
  for (std::size_t i = 0; i < index.blocks.size(); ++i) {
    const SealedBlock& block = index.blocks[i];
    const bool is_last = i + 1 == index.blocks.size();
    const std::uint64_t plain_end = is_last ? index.plain_bytes : index.blocks[i + 1].plain_offset;
    const std::uint64_t ordinal_end =
        is_last ? index.next_ordinal : index.blocks[i + 1].first_ordinal;
    if (plain_end <= block.plain_offset || plain_end - block.plain_offset > kBlockBytesMax ||
        index.file_end(i) <= block.file_offset || ordinal_end < block.first_ordinal) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool begins_sealed(std::string_view bytes) {
  constexpr std::size_t kMagicAt = offsetof(Head, magic);
  return bytes.size() >= kSealedHeadBytes && bytes.substr(kMagicAt, 7) == kSealedMagic;
}

std::string encode_sealed_head() {
  Head head;
  std::memcpy(head.magic.data(), kSealedMagic.data(), head.magic.size());
  std::string out;
  append_bytes(out, head);
  return out;
}

std::string encode_sealed_index(const SealedIndex& index) {
  const std::size_t bytes = index_bytes(index.blocks.size());
  std::string out;
  out.reserve(bytes);
  append_bytes(
      out, SkippableHeader{.length = static_cast<std::uint32_t>(bytes - sizeof(SkippableHeader))});
  out += encode_segment_header(index.header);
  for (const SealedBlock& block : index.blocks) append_bytes(out, block);
  append_bytes(out, Tail{.plain_bytes = index.plain_bytes,
                         .next_ordinal = index.next_ordinal,
                         .newest_recv = index.newest_recv.unix_ns(),
                         .blocks = static_cast<std::uint32_t>(index.blocks.size())});
  const std::uint32_t crc = crc_of_index(out);
  std::memcpy(out.data() + out.size() - sizeof(crc), &crc, sizeof(crc));
  return out;
}

Result<SealedIndex> read_sealed_index(ReadableFile& file, std::uint64_t file_bytes) {
  if (file_bytes < kSealedHeadBytes + index_bytes(1)) return damaged("it is too short");
  const auto head = read_exactly(file, 0, kSealedHeadBytes);
  if (!head) return tl::make_unexpected(head.error());
  if (!begins_sealed(*head)) return damaged("it does not begin as a sealed segment does");
  const auto text = read_index(file, file_bytes);
  if (!text) return tl::make_unexpected(text.error());
  if (text->empty()) {
    const auto version = static_cast<std::uint8_t>((*head)[offsetof(Head, version)]);
    if (version <= kSealedVersion) return damaged("its index does not match its checksum");
    return fail(Fault::kCaller,
                fmt::format("has format {} of sealed segments, but this Tapeline reads up to {}; "
                            "use a newer Tapeline",
                            version, kSealedVersion));
  }
  if (*head != encode_sealed_head()) return damaged("its first bytes are not as they were");

  const Tail tail = tail_of(*text);
  const std::string_view body = std::string_view(*text).substr(sizeof(SkippableHeader));
  const auto header = parse_segment_header(body.substr(0, kSegmentHeaderBytes));
  if (!header) return tl::make_unexpected(header.error());
  SealedIndex index;
  index.header = *header;
  index.blocks.resize(tail.blocks);
  if (tail.blocks > 0) {
    std::memcpy(index.blocks.data(), body.data() + kSegmentHeaderBytes,
                tail.blocks * sizeof(SealedBlock));
  }
  index.plain_bytes = tail.plain_bytes;
  index.next_ordinal = tail.next_ordinal;
  index.newest_recv = RecvTime(tail.newest_recv);
  index.blocks_end = file_bytes - text->size();
  if (!is_sound(index)) return damaged("its index makes no sense");
  return index;
}

}  // namespace tapeline::journal
