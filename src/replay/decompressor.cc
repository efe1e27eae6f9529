// SPDX-License-Identifier: Apache-2.0
#include "replay/decompressor.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "base/check.h"

namespace tapeline::replay {
namespace {

constexpr std::size_t kInputBytes = std::size_t{256} << 10;

class DecompressingSource final : public ByteSource {
 public:
  DecompressingSource(std::unique_ptr<ByteSource> raw, std::unique_ptr<Decompressor> decompressor,
                      std::string name)
      : raw_(std::move(raw)),
        decompressor_(std::move(decompressor)),
        name_(std::move(name)),
        input_(kInputBytes) {}

  Result<std::size_t> read(std::span<char> into) override {
    std::size_t filled = 0;
    while (filled < into.size() && !failure_ && !finished_) {
      filled += step(into.subspan(filled));
    }
    if (filled == 0 && failure_) return tl::make_unexpected(*failure_);
    return filled;
  }

  [[nodiscard]] std::uint64_t bytes_read_raw() const override { return raw_->bytes_read_raw(); }
  [[nodiscard]] std::optional<std::uint64_t> bytes_total_raw() const override {
    return raw_->bytes_total_raw();
  }

 private:
  std::size_t step(std::span<char> out) {
    if (input_next_ == input_size_ && !input_ends_) refill();
    if (failure_) return 0;
    // The input may end where a member ends, and has at least one member.
    const bool exhausted = input_ends_ && input_next_ == input_size_;
    if (exhausted && at_end_) {
      finished_ = true;
      return 0;
    }
    if (exhausted && input_offset_ == 0) {
      damaged("the file is empty");
      return 0;
    }
    const std::span<const char> in(input_.data() + input_next_, input_size_ - input_next_);
    DecompressStep done = decompressor_->decompress(in, input_ends_, out);
    input_next_ += done.consumed;
    input_offset_ += done.consumed;
    at_end_ = done.state == DecompressStep::State::kAtEnd;
    if (done.state == DecompressStep::State::kDamaged) {
      damaged(done.what);
    } else if (exhausted && done.consumed == 0 && done.produced == 0 && !at_end_) {
      damaged("the file is cut off");
    }
    return done.produced;
  }

  void refill() {
    const auto got = raw_->read(input_);
    if (!got) {
      failure_ = got.error();
      return;
    }
    input_next_ = 0;
    input_size_ = *got;
    input_ends_ = *got == 0;
  }

  void damaged(const std::string& what) {
    failure_ = Error{Fault::kTheirs, Retry::kNever,
                     fmt::format("{}: byte {}: {}", name_, input_offset_, what)};
  }

  std::unique_ptr<ByteSource> raw_;
  std::unique_ptr<Decompressor> decompressor_;
  std::string name_;
  std::vector<char> input_;
  std::size_t input_next_ = 0;
  std::size_t input_size_ = 0;
  std::uint64_t input_offset_ = 0;  // in the input, of the next byte to decode
  bool input_ends_ = false;
  bool at_end_ = false;
  bool finished_ = false;
  std::optional<Error> failure_;
};

}  // namespace

std::unique_ptr<ByteSource> make_decompressing_source(std::unique_ptr<ByteSource> raw,
                                                      std::unique_ptr<Decompressor> decompressor,
                                                      std::string name) {
  TAPELINE_CHECK(raw != nullptr && decompressor != nullptr, "a decompressing source needs both");
  return std::make_unique<DecompressingSource>(std::move(raw), std::move(decompressor),
                                               std::move(name));
}

}  // namespace tapeline::replay
