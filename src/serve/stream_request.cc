// SPDX-License-Identifier: Apache-2.0
#include "serve/stream_request.h"

#include <fmt/format.h>

// As the rest of the program reads JSON.
#define SIMDJSON_EXCEPTIONS 0          // NOLINT(readability-identifier-naming)
#define SIMDJSON_DEVELOPMENT_CHECKS 0  // NOLINT(readability-identifier-naming)
#include <simdjson.h>

namespace tapeline::serve {
namespace {

namespace dom = simdjson::dom;

constexpr int kDepthMax = 8;

tl::unexpected<Error> not_right(std::string text) { return fail(Fault::kCaller, std::move(text)); }

Result<void> read_topics(const dom::object& request, StreamRequest& out) {
  dom::array topics;
  if (request["topics"].get_array().get(topics) != simdjson::SUCCESS) {
    return not_right("\"topics\" is a list of names, like [\"prices\"]");
  }
  for (const dom::element element : topics) {
    std::string_view name;
    if (element.get_string().get(name) != simdjson::SUCCESS) {
      return not_right("the name of a topic is a text");
    }
    if (name.size() > StreamRequest::kTopicBytesMax) {
      return not_right(
          fmt::format("the name of a topic has at most {} bytes", StreamRequest::kTopicBytesMax));
    }
    if (out.topics.size() >= StreamRequest::kTopicsMax) {
      return not_right(fmt::format("at most {} topics", StreamRequest::kTopicsMax));
    }
    out.topics.emplace_back(name);
  }
  return {};
}

Result<void> read_resume(const dom::object& request, StreamRequest& out) {
  dom::object resume;
  const auto found = request["resume"].get_object().get(resume);
  if (found == simdjson::NO_SUCH_FIELD) return {};
  dom::object numbers;
  std::string_view epoch;
  if (found != simdjson::SUCCESS || resume["epoch"].get_string().get(epoch) != simdjson::SUCCESS ||
      resume["seq"].get_object().get(numbers) != simdjson::SUCCESS) {
    return not_right("\"resume\" is {\"epoch\": a text, \"seq\": {topic: number}}");
  }
  for (const dom::key_value_pair field : numbers) {
    std::uint64_t seq = 0;
    if (field.value.get_uint64().get(seq) != simdjson::SUCCESS) {
      return not_right("\"seq\" gives each topic a number");
    }
    if (out.seq.size() >= StreamRequest::kTopicsMax) {
      return not_right(fmt::format("at most {} topics", StreamRequest::kTopicsMax));
    }
    out.seq.insert_or_assign(std::string(field.key), seq);
  }
  out.epoch = epoch;
  return {};
}

}  // namespace

Result<StreamRequest> parse_stream_request(std::string_view json) {
  if (json.size() > StreamRequest::kBytesMax) {
    return not_right(fmt::format("a request has at most {} bytes", StreamRequest::kBytesMax));
  }
  dom::parser parser;
  dom::element root;
  dom::object request;
  if (parser.allocate(StreamRequest::kBytesMax, kDepthMax) != simdjson::SUCCESS ||
      parser.parse(json.data(), json.size(), true).get(root) != simdjson::SUCCESS ||
      root.get_object().get(request) != simdjson::SUCCESS) {
    return not_right("a request is a JSON object like {\"op\": \"subscribe\", \"topics\": [...]}");
  }
  std::string_view op;
  StreamRequest out;
  if (request["op"].get_string().get(op) != simdjson::SUCCESS ||
      (op != "subscribe" && op != "unsubscribe")) {
    return not_right("\"op\" is subscribe or unsubscribe");
  }
  out.subscribes = op == "subscribe";
  if (auto done = read_topics(request, out); !done) return tl::make_unexpected(done.error());
  if (!out.subscribes) return out;
  if (auto done = read_resume(request, out); !done) return tl::make_unexpected(done.error());
  return out;
}

}  // namespace tapeline::serve
