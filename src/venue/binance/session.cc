// SPDX-License-Identifier: Apache-2.0
#include "venue/binance/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "venue/binance/kind.h"
#include "venue/json.h"
#include "venue/scan.h"

namespace tapeline::venue::binance {
namespace {

constexpr std::string_view kRawWord = "raw:";
constexpr std::string_view kGoodbyeStream = "!serverShutdown";

// {"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}
SubscribeRequest request_of(std::string_view method, const std::vector<Subscription>& subscriptions,
                            std::uint64_t id) {
  SubscribeRequest request{{}, subscriptions};
  request.text = fmt::format("{{\"method\":\"{}\",\"params\":[", method);
  for (const Subscription& each : subscriptions) {
    if (&each != &subscriptions.front()) request.text += ',';
    request.text += json_string(each.symbol + "@" + each.channel);
  }
  request.text += fmt::format("],\"id\":{}}}", id);
  return request;
}

// A stream's name: btcusdt@depth@100ms.
void read_stream(std::string_view name, FrameMeaning& out) {
  out.kind = name == kGoodbyeStream ? FrameKind::kGoodbye : FrameKind::kData;
  const std::size_t at = name.find('@');
  if (at == std::string_view::npos) return;
  out.symbol = name.substr(0, at);
  out.channel = name.substr(at + 1);
}

class Reader final : public FrameReader {
 public:
  void read(std::string_view frame, FrameMeaning& out) override {
    out = {};
    Scan scan(frame);
    std::string_view stream;
    if (scan.literal("{\"stream\":\"") && scan.word(stream) && scan.literal("\",\"data\":")) {
      return read_stream(stream, out);
    }
    read_any(frame, out);
  }

 private:
  // Everything else, checked to its end: rare, so it may copy.
  void read_any(std::string_view frame, FrameMeaning& out) {
    simdjson::dom::object object;
    if (parser_.parse(frame.data(), frame.size()).get_object().get(object) != simdjson::SUCCESS) {
      return;
    }
    std::string_view text;
    if (object["stream"].get_string().get(text) == simdjson::SUCCESS) {
      return read_stream(text, out);
    }
    if (object["e"].get_string().get(text) == simdjson::SUCCESS) {
      out.kind = kind_of(text) == Kind::kShutdown ? FrameKind::kGoodbye : FrameKind::kData;
      return;
    }
    std::uint64_t id = 0;
    if (object["id"].get_uint64().get(id) == simdjson::SUCCESS) out.request = id;
    if (read_refusal(object, out)) return;
    simdjson::dom::element result;
    if (object["result"].get(result) == simdjson::SUCCESS) out.kind = FrameKind::kAck;
  }

  // {"code":2,"msg":"..."}, at the top or as "error".
  bool read_refusal(const simdjson::dom::object& object, FrameMeaning& out) {
    simdjson::dom::object error;
    std::int64_t code = 0;
    std::string_view text;
    if (object["error"].get_object().get(error) == simdjson::SUCCESS) {
      if (error["code"].get_int64().get(code) != simdjson::SUCCESS) code = 0;
      if (error["msg"].get_string().get(text) != simdjson::SUCCESS) text = {};
    } else if (object["code"].get_int64().get(code) != simdjson::SUCCESS ||
               object["msg"].get_string().get(text) != simdjson::SUCCESS) {
      return false;
    }
    out.kind = FrameKind::kRefusal;
    error_ = fmt::format("{} (code {})", text, code);
    out.text = cut_error_text(error_);
    // Codes 0 to 3 say that the request is wrong; those below, mostly that now is not the time.
    constexpr std::int64_t kWrongMax = 3;
    const bool is_wrong = (code >= 0 && code <= kWrongMax) || has_any_word(text, {"invalid"});
    out.retry = is_wrong ? Retry::kNever : Retry::kAfterBackoff;
    return true;
  }

  simdjson::dom::parser parser_;
  std::string error_;
};

}  // namespace

std::string_view stream_channel(std::string_view word) {
  if (word == "trades") return "trade";
  if (word == "quotes") return "bookTicker";
  return word.starts_with(kRawWord) ? word.substr(kRawWord.size()) : std::string_view();
}

// Streams have symbols in small letters. Those beyond ASCII have none.
std::string stream_symbol(std::string_view venue_symbol) {
  std::string out(venue_symbol);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::string venue_symbol(std::string_view canonical) {
  std::string out(canonical);
  std::erase(out, '-');
  return out;
}

SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t id) {
  return request_of("SUBSCRIBE", to, id);
}

SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t id) {
  return request_of("UNSUBSCRIBE", from, id);
}

std::unique_ptr<FrameReader> make_frame_reader() { return std::make_unique<Reader>(); }

}  // namespace tapeline::venue::binance
