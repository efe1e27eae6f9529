// SPDX-License-Identifier: Apache-2.0
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "replay/decompressor.h"

namespace tapeline::replay {
namespace {

constexpr int kGzipOnly = 16;

class GzipDecompressor final : public Decompressor {
 public:
  GzipDecompressor() {
    const int status = inflateInit2(&stream_, MAX_WBITS + kGzipOnly);
    TAPELINE_CHECK(status == Z_OK, "out of memory");
  }
  ~GzipDecompressor() override { inflateEnd(&stream_); }

  DecompressStep decompress(std::span<const char> in, bool /*input_ends*/,
                            std::span<char> out) override {
    if (at_end_ && !in.empty()) {
      // Tools that write blocks of a fixed size pad the last one with zeros.
      if (in.front() == '\0') return skip_padding(in);
      if (padded_) return {DecompressStep::State::kDamaged, 0, 0, "data behind the zero padding"};
      inflateReset(&stream_);
      at_end_ = false;
    }
    if (at_end_) return {DecompressStep::State::kAtEnd, 0, 0, {}};
    return inflate_some(in, out);
  }

 private:
  DecompressStep skip_padding(std::span<const char> in) {
    padded_ = true;
    const auto end = std::find_if(in.begin(), in.end(), [](char c) { return c != '\0'; });
    return {DecompressStep::State::kAtEnd, static_cast<std::size_t>(end - in.begin()), 0, {}};
  }

  DecompressStep inflate_some(std::span<const char> in, std::span<char> out) {
    // The library's sizes are 32 bits, and its input is unsigned and, by an old habit, not const.
    constexpr std::size_t limit = std::numeric_limits<uInt>::max();
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(std::min(in.size(), limit));
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(std::min(out.size(), limit));
    const uInt in_before = stream_.avail_in;
    const uInt out_before = stream_.avail_out;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    DecompressStep step{DecompressStep::State::kMore,
                        in_before - stream_.avail_in,
                        out_before - stream_.avail_out,
                        {}};
    if (status == Z_STREAM_END) {
      at_end_ = true;
      step.state = DecompressStep::State::kAtEnd;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      step.state = DecompressStep::State::kDamaged;
      step.what = stream_.msg != nullptr ? stream_.msg : "the gzip data is damaged";
    }
    return step;
  }

  z_stream stream_{};
  bool at_end_ = false;
  bool padded_ = false;
};

}  // namespace

std::unique_ptr<Decompressor> make_gzip_decompressor() {
  return std::make_unique<GzipDecompressor>();
}

}  // namespace tapeline::replay
