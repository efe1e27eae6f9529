// SPDX-License-Identifier: Apache-2.0
#include "net/io/plain_frame.h"

#include <algorithm>

#include "base/byte_block.h"
#include "base/padding.h"

// RFC 6455, 5.2.
namespace tapeline::net {
namespace {

constexpr std::size_t kShortHeader = 2;  // a byte of what it is, and one of its length
constexpr unsigned kWholeText = 0x81;
constexpr unsigned kWholeBinary = 0x82;
constexpr unsigned kIsMasked = 0x80;
constexpr unsigned kLengthBits = 0x7F;
constexpr unsigned kLengthOf2 = 126;  // two bytes with the length follow
constexpr unsigned kLengthOf8 = 127;
constexpr std::size_t kMaskBytes = 4;

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

std::size_t length_bytes(unsigned second) {
  const unsigned length = second & kLengthBits;
  return length == kLengthOf2 ? 2 : length == kLengthOf8 ? 8 : 0;
}

// Of a header that is there with its length.
std::uint64_t payload_of(std::string_view header) {
  const unsigned second = byte_at(header, 1);
  const std::size_t bytes = length_bytes(second);
  if (bytes == 0) return second & kLengthBits;
  std::uint64_t payload = 0;
  for (std::size_t i = 0; i < bytes; ++i) payload = payload << 8 | byte_at(header, 2 + i);
  return payload;
}

bool is_ascii(std::string_view text) {
  static_assert(ByteBlock::kBytes <= kReadPadding);
  std::size_t at = 0;
  for (; at + ByteBlock::kBytes <= text.size(); at += ByteBlock::kBytes) {
    if (ByteBlock(text.data() + at).below(0) != 0) return false;
  }
  const std::size_t left = text.size() - at;
  return left == 0 || ByteBlock(text.data() + at).below(0) << (ByteBlock::kBytes - left) == 0;
}

}  // namespace

std::optional<PlainFrame> find_plain_frame(std::string_view bytes, std::size_t payload_max) {
  if (bytes.size() < kShortHeader) return std::nullopt;
  const unsigned first = byte_at(bytes, 0);
  const unsigned second = byte_at(bytes, 1);
  const bool is_whole = first == kWholeText || first == kWholeBinary;
  if (!is_whole || (second & kIsMasked) != 0 || second == kLengthOf8) return std::nullopt;
  const std::size_t header = kShortHeader + length_bytes(second);
  if (bytes.size() < header) return std::nullopt;
  const auto payload = static_cast<std::size_t>(payload_of(bytes));
  const bool is_short = header == kShortHeader || payload >= kLengthOf2;
  if (!is_short || payload > payload_max || payload > bytes.size() - header) return std::nullopt;
  if (first == kWholeText && !is_ascii(bytes.substr(header, payload))) return std::nullopt;
  return PlainFrame{header, payload};
}

std::size_t FrameCutter::take(std::string_view bytes) {
  if (left_ > 0 || bytes.empty()) {
    const std::size_t taken = std::min<std::uint64_t>(left_, bytes.size());
    left_ -= taken;
    return taken;
  }
  // A header byte by byte: where it ends stands in it.
  header_[header_bytes_++] = bytes.front();
  if (header_bytes_ < kShortHeader) return 1;
  const unsigned second = byte_at({header_.data(), header_bytes_}, 1);
  const std::size_t mask_bytes = (second & kIsMasked) != 0 ? kMaskBytes : 0;
  if (header_bytes_ < kShortHeader + length_bytes(second) + mask_bytes) return 1;
  left_ = payload_of({header_.data(), header_bytes_});
  header_bytes_ = 0;
  return 1;
}

}  // namespace tapeline::net
