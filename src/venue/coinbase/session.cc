// SPDX-License-Identifier: Apache-2.0
#include "venue/coinbase/session.h"

#include <algorithm>
#include <tuple>

#include "venue/coinbase/kind.h"
#include "venue/json.h"
#include "venue/scan.h"

namespace tapeline::venue::coinbase {
namespace {

constexpr std::string_view kMatches = "matches";
constexpr std::string_view kTicker = "ticker";
constexpr std::string_view kHeartbeat = "heartbeat";
constexpr std::string_view kRaw = "raw:";

// {"type":"subscribe","channels":[{"name":"matches","product_ids":["BTC-USD"]}]}
SubscribeRequest request_of(std::string_view type, const std::vector<Subscription>& subscriptions) {
  SubscribeRequest request{{}, subscriptions};
  auto sorted = subscriptions;
  std::sort(sorted.begin(), sorted.end(), [](const Subscription& a, const Subscription& b) {
    return std::tie(a.channel, a.symbol) < std::tie(b.channel, b.symbol);
  });
  request.text = "{\"type\":" + json_string(type) + ",\"channels\":[";
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const bool is_same = i > 0 && sorted[i].channel == sorted[i - 1].channel;
    if (i > 0) request.text += is_same ? "," : "]},";
    if (!is_same) {
      request.text += "{\"name\":" + json_string(sorted[i].channel) + ",\"product_ids\":[";
    }
    request.text += json_string(sorted[i].symbol);
  }
  request.text += sorted.empty() ? "]}" : "]}]}";
  return request;
}

// The channel whose frames have that type. Books come on several, so theirs stays open.
std::string_view channel_of_type(Kind kind) {
  switch (kind) {
    case Kind::kMatch:
    case Kind::kLastMatch:
      return kMatches;
    case Kind::kTicker:
      return kTicker;
    case Kind::kHeartbeat:
      return kHeartbeat;
    case Kind::kSubscriptions:
    case Kind::kError:
    case Kind::kUnparsed:
    case Kind::kUnknown:
      break;
  }
  return {};
}

bool is_data(Kind kind) { return kind != Kind::kSubscriptions && kind != Kind::kError; }

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  return !text.empty() && Scan(text).number(number) ? number : 0;
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
    std::string_view type;
    if (!scan.literal("{\"type\":\"") || !scan.word(type)) return false;
    const Kind kind = kind_of(type);
    if (!is_data(kind)) return false;
    const bool is_match = kind == Kind::kMatch || kind == Kind::kLastMatch;
    const std::string_view product = product_in(frame, is_match);
    Scan value(product);
    std::string_view symbol;
    if (product.empty() || !value.symbol(symbol) || !value.literal("\"")) return false;
    fill(kind, symbol, out);
    if (is_match) {
      out.last_id = number_in(behind_key(frame, "\"trade_id\":"));
    } else if (kind == Kind::kHeartbeat) {
      out.last_id = number_in(behind_key(frame, "\"last_trade_id\":"));
    }
    return true;
  }

  static std::string_view product_in(std::string_view frame, bool is_match) {
    constexpr std::string_view kKey = "\"product_id\":\"";
    // In a match it stands behind two order ids, which need not be looked through.
    constexpr std::size_t kOrderIdsEnd = 140;
    if (is_match && frame.size() > kOrderIdsEnd) {
      const std::string_view product = behind_key(frame.substr(kOrderIdsEnd), kKey);
      if (!product.empty()) return product;
    }
    return behind_key(frame, kKey);
  }

  static void fill(Kind kind, std::string_view symbol, FrameMeaning& out) {
    out.kind = kind == Kind::kHeartbeat ? FrameKind::kHeartbeat : FrameKind::kData;
    out.symbol = symbol;
    out.channel = channel_of_type(kind);
  }

  // Everything else, checked to its end.
  void read_any(std::string_view frame, FrameMeaning& out) {
    type_ = product_ = trade_id_ = last_trade_id_ = message_ = reason_ = json::Value();
    if (!reader_.open(frame)) return;
    const json::Step step =
        reader_.walk([this](std::string_view key, json::ondemand::value& value) {
          return reader_.take(value, value_of(key));
        });
    std::string_view type;
    if (step != json::Step::kNext || !reader_.string_of(type_, type)) return;
    const Kind kind = kind_of(type);
    if (kind == Kind::kSubscriptions) {
      read_ack(frame, out);
    } else if (kind == Kind::kError) {
      read_refusal(out);
    } else {
      std::string_view symbol;
      if (!reader_.string_of(product_, symbol)) symbol = {};
      fill(kind, symbol, out);
      if (out.channel == kMatches) out.last_id = number_in(trade_id_.text());
      if (out.channel == kHeartbeat) out.last_id = number_in(last_trade_id_.text());
    }
  }

  json::Value& value_of(std::string_view key) {
    if (key == "type") return type_;
    if (key == "product_id") return product_;
    if (key == "trade_id") return trade_id_;
    if (key == "last_trade_id") return last_trade_id_;
    if (key == "message") return message_;
    return key == "reason" ? reason_ : other_;
  }

  // Rare, so it may copy.
  void read_ack(std::string_view frame, FrameMeaning& out) {
    out.kind = FrameKind::kAck;
    simdjson::dom::array channels;
    if (parser_.parse(frame.data(), frame.size())["channels"].get_array().get(channels) !=
        simdjson::SUCCESS) {
      return;
    }
    out.lists_subscriptions = true;
    for (const auto channel : channels) {
      std::string_view name;
      simdjson::dom::array products;
      if (channel["name"].get_string().get(name) != simdjson::SUCCESS ||
          channel["product_ids"].get_array().get(products) != simdjson::SUCCESS) {
        continue;  // a channel without products
      }
      for (const auto product : products) {
        std::string_view symbol;
        if (product.get_string().get(symbol) != simdjson::SUCCESS) continue;
        out.subscriptions.push_back({std::string(symbol), std::string(name)});
      }
    }
  }

  void read_refusal(FrameMeaning& out) {
    out.kind = FrameKind::kRefusal;
    error_.clear();
    for (const json::Value& value : {message_, reason_}) {
      std::string_view part;
      if (!reader_.string_of(value, part) || part.empty()) continue;
      if (!error_.empty()) error_ += ": ";
      error_ += part;
    }
    out.text = cut_error_text(error_);
    const bool is_final =
        has_any_word(error_, {"failed to subscribe", "authenticat", "not a valid", "specify"}) &&
        !has_any_word(error_, {"rate limit", "too many"});
    out.retry = is_final ? Retry::kNever : Retry::kAfterBackoff;
    out.symbol = named_product(out.text);
  }

  // "Failed to subscribe: XYZ-USD is not a valid product"
  static std::string_view named_product(std::string_view text) {
    const std::size_t end = text.find(" is not a valid product");
    if (end == std::string_view::npos) return {};
    const std::size_t blank = text.substr(0, end).rfind(' ');
    return text.substr(blank == std::string_view::npos ? 0 : blank + 1,
                       end - (blank == std::string_view::npos ? 0 : blank + 1));
  }

  json::Reader reader_;
  json::Value type_;
  json::Value product_;
  json::Value trade_id_;
  json::Value last_trade_id_;
  json::Value message_;
  json::Value reason_;
  json::Value other_;
  simdjson::dom::parser parser_;
  std::string error_;
};

}  // namespace

std::string_view stream_channel(std::string_view word) {
  if (word == "trades") return kMatches;
  if (word == "quotes") return kTicker;
  return word.starts_with(kRaw) ? word.substr(kRaw.size()) : std::string_view();
}

std::string stream_symbol(std::string_view venue_symbol) { return std::string(venue_symbol); }

std::string venue_symbol(std::string_view canonical) { return std::string(canonical); }

SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t /*id*/) {
  return request_of("subscribe", to);
}

SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t /*id*/) {
  return request_of("unsubscribe", from);
}

std::unique_ptr<FrameReader> make_frame_reader() { return std::make_unique<Reader>(); }

}  // namespace tapeline::venue::coinbase
