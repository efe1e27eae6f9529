// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "replay/byte_source.h"

namespace tapeline::replay {

// What one step of decompression did.
struct DecompressStep {
  enum class State : std::uint8_t {
    kMore,     // goes on: call again with more input, or more room for output
    kAtEnd,    // the input may end here; more input starts the next member
    kDamaged,  // final; `what` says why
  };

  State state = State::kMore;
  std::size_t consumed = 0;
  std::size_t produced = 0;
  std::string what;
};

// One compression format as a step function. What it produced before damage counts.
class Decompressor {
 public:
  Decompressor() = default;
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;
  virtual ~Decompressor() = default;

  // `input_ends` says that nothing follows `in`, which may then be empty.
  virtual DecompressStep decompress(std::span<const char> in, bool input_ends,
                                    std::span<char> out) = 0;
};

[[nodiscard]] std::unique_ptr<Decompressor> make_zstd_decompressor();
[[nodiscard]] std::unique_ptr<Decompressor> make_xz_decompressor();
[[nodiscard]] std::unique_ptr<Decompressor> make_gzip_decompressor();

// Decompresses `raw`, called `name` in errors, in blocks of fixed size.
[[nodiscard]] std::unique_ptr<ByteSource> make_decompressing_source(
    std::unique_ptr<ByteSource> raw, std::unique_ptr<Decompressor> decompressor, std::string name);

}  // namespace tapeline::replay
