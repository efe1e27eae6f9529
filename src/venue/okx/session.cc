// SPDX-License-Identifier: Apache-2.0
#include "venue/okx/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "venue/json.h"
#include "venue/okx/kind.h"
#include "venue/scan.h"

namespace tapeline::venue::okx {
namespace {

constexpr std::string_view kTrades = "trades";
constexpr std::string_view kTickers = "tickers";
constexpr std::string_view kRaw = "raw:";
constexpr std::string_view kClosesSoon = "64008";

// Too many requests, or now is not the time.
constexpr std::array<std::string_view, 8> kCodesForNow{"50001", "50011", "50013", "50026",
                                                       "50061", "60014", "60023", "63999"};

// {"id":"1","op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT"}]}
SubscribeRequest request_of(std::string_view method, const std::vector<Subscription>& subscriptions,
                            std::uint64_t id) {
  SubscribeRequest request{{}, subscriptions};
  request.text = fmt::format(R"({{"id":"{}","op":"{}","args":[)", id, method);
  for (const Subscription& each : subscriptions) {
    if (&each != &subscriptions.front()) request.text += ',';
    request.text += fmt::format(R"({{"channel":{},"instId":{}}})", json_string(each.channel),
                                json_string(each.symbol));
  }
  request.text += "]}";
  return request;
}

class Reader final : public FrameReader {
 public:
  void read(std::string_view frame, FrameMeaning& out) override {
    out = {};
    if (frame == kPong) {
      out.kind = FrameKind::kHeartbeat;
    } else if (!read_plain(frame, out)) {
      read_any(frame, out);
    }
  }

 private:
  // A push in the form the venue writes it.
  static bool read_plain(std::string_view frame, FrameMeaning& out) {
    Scan scan(frame);
    std::string_view channel;
    std::string_view symbol;
    if (!scan.literal("{\"arg\":{\"channel\":\"") || !scan.word(channel) ||
        !scan.literal("\",\"instId\":\"") || !scan.symbol(symbol) || !scan.literal("\"},\"") ||
        (!scan.literal("action\":") && !scan.literal("data\":"))) {
      return false;
    }
    out.kind = FrameKind::kData;
    out.channel = channel;
    out.symbol = symbol;
    if (kind_of_channel(channel) == Kind::kTrades) out.last_id = last_trade(frame);
    return true;
  }

  // Rows come in the order of their ids.
  static std::uint64_t last_trade(std::string_view frame) {
    constexpr std::string_view kKey = "\"tradeId\":\"";
    const std::size_t at = frame.rfind(kKey);
    std::uint64_t id = 0;
    if (at == std::string_view::npos || !Scan(frame.substr(at + kKey.size())).number(id)) return 0;
    return id;
  }

  // Everything else, checked to its end.
  void read_any(std::string_view frame, FrameMeaning& out) {
    event_ = id_ = code_ = message_ = channel_ = symbol_ = data_ = json::Value();
    if (!reader_.open(frame)) return;
    const json::Step step =
        reader_.walk([this](std::string_view key, json::ondemand::value& value) {
          if (key != "arg" || json::Reader::first_of(value) != '{') {
            return reader_.take(value, value_of(key));
          }
          return reader_.walk(value, [this](std::string_view name, json::ondemand::value& inner) {
            return reader_.take(inner, name == "channel"  ? channel_
                                       : name == "instId" ? symbol_
                                                          : other_);
          });
        });
    if (step != json::Step::kNext) return;
    reader_.string_of(channel_, out.channel);
    reader_.string_of(symbol_, out.symbol);
    std::string_view event;
    if (!data_.is_absent()) {
      if (!channel_.is_absent()) out.kind = FrameKind::kData;
    } else if (reader_.string_of(event_, event)) {
      read_event(kind_of_event(event), out);
    }
  }

  void read_event(Kind kind, FrameMeaning& out) {
    std::string_view text;
    if (reader_.string_of(id_, text)) out.request = parse_count(text);
    if (kind == Kind::kAck) out.kind = FrameKind::kAck;
    if (kind != Kind::kError && kind != Kind::kNotice) return;
    std::string_view message;
    std::string_view code;
    if (!reader_.string_of(message_, message)) message = {};
    if (!reader_.string_of(code_, code)) code = {};
    error_ = fmt::format("{} (code {})", message, code);
    out.text = cut_error_text(error_);
    out.kind =
        kind == Kind::kNotice && code == kClosesSoon ? FrameKind::kGoodbye : FrameKind::kRefusal;
    const bool is_for_now =
        kind == Kind::kNotice ||
        std::find(kCodesForNow.begin(), kCodesForNow.end(), code) != kCodesForNow.end() ||
        has_any_word(message, {"too frequent", "too many", "busy", "unavailable"});
    out.retry = is_for_now ? Retry::kAfterBackoff : Retry::kNever;
    if (out.symbol.empty()) read_named(out.text, out);
  }

  // "Wrong URL or channel:trades,instId:NO-USDT doesn't exist."
  static void read_named(std::string_view text, FrameMeaning& out) {
    const auto word_behind = [text](std::string_view key) {
      const std::size_t at = text.find(key);
      if (at == std::string_view::npos) return std::string_view();
      const std::string_view rest = text.substr(at + key.size());
      return rest.substr(0, rest.find_first_of(" ,"));
    };
    out.symbol = word_behind("instId:");
    out.channel = word_behind("channel:");
  }

  json::Value& value_of(std::string_view key) {
    if (key == "event") return event_;
    if (key == "id") return id_;
    if (key == "code") return code_;
    if (key == "msg") return message_;
    return key == "data" || key == "action" ? data_ : other_;
  }

  json::Reader reader_;
  json::Value event_;
  json::Value id_;
  json::Value code_;
  json::Value message_;
  json::Value channel_;
  json::Value symbol_;
  json::Value data_;
  json::Value other_;
  std::string error_;
};

}  // namespace

std::string_view stream_channel(std::string_view word) {
  if (word == "trades") return kTrades;
  if (word == "quotes") return kTickers;
  return word.starts_with(kRaw) ? word.substr(kRaw.size()) : std::string_view();
}

std::string same_symbol(std::string_view symbol) { return std::string(symbol); }

SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t id) {
  return request_of("subscribe", to, id);
}

SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t id) {
  return request_of("unsubscribe", from, id);
}

std::unique_ptr<FrameReader> make_frame_reader() { return std::make_unique<Reader>(); }

}  // namespace tapeline::venue::okx
