// SPDX-License-Identifier: Apache-2.0
#include "replay/text_output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tapeline::replay {

TextOutput::TextOutput(std::FILE* file, std::string name, bool owned)
    : file_(file), name_(std::move(name)), owned_(owned) {
  buffer_.reserve(kFlushBytes * 2);
}

Result<std::unique_ptr<TextOutput>> TextOutput::open(const std::string& path, Format format) {
  if (is_standard_stream(path)) {
    std::unique_ptr<TextOutput> out(new TextOutput(stdout, "standard output", false));
    out->format_ = format;
    return out;
  }
  // Not cut yet: an old result stays until there is a new one.
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  std::FILE* file = fd < 0 ? nullptr : ::fdopen(fd, "wb");
  if (file == nullptr) {
    return fail(Fault::kCaller, fmt::format("{}: cannot write: {}", path, std::strerror(errno)));
  }
  std::unique_ptr<TextOutput> out(new TextOutput(file, path, true));
  out->format_ = format;
  return out;
}

TextOutput::~TextOutput() {
  if (owned_ && file_ != nullptr) std::fclose(file_);
}

void TextOutput::write_buffer() {
  if (owned_ && !is_cut_) {
    is_cut_ = true;
    // What is no file, like a pipe, cannot be cut and need not be.
    if (::ftruncate(::fileno(file_), 0) != 0 && errno != EINVAL) failed_errno_ = errno;
  }
  if (failed_errno_ == 0 &&
      std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size()) {
    failed_errno_ = errno;
  }
  buffer_.clear();
  line_start_ = 0;
}

void TextOutput::end_json_line() {
  row_.assign(buffer_, line_start_);
  buffer_.resize(line_start_);
  if (!json_) {
    json_.emplace(row_);
    return;
  }
  json_->append(buffer_, row_);
  buffer_.push_back('\n');
  line_start_ = buffer_.size();
}

void TextOutput::flush() {
  write_buffer();
  if (failed_errno_ == 0 && std::fflush(file_) != 0) failed_errno_ = errno;
}

Result<void> TextOutput::finish() {
  flush();
  if (owned_ && std::fclose(file_) != 0 && failed_errno_ == 0) failed_errno_ = errno;
  if (owned_) file_ = nullptr;
  if (failed_errno_ == 0) return {};
  return fail(Fault::kOurs,
              fmt::format("{}: cannot write: {}", name_, std::strerror(failed_errno_)));
}

}  // namespace tapeline::replay
