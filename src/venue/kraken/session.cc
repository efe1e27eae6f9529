// SPDX-License-Identifier: Apache-2.0
#include "venue/kraken/session.h"

#include <fmt/format.h>

#include "venue/json.h"
#include "venue/kraken/kind.h"
#include "venue/scan.h"

namespace tapeline::venue::kraken {
namespace {

constexpr std::string_view kTrade = "trade";
constexpr std::string_view kTicker = "ticker";
constexpr std::string_view kRaw = "raw:";

// {"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD"],"snapshot":true},
// "req_id":1}
SubscribeRequest request_of(std::string_view method, const std::vector<Subscription>& subscriptions,
                            std::uint64_t id) {
  SubscribeRequest request{{}, subscriptions};
  if (subscriptions.empty()) return request;
  const std::string& channel = subscriptions.front().channel;
  request.text = fmt::format(R"({{"method":"{}","params":{{"channel":{},"symbol":[)", method,
                             json_string(channel));
  for (const Subscription& each : subscriptions) {
    if (&each != &subscriptions.front()) request.text += ',';
    request.text += json_string(each.symbol);
  }
  request.text += ']';
  // The latest trades again: they bridge what a short absence missed.
  if (channel == kTrade && method == "subscribe") request.text += R"(,"snapshot":true)";
  if (channel == kTicker) request.text += R"(,"event_trigger":"bbo")";
  request.text += fmt::format(R"(}},"req_id":{}}})", id);
  return request;
}

class Reader final : public FrameReader {
 public:
  void read(std::string_view frame, FrameMeaning& out) override {
    out = {};
    if (!read_plain(frame, out)) read_any(frame, out);
  }

 private:
  // Data in the form the venue writes it.
  static bool read_plain(std::string_view frame, FrameMeaning& out) {
    Scan scan(frame);
    std::string_view channel;
    if (!scan.literal("{\"channel\":\"") || !scan.word(channel) || !scan.literal("\",")) {
      return false;
    }
    out.kind = FrameKind::kData;
    out.channel = channel;
    const std::string_view named = behind_key(frame, "\"symbol\":\"");
    Scan value(named);
    if (named.empty() || !value.symbol(out.symbol) || !value.literal("\"")) out.symbol = {};
    if (channel == kTrade) out.last_id = last_trade(frame);
    return true;
  }

  // Rows come in the order of their ids.
  static std::uint64_t last_trade(std::string_view frame) {
    constexpr std::string_view kKey = "\"trade_id\":";
    const std::size_t at = frame.rfind(kKey);
    std::uint64_t id = 0;
    if (at == std::string_view::npos || !Scan(frame.substr(at + kKey.size())).number(id)) return 0;
    return id;
  }

  // Everything else, checked to its end.
  void read_any(std::string_view frame, FrameMeaning& out) {
    channel_ = method_ = success_ = error_ = id_ = symbol_ = granted_ = json::Value();
    if (!reader_.open(frame)) return;
    const json::Step step =
        reader_.walk([this](std::string_view key, json::ondemand::value& value) {
          // What an answer grants is read as if it stood here.
          if (key != "result" || json::Reader::first_of(value) != '{') {
            return reader_.take(value, value_of(key));
          }
          return reader_.walk(value, [this](std::string_view name, json::ondemand::value& inner) {
            return reader_.take(inner, name == "channel"  ? granted_
                                       : name == "symbol" ? symbol_
                                                          : other_);
          });
        });
    if (step != json::Step::kNext) return;
    std::string_view channel;
    if (reader_.string_of(channel_, channel)) {
      out.channel = channel;
      out.kind = kind_of(channel) == Kind::kHeartbeat ? FrameKind::kHeartbeat : FrameKind::kData;
    } else if (channel_.is_absent()) {
      read_answer(out);
    }
  }

  void read_answer(FrameMeaning& out) {
    std::string_view method;
    if (!method_.is_absent() && !reader_.string_of(method_, method)) return;
    if (method == "pong") {
      out.kind = FrameKind::kHeartbeat;
      return;
    }
    std::string_view error;
    if (!reader_.string_of(error_, error)) error = {};
    const bool is_granted = success_.kind() == json::Kind::kTrue || is_harmless(error);
    if (!is_granted && success_.kind() != json::Kind::kFalse && error.empty()) return;
    out.request = parse_count(id_.text());
    reader_.string_of(symbol_, out.symbol);
    reader_.string_of(granted_, out.channel);
    out.kind = is_granted ? FrameKind::kAck : FrameKind::kRefusal;
    if (is_granted) return;
    out.text = cut_error_text(error);
    const bool is_for_now = has_any_word(error, {"msg rate", "rate limit", "unavailable", "busy",
                                                 "timeout", "internal", "maintenance", "too many"});
    out.retry = is_for_now ? Retry::kAfterBackoff : Retry::kNever;
  }

  json::Value& value_of(std::string_view key) {
    if (key == "channel") return channel_;
    if (key == "method") return method_;
    if (key == "success") return success_;
    if (key == "error" || key == "Error") return error_;
    if (key == "req_id") return id_;
    return key == "symbol" ? symbol_ : other_;
  }

  json::Reader reader_;
  json::Value channel_;
  json::Value method_;
  json::Value success_;
  json::Value error_;
  json::Value id_;
  json::Value symbol_;
  json::Value granted_;
  json::Value other_;
};

}  // namespace

std::string_view stream_channel(std::string_view word) {
  if (word == "trades") return kTrade;
  if (word == "quotes") return kTicker;
  return word.starts_with(kRaw) ? word.substr(kRaw.size()) : std::string_view();
}

std::string stream_symbol(std::string_view venue_symbol) { return std::string(venue_symbol); }

SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t id) {
  return request_of("subscribe", to, id);
}

SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t id) {
  return request_of("unsubscribe", from, id);
}

std::unique_ptr<FrameReader> make_frame_reader() { return std::make_unique<Reader>(); }

}  // namespace tapeline::venue::kraken
