// SPDX-License-Identifier: Apache-2.0
#include "venue/bitstamp/session.h"

#include "venue/bitstamp/kind.h"
#include "venue/json.h"
#include "venue/scan.h"

namespace tapeline::venue::bitstamp {
namespace {

constexpr std::string_view kRaw = "raw:";

// {"event":"bts:subscribe","data":{"channel":"live_trades_btcusd"}}
SubscribeRequest request_of(std::string_view event,
                            const std::vector<Subscription>& subscriptions) {
  const Subscription& only = subscriptions.front();
  return {"{\"event\":" + json_string(event) +
              ",\"data\":{\"channel\":" + json_string(only.channel + "_" + only.symbol) + "}}",
          subscriptions};
}

class Reader final : public FrameReader {
 public:
  void read(std::string_view frame, FrameMeaning& out) override {
    out = {};
    if (!read_plain(frame, out)) read_any(frame, out);
  }

 private:
  static void name(std::string_view channel, FrameMeaning& out) {
    const ChannelName parts = split_channel(channel);
    out.channel = parts.channel;
    out.symbol = parts.symbol;
  }

  // Data in the form the venue writes it: its end says whose it is.
  static bool read_plain(std::string_view frame, FrameMeaning& out) {
    constexpr std::string_view kChannel = "},\"channel\":\"";
    if (!frame.starts_with("{\"data\":{")) return false;
    for (const std::string_view end : {"\",\"event\":\"trade\"}", "\",\"event\":\"data\"}"}) {
      if (!frame.ends_with(end)) continue;
      const std::size_t at = frame.rfind(kChannel);
      if (at == std::string_view::npos) return false;
      const std::size_t begin = at + kChannel.size();
      name(frame.substr(begin, frame.size() - end.size() - begin), out);
      out.kind = FrameKind::kData;
      Scan scan(frame);
      if (scan.literal("{\"data\":{\"id\":") && !scan.number(out.last_id)) out.last_id = 0;
      return true;
    }
    return false;
  }

  // Everything else, checked to its end.
  void read_any(std::string_view frame, FrameMeaning& out) {
    event_ = channel_ = message_ = json::Value();
    if (!reader_.open(frame)) return;
    const json::Step step = reader_.walk([this](std::string_view key,
                                                json::ondemand::value& value) {
      if (key != "data" || json::Reader::first_of(value) != '{') {
        return reader_.take(value, key == "event" ? event_ : key == "channel" ? channel_ : other_);
      }
      return reader_.walk(value, [this](std::string_view name, json::ondemand::value& inner) {
        return reader_.take(inner, name == "message" ? message_ : other_);
      });
    });
    std::string_view event;
    if (step != json::Step::kNext || !reader_.string_of(event_, event)) return;
    std::string_view channel;
    if (reader_.string_of(channel_, channel)) name(channel, out);
    switch (kind_of(event)) {
      case Kind::kAck:
        out.kind = FrameKind::kAck;
        break;
      case Kind::kHeartbeat:
        out.kind = FrameKind::kHeartbeat;
        break;
      case Kind::kError:
        read_error(out);
        break;
      case Kind::kReconnect:
        out.kind = FrameKind::kGoodbye;
        break;
      case Kind::kTrade:
      case Kind::kUnparsed:
      case Kind::kUnknown:
        out.kind = FrameKind::kData;
        break;
    }
  }

  // {"event":"bts:error","channel":"","data":{"code":null,"message":"..."}}
  void read_error(FrameMeaning& out) {
    std::string_view text;
    if (!reader_.string_of(message_, text)) text = {};
    error_ = cut_error_text(text);
    out.kind = FrameKind::kRefusal;
    out.text = error_;
    const bool is_final =
        has_any_word(error_, {"subscription", "channel", "pair", "unauthorized"}) &&
        !has_any_word(error_, {"rate limit", "too many", "try again"});
    out.retry = is_final ? Retry::kNever : Retry::kAfterBackoff;
  }

  json::Reader reader_;
  json::Value event_;
  json::Value channel_;
  json::Value message_;
  json::Value other_;
  std::string error_;
};

}  // namespace

std::string_view stream_channel(std::string_view word) {
  if (word == "trades") return kTradesChannel;
  return word.starts_with(kRaw) ? word.substr(kRaw.size()) : std::string_view();
}

std::string stream_symbol(std::string_view venue_symbol) { return std::string(venue_symbol); }

SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t /*id*/) {
  return request_of("bts:subscribe", to);
}

SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t /*id*/) {
  return request_of("bts:unsubscribe", from);
}

std::unique_ptr<FrameReader> make_frame_reader() { return std::make_unique<Reader>(); }

}  // namespace tapeline::venue::bitstamp
