// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/snapshot_format.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstring>

#include "base/crc32c.h"

namespace tapeline::checkpoint {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is the memory's");

constexpr std::string_view kMagic = "TAPESNP";

struct EncodedHeader {
  std::uint8_t version = kFormatVersion;
  std::array<char, 7> magic{};
  std::uint64_t journal = 0;
  std::uint64_t ordinal = 0;
  std::int64_t ts_recv = 0;
  std::int64_t engine_time = 0;
  std::uint64_t begins_at = 0;
  std::uint64_t state_bytes = 0;
  std::uint32_t state_crc = 0;
  std::uint32_t crc = 0;
};
static_assert(sizeof(EncodedHeader) == kHeaderBytes);

std::string_view bytes_of(const EncodedHeader& header) {
  return {reinterpret_cast<const char*>(&header), sizeof(header)};
}

std::uint32_t crc_of(const EncodedHeader& header) {
  Crc32c crc;
  crc.add(bytes_of(header).substr(0, sizeof(header) - sizeof(header.crc)));
  return crc.value();
}

// Whether nothing but the version is wrong: then it is that byte which is damaged.
bool is_of_this_version(EncodedHeader header) {
  header.version = kFormatVersion;
  return header.crc == crc_of(header);
}

}  // namespace

std::string encode_header(const SnapshotHeader& header) {
  EncodedHeader encoded;
  std::memcpy(encoded.magic.data(), kMagic.data(), kMagic.size());
  encoded.journal = header.tick.position.journal.value();
  encoded.ordinal = header.tick.position.ordinal;
  encoded.ts_recv = header.tick.ts_recv.unix_ns();
  encoded.engine_time = header.engine_time.unix_ns();
  encoded.begins_at = header.begins_at;
  encoded.state_bytes = header.state_bytes;
  encoded.state_crc = header.state_crc;
  encoded.crc = crc_of(encoded);
  return std::string(bytes_of(encoded));
}

Result<SnapshotHeader> parse_header(std::string_view bytes) {
  EncodedHeader encoded;
  if (bytes.size() < sizeof(encoded) || bytes.substr(1, kMagic.size()) != kMagic) {
    return fail(Fault::kTheirs, "is damaged: it does not begin as a snapshot does");
  }
  std::memcpy(&encoded, bytes.data(), sizeof(encoded));
  if (encoded.version > kFormatVersion && !is_of_this_version(encoded)) {
    return fail(Fault::kCaller,
                fmt::format("has snapshot format {}, but this Tapeline reads up to {}; use a newer "
                            "Tapeline, or move the file away to start from an older snapshot or "
                            "from the journal",
                            encoded.version, kFormatVersion));
  }
  if (encoded.crc != crc_of(encoded)) {
    return fail(Fault::kTheirs, "is damaged: its header's checksum does not match");
  }
  if (encoded.version != kFormatVersion) {
    return fail(Fault::kTheirs, fmt::format("has snapshot format {}, which this Tapeline no longer "
                                            "reads",
                                            encoded.version));
  }
  return SnapshotHeader{
      .tick = {{JournalId(encoded.journal), encoded.ordinal}, RecvTime(encoded.ts_recv)},
      .engine_time = EngineTime(encoded.engine_time),
      .begins_at = encoded.begins_at,
      .state_bytes = encoded.state_bytes,
      .state_crc = encoded.state_crc};
}

}  // namespace tapeline::checkpoint
