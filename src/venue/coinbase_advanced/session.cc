// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase_advanced/session.h"

#include <cstring>

#include "venue/coinbase_advanced/kind.h"
#include "venue/json.h"
#include "venue/scan.h"

namespace tapeline::venue::coinbase_advanced {
namespace {

constexpr std::string_view kTrades = "market_trades";
constexpr std::string_view kTicker = "ticker";
constexpr std::string_view kHeartbeats = "heartbeats";
constexpr std::string_view kRaw = "raw:";

// {"type":"subscribe","product_ids":["ETH-USD"],"channel":"market_trades"}; the heartbeats have no
// products.
SubscribeRequest request_of(std::string_view type, const std::vector<Subscription>& subscriptions) {
  SubscribeRequest request{"{\"type\":" + json_string(type), subscriptions};
  const std::string& channel = subscriptions.front().channel;
  if (channel != kHeartbeats) {
    std::string products;
    for (const Subscription& each : subscriptions) {
      products += (products.empty() ? "" : ",") + json_string(each.symbol);
    }
    request.text += ",\"product_ids\":[" + products + "]";
  }
  request.text += ",\"channel\":" + json_string(channel) + "}";
  return request;
}

class Reader final : public FrameReader {
 public:
  void read(std::string_view frame, FrameMeaning& out) override {
    out = {};
    Scan scan(frame);
    std::string_view channel;
    const bool is_plain = scan.literal("{\"channel\":\"") && scan.word(channel) &&
                          scan.literal("\",") && frame.ends_with("}]}");
    const Kind kind = is_plain ? kind_of_channel(channel) : Kind::kUnknown;
    if (kind != Kind::kUnknown && kind != Kind::kSubscriptions) {
      read_data(kind, channel, frame, out);
    } else {
      read_any(frame, out);
    }
  }

 private:
  // Whose rows they are, each product once while it repeats. A book may be long, and is one's.
  void read_data(Kind kind, std::string_view channel, std::string_view frame, FrameMeaning& out) {
    constexpr std::string_view kKey = "\"product_id\":\"";
    out.kind = kind == Kind::kHeartbeat ? FrameKind::kHeartbeat : FrameKind::kData;
    out.channel = channel;
    if (kind == Kind::kHeartbeat) return;
    products_.clear();
    while (true) {
      // Not string_view's find(), which would stop at each quote.
      const void* const at = ::memmem(frame.data(), frame.size(), kKey.data(), kKey.size());
      if (at == nullptr) break;
      frame.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(at) - frame.data()) +
                          kKey.size());
      Scan value(frame);
      std::string_view symbol;
      if (!value.symbol(symbol) || !value.literal("\"")) continue;
      if (products_.empty() || products_.back() != symbol) products_.push_back(symbol);
      if (kind == Kind::kUnparsed) break;
    }
    if (products_.empty()) return;
    out.symbol = products_.front();
    out.more_symbols = std::span(products_).subspan(1);
  }

  // Everything else, checked to its end.
  void read_any(std::string_view frame, FrameMeaning& out) {
    channel_ = type_ = message_ = json::Value();
    if (!reader_.open(frame)) return;
    std::string_view kind_key;  // whichever of the two comes first, as the parser has it
    const json::Step step = reader_.walk([&](std::string_view key, json::ondemand::value& value) {
      if (kind_key.empty() && (key == "channel" || key == "type")) {
        kind_key = key == "type" ? "type" : "channel";
      }
      return reader_.take(value, key == "channel"   ? channel_
                                 : key == "type"    ? type_
                                 : key == "message" ? message_
                                                    : other_);
    });
    if (step != json::Step::kNext) return;
    std::string_view text;
    if (kind_key == "channel" && reader_.string_of(channel_, text)) {
      const Kind kind = kind_of_channel(text);
      if (kind == Kind::kSubscriptions) return read_ack(frame, out);
      return read_data(kind, text, frame, out);
    }
    if (reader_.string_of(type_, text) && kind_of_type(text) == Kind::kError) read_refusal(out);
  }

  // Rare, so it may copy.
  void read_ack(std::string_view frame, FrameMeaning& out) {
    out.kind = FrameKind::kAck;
    simdjson::dom::object channels;
    if (parser_.parse(frame.data(), frame.size())
            .at_pointer("/events/0/subscriptions")
            .get_object()
            .get(channels) != simdjson::SUCCESS) {
      return;
    }
    out.lists_subscriptions = true;
    for (const auto& [name, value] : channels) {
      simdjson::dom::array products;
      if (value.get_array().get(products) != simdjson::SUCCESS) continue;
      for (const auto product : products) {
        std::string_view symbol;
        if (product.get_string().get(symbol) != simdjson::SUCCESS) continue;
        // The heartbeats are listed with their own name as a product.
        const bool has_products = name != kHeartbeats;
        out.subscriptions.push_back(
            {has_products ? std::string(symbol) : std::string(), std::string(name)});
      }
    }
  }

  // It names neither the request nor a product.
  void read_refusal(FrameMeaning& out) {
    std::string_view text;
    if (!reader_.string_of(message_, text)) text = {};
    error_ = cut_error_text(text);
    out.kind = FrameKind::kRefusal;
    out.text = error_;
    const bool is_final =
        has_any_word(error_, {"authenticat", "product", "channel", "invalid", "not found"}) &&
        !has_any_word(error_, {"rate limit", "too many", "try again"});
    out.retry = is_final ? Retry::kNever : Retry::kAfterBackoff;
  }

  json::Reader reader_;
  json::Value channel_;
  json::Value type_;
  json::Value message_;
  json::Value other_;
  std::vector<std::string_view> products_;
  simdjson::dom::parser parser_;
  std::string error_;
};

}  // namespace

std::string_view stream_channel(std::string_view word) {
  if (word == "trades") return kTrades;
  if (word == "quotes") return kTicker;
  return word.starts_with(kRaw) ? word.substr(kRaw.size()) : std::string_view();
}

// What is quoted in USDC is the book in USD and is shown as that, but for the pairs of stable
// coins.
std::string stream_symbol(std::string_view venue_symbol) {
  constexpr std::string_view kUsdc = "-USDC";
  const bool is_alias =
      venue_symbol.ends_with(kUsdc) && venue_symbol != "USDT-USDC" && venue_symbol != "EURC-USDC";
  return std::string(is_alias ? venue_symbol.substr(0, venue_symbol.size() - 1) : venue_symbol);
}

std::string venue_symbol(std::string_view canonical) { return std::string(canonical); }

SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t /*id*/) {
  return request_of("subscribe", to);
}

SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t /*id*/) {
  return request_of("unsubscribe", from);
}

std::unique_ptr<FrameReader> make_frame_reader() { return std::make_unique<Reader>(); }

}  // namespace tapeline::venue::coinbase_advanced
