// SPDX-License-Identifier: Apache-2.0
// Sealed segments whose blocks and index come from outside. The input is a list of blocks - good
// ones, or bytes in the place of a frame - and damage to the whole. What is good reads as it was,
// any other block as zeros, by whatever pieces it is read.
#include <zstd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "bytes.h"
#include "journal/format.h"
#include "journal/memory_disk.h"
#include "journal/sealed_file.h"
#include "journal/sealed_format.h"

namespace {

using tapeline::fuzz::Bytes;
using tapeline::journal::SealedBlock;
using tapeline::journal::SealedFile;
using tapeline::journal::SealedIndex;

constexpr const char* kPath = "journal/00000000000000000000.journal.zst";

std::string compressed(std::string_view plain) {
  std::string out(ZSTD_compressBound(plain.size()), '\0');
  const std::size_t bytes = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 1);
  TAPELINE_CHECK(!ZSTD_isError(bytes), "there is room");
  out.resize(bytes);
  return out;
}

struct Made {
  std::string file;
  std::string plain;     // what it reads as, if nothing of the index is odd
  bool is_plain = true;  // and nothing is
};

Made make_file(Bytes& input) {
  Made made;
  made.file = tapeline::journal::encode_sealed_head();
  SealedIndex index;
  const std::uint8_t blocks = input.byte() % 8;
  for (std::uint8_t i = 0; i < blocks; ++i) {
    index.blocks.push_back({made.plain.size(), made.file.size(), i, 0});
    const std::uint8_t kind = input.byte();
    const std::string_view bytes = input.take(1 + input.byte() % 64);
    std::string plain(bytes);
    if (plain.empty()) plain = "x";
    if (kind >= 0x40) {
      made.file += compressed(plain);
    } else {
      made.file += plain;  // no frame, or one by chance
      made.is_plain = false;
    }
    made.plain += plain;
  }
  index.plain_bytes = made.plain.size();
  index.next_ordinal = blocks;
  // A segment holds its header at least; the index of a shorter one makes no sense.
  if (made.plain.size() < tapeline::journal::kSegmentHeaderBytes) made.is_plain = false;
  if (input.byte() % 4 == 0 && blocks > 0) {
    SealedBlock& odd = index.blocks[input.byte() % blocks];
    std::uint64_t& field = input.byte() % 2 == 0 ? odd.plain_offset : odd.file_offset;
    field += input.byte();
    made.is_plain = false;
  }
  made.file += tapeline::journal::encode_sealed_index(index);
  if (input.byte() % 4 == 0) {
    char& hurt = made.file[(input.byte() * 256U + input.byte()) % made.file.size()];
    hurt = static_cast<char>(hurt ^ input.byte());
    made.is_plain = false;
  }
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes input({reinterpret_cast<const char*>(data), size});
  const std::size_t piece = 1 + input.byte();
  const Made made = make_file(input);
  tapeline::journal::MemoryDisk disk;
  disk.add(kPath, made.file);
  const auto file = SealedFile::open(disk, kPath);
  TAPELINE_CHECK(file || !made.is_plain, "a good file is opened");
  if (!file) return 0;
  const std::uint64_t bytes = (*file)->size().value();
  std::string read;
  while (read.size() < bytes) {
    std::string part(piece, '\x01');
    const auto n = (*file)->read_at(read.size(), part.data(), part.size());
    TAPELINE_CHECK(n && *n == std::min<std::uint64_t>(piece, bytes - read.size()),
                   "as much as there is");
    read += part.substr(0, *n);
  }
  TAPELINE_CHECK(!made.is_plain || read == made.plain, "a good file reads as it was");
  std::string whole(bytes + 1, '\x01');
  const auto n = (*file)->read_at(0, whole.data(), whole.size());
  TAPELINE_CHECK(n && *n == bytes, "all of it at once");
  whole.resize(bytes);
  TAPELINE_CHECK(whole == read, "the same by pieces and at once");
  return 0;
}
