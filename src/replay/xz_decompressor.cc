// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <lzma.h>

#include <cstdint>

#include "base/check.h"
#include "replay/decompressor.h"

namespace tapeline::replay {
namespace {

constexpr std::uint64_t kMemoryLimit = std::uint64_t{1} << 30;

std::string what_of(lzma_ret status, lzma_stream& stream) {
  switch (status) {
    case LZMA_FORMAT_ERROR:
      return "this is no xz data";
    case LZMA_OPTIONS_ERROR:
      return "the xz data uses an unknown option";
    case LZMA_BUF_ERROR:
      return "the file is cut off";
    case LZMA_MEM_ERROR:
      return "out of memory";
    case LZMA_MEMLIMIT_ERROR:
      return fmt::format("decompression needs {} MiB of memory; the limit is {} MiB",
                         (lzma_memusage(&stream) + (1U << 20) - 1) >> 20, kMemoryLimit >> 20);
    default:
      return "the xz data is damaged";
  }
}

class XzDecompressor final : public Decompressor {
 public:
  XzDecompressor() {
    const lzma_ret status = lzma_stream_decoder(&stream_, kMemoryLimit, LZMA_CONCATENATED);
    TAPELINE_CHECK(status == LZMA_OK, "out of memory");
  }
  ~XzDecompressor() override { lzma_end(&stream_); }

  DecompressStep decompress(std::span<const char> in, bool input_ends,
                            std::span<char> out) override {
    // The library reads unsigned bytes.
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    stream_.avail_in = in.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    stream_.avail_out = out.size();
    const lzma_ret status = lzma_code(&stream_, input_ends ? LZMA_FINISH : LZMA_RUN);
    DecompressStep step{DecompressStep::State::kMore,
                        in.size() - stream_.avail_in,
                        out.size() - stream_.avail_out,
                        {}};
    const bool idle = step.consumed == 0 && step.produced == 0;
    if (status == LZMA_STREAM_END) {
      step.state = DecompressStep::State::kAtEnd;
    } else if (status != LZMA_OK && (status != LZMA_BUF_ERROR || (input_ends && idle))) {
      step.state = DecompressStep::State::kDamaged;
      step.what = what_of(status, stream_);
    }
    return step;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<Decompressor> make_xz_decompressor() { return std::make_unique<XzDecompressor>(); }

}  // namespace tapeline::replay
