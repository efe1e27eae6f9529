// SPDX-License-Identifier: Apache-2.0
#include "base/byte_reader.h"

namespace tapeline {

std::string_view ByteReader::text() {
  const auto size = number<std::size_t>();
  if (size > left_.size()) {
    refuse(kCutShort);
    return {};
  }
  const std::string_view text = left_.substr(0, size);
  left_.remove_prefix(size);
  return text;
}

std::size_t ByteReader::count(std::size_t most) {
  const auto count = number<std::size_t>();
  require(count <= most, "there are too many of one thing");
  require(count <= left_.size(), kCutShort);
  return failed() ? 0 : count;
}

void ByteReader::refuse(std::string_view why) {
  left_ = {};
  if (failed()) return;
  error_.emplace();
  for (const std::string_view part : parts_) {
    *error_ += part;
    *error_ += ": ";
  }
  *error_ += why;
}

Result<void> ByteReader::result() const {
  if (failed()) return fail(Fault::kTheirs, *error_);
  return {};
}

}  // namespace tapeline
