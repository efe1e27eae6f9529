// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>

#include "base/check.h"
#include "replay/decompressor.h"

namespace tapeline::replay {
namespace {

// The widest window of the format: `zstd --ultra --long=31` makes such files. Memory is the
// window that the file asks for, and at most 2 GiB.
constexpr int kWindowLogMax = 31;
constexpr std::size_t kBlockHeaderBytes = 3;

class ZstdDecompressor final : public Decompressor {
 public:
  ZstdDecompressor() : context_(ZSTD_createDCtx()) {
    TAPELINE_CHECK(context_ != nullptr, "out of memory");
    const std::size_t set = ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kWindowLogMax);
    TAPELINE_CHECK(!ZSTD_isError(set), "the library knows windows of 2 GiB");
  }
  ~ZstdDecompressor() override { ZSTD_freeDCtx(context_); }

  DecompressStep decompress(std::span<const char> in, bool /*input_ends*/,
                            std::span<char> out) override {
    // On an error the library does not say what it wrote during that call. So each call gets
    // one block and no more: what stood before the damaged block is then out already.
    const std::size_t block = wanted_ > kBlockHeaderBytes ? wanted_ - kBlockHeaderBytes : wanted_;
    ZSTD_inBuffer input{in.data(), flushing_ ? 0 : std::min(in.size(), block), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t answer = ZSTD_decompressStream(context_, &output, &input);
    if (ZSTD_isError(answer)) {
      return {DecompressStep::State::kDamaged, 0, 0, ZSTD_getErrorName(answer)};
    }
    flushing_ = output.pos == output.size;
    wanted_ = answer == 0 ? kFrameStartBytes : answer;
    const bool at_end = answer == 0 || (at_end_ && input.pos == 0);
    at_end_ = at_end;
    return {at_end ? DecompressStep::State::kAtEnd : DecompressStep::State::kMore,
            input.pos,
            output.pos,
            {}};
  }

 private:
  static constexpr std::size_t kFrameStartBytes = 5;

  ZSTD_DCtx* context_;
  std::size_t wanted_ = kFrameStartBytes;
  bool flushing_ = false;  // the last call filled its output: more may wait inside
  bool at_end_ = false;
};

}  // namespace

std::unique_ptr<Decompressor> make_zstd_decompressor() {
  return std::make_unique<ZstdDecompressor>();
}

}  // namespace tapeline::replay
