// SPDX-License-Identifier: Apache-2.0
#include "venue/bybit/session.h"

#include <fmt/format.h>

#include "venue/bybit/kind.h"
#include "venue/json.h"
#include "venue/scan.h"

namespace tapeline::venue::bybit {
namespace {

constexpr std::string_view kTradeTopic = "publicTrade";
constexpr std::string_view kRaw = "raw:";

// {"req_id":"1","op":"subscribe","args":["publicTrade.BTCUSDT"]}
SubscribeRequest request_of(std::string_view method, const std::vector<Subscription>& subscriptions,
                            std::uint64_t id) {
  SubscribeRequest request{{}, subscriptions};
  request.text = fmt::format(R"({{"req_id":"{}","op":"{}","args":[)", id, method);
  for (const Subscription& each : subscriptions) {
    if (&each != &subscriptions.front()) request.text += ',';
    request.text += json_string(each.channel + "." + each.symbol);
  }
  request.text += "]}";
  return request;
}

// A topic's name: orderbook.50.BTCUSDT.
void read_topic(std::string_view topic, FrameMeaning& out) {
  const std::size_t at = topic.rfind('.');
  out.channel = topic.substr(0, at);
  if (at != std::string_view::npos) out.symbol = topic.substr(at + 1);
}

class Reader final : public FrameReader {
 public:
  void read(std::string_view frame, FrameMeaning& out) override {
    out = {};
    Scan scan(frame);
    std::string_view topic;
    if (scan.literal("{\"topic\":\"") && scan.word(topic) && scan.literal("\",")) {
      out.kind = FrameKind::kData;
      return read_topic(topic, out);
    }
    read_any(frame, out);
  }

 private:
  // Everything else, checked to its end.
  void read_any(std::string_view frame, FrameMeaning& out) {
    topic_ = op_ = success_ = message_ = id_ = json::Value();
    if (!reader_.open(frame)) return;
    const json::Step step =
        reader_.walk([this](std::string_view key, json::ondemand::value& value) {
          return reader_.take(value, value_of(key));
        });
    if (step != json::Step::kNext) return;
    std::string_view topic;
    if (reader_.string_of(topic_, topic)) {
      out.kind = FrameKind::kData;
      read_topic(topic, out);
    } else if (topic_.is_absent()) {
      read_answer(out);
    }
  }

  void read_answer(FrameMeaning& out) {
    std::string_view op;
    std::string_view text;
    if (!reader_.string_of(op_, op)) op = {};
    const json::Kind success = success_.kind();
    const bool is_answer = success == json::Kind::kTrue || success == json::Kind::kFalse;
    if (!is_answer && op != "pong") return;
    if (op == "ping" || op == "pong") {
      out.kind = FrameKind::kHeartbeat;
      return;
    }
    if (reader_.string_of(id_, text)) out.request = parse_count(text);
    if (!reader_.string_of(message_, text)) text = {};
    const bool is_granted = success == json::Kind::kTrue || is_harmless(text);
    out.kind = is_granted ? FrameKind::kAck : FrameKind::kRefusal;
    if (is_granted) return;
    out.text = cut_error_text(text);
    const bool is_for_now = has_any_word(
        text, {"too many", "rate limit", "frequen", "busy", "timeout", "internal", "system error"});
    out.retry = is_for_now ? Retry::kAfterBackoff : Retry::kNever;
    read_named(out.text, out);
  }

  // "error:handler not found,topic:publicTrade.NOUSDT", "Invalid symbol :[publicTrade.NOUSDT]"
  static void read_named(std::string_view text, FrameMeaning& out) {
    const std::size_t at = text.find(kTradeTopic);
    if (at == std::string_view::npos) return;
    const std::string_view rest = text.substr(at);
    read_topic(rest.substr(0, rest.find_first_of(" ,]")), out);
  }

  json::Value& value_of(std::string_view key) {
    if (key == "topic") return topic_;
    if (key == "op") return op_;
    if (key == "success") return success_;
    if (key == "ret_msg") return message_;
    return key == "req_id" ? id_ : other_;
  }

  json::Reader reader_;
  json::Value topic_;
  json::Value op_;
  json::Value success_;
  json::Value message_;
  json::Value id_;
  json::Value other_;
};

}  // namespace

std::string_view stream_channel(std::string_view word) {
  if (word == "trades") return kTradeTopic;
  return word.starts_with(kRaw) ? word.substr(kRaw.size()) : std::string_view();
}

std::string stream_symbol(std::string_view venue_symbol) { return std::string(venue_symbol); }

std::string venue_symbol(std::string_view canonical) {
  std::string out(canonical);
  std::erase(out, '-');
  return out;
}

SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t id) {
  return request_of("subscribe", to, id);
}

SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t id) {
  return request_of("unsubscribe", from, id);
}

std::unique_ptr<FrameReader> make_frame_reader() { return std::make_unique<Reader>(); }

}  // namespace tapeline::venue::bybit
