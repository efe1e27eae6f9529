// SPDX-License-Identifier: Apache-2.0
// Any bytes as the target of a request or as a request of the push stream: what is taken is within
// the bounds that are stated, and a path leads nowhere else.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "serve/stream_request.h"
#include "serve/target.h"

namespace {

using tapeline::serve::StreamRequest;
using tapeline::serve::Target;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_target(std::string_view text) {
  const auto target = tapeline::serve::parse_target(text);
  if (!target) return require(!target.error().text.empty());
  require(target->path.starts_with('/'));
  require(target->path.size() + target->parameters.size() <= Target::kBytesMax);
  require(target->parameters.size() <= Target::kParametersMax);
  const std::string path = target->path + "/";
  require(path.find("/../") == std::string::npos);
  require(path.find('\0') == std::string::npos);
}

void check_request(std::string_view text) {
  const auto request = tapeline::serve::parse_stream_request(text);
  if (!request) return require(!request.error().text.empty());
  require(request->topics.size() <= StreamRequest::kTopicsMax);
  require(request->seq.size() <= StreamRequest::kTopicsMax);
  for (const auto& topic : request->topics) require(topic.size() <= StreamRequest::kTopicBytesMax);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (*data == 'T') {
    check_target(text);
  } else {
    check_request(text);
  }
  return 0;
}
