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
  // Everything else, checked to its end.
  void read_any(std::string_view frame, FrameMeaning& out) {
    stream_ = event_ = id_ = result_ = code_ = message_ = json::Value();
    has_error_ = false;
    if (!reader_.open(frame)) return;
    const json::Step step =
        reader_.walk([this](std::string_view key, json::ondemand::value& value) {
          // The payload of a combined stream, and an error's code, are read as if they stood here.
          has_error_ = has_error_ || key == "error";
          const bool is_inner = key == "data" || key == "error";
          if (!is_inner || json::Reader::first_of(value) != '{') {
            return reader_.take(value, value_of(key));
          }
          return reader_.walk(value, [this](std::string_view name, json::ondemand::value& inner) {
            return reader_.take(inner, value_of(name));
          });
        });
    if (step != json::Step::kNext) return;
    std::string_view text;
    if (reader_.string_of(stream_, text)) return read_stream(text, out);
    if (reader_.string_of(event_, text)) {
      out.kind = kind_of(text) == Kind::kShutdown ? FrameKind::kGoodbye : FrameKind::kData;
      return;
    }
    out.request = parse_count(id_.text());
    if (has_error_ || (!code_.is_absent() && !message_.is_absent())) {
      read_refusal(out);
    } else if (!result_.is_absent()) {
      out.kind = FrameKind::kAck;
    }
  }

  json::Value& value_of(std::string_view key) {
    if (key == "stream") return stream_;
    if (key == "e") return event_;
    if (key == "id") return id_;
    if (key == "result") return result_;
    if (key == "code") return code_;
    return key == "msg" ? message_ : other_;
  }

  // {"code":2,"msg":"..."}, at the top or as "error".
  void read_refusal(FrameMeaning& out) {
    std::string_view text;
    if (!reader_.string_of(message_, text)) text = {};
    out.kind = FrameKind::kRefusal;
    error_ = fmt::format("{} (code {})", text, code_.text());
    out.text = cut_error_text(error_);
    // From 0 on they say that the request is wrong; those below, mostly that now is not the time.
    const bool is_wrong = !code_.text().starts_with('-') || has_any_word(text, {"invalid"});
    out.retry = is_wrong ? Retry::kNever : Retry::kAfterBackoff;
  }

  json::Reader reader_;
  json::Value stream_;
  json::Value event_;
  json::Value id_;
  json::Value result_;
  json::Value code_;
  json::Value message_;
  json::Value other_;
  bool has_error_ = false;
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
