// SPDX-License-Identifier: Apache-2.0
#include "venue/finnhub/session.h"

#include <algorithm>
#include <cstring>

#include "venue/finnhub/kind.h"
#include "venue/json.h"
#include "venue/scan.h"

namespace tapeline::venue::finnhub {
namespace {

constexpr std::string_view kTrades = "trade";
constexpr std::string_view kRaw = "raw:";

// {"type":"subscribe","symbol":"AAPL"}; of other channels {"type":"subscribe-news",...}.
SubscribeRequest request_of(std::string_view type, const std::vector<Subscription>& subscriptions) {
  const Subscription& only = subscriptions.front();
  std::string word(type);
  if (only.channel != kTrades) word += "-" + only.channel;
  return {"{\"type\":" + json_string(word) + ",\"symbol\":" + json_string(only.symbol) + "}",
          subscriptions};
}

class Reader final : public FrameReader {
 public:
  void read(std::string_view frame, FrameMeaning& out) override {
    out = {};
    if (frame.starts_with("{\"data\":[") && frame.ends_with("],\"type\":\"trade\"}")) {
      return read_trades(frame, out);
    }
    read_any(frame, out);
  }

 private:
  // Whose trades they are, each symbol once while it repeats.
  void read_trades(std::string_view frame, FrameMeaning& out) {
    constexpr std::string_view kKey = "\"s\":\"";
    symbols_.clear();
    while (true) {
      // Not string_view's find(), which would stop at each quote.
      const void* const at = ::memmem(frame.data(), frame.size(), kKey.data(), kKey.size());
      if (at == nullptr) break;
      frame.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(at) - frame.data()) +
                          kKey.size());
      Scan value(frame);
      std::string_view symbol;
      if (!value.symbol(symbol) || !value.literal("\"")) continue;
      if (symbols_.empty() || symbols_.back() != symbol) symbols_.push_back(symbol);
    }
    out.kind = FrameKind::kData;
    out.channel = kTrades;
    if (symbols_.empty()) return;
    out.symbol = symbols_.front();
    out.more_symbols = std::span(symbols_).subspan(1);
  }

  // Everything else, checked to its end.
  void read_any(std::string_view frame, FrameMeaning& out) {
    type_ = message_ = json::Value();
    if (!reader_.open(frame)) return;
    const json::Step step =
        reader_.walk([this](std::string_view key, json::ondemand::value& value) {
          return reader_.take(value, key == "type" ? type_ : key == "msg" ? message_ : other_);
        });
    std::string_view type;
    if (step != json::Step::kNext || !reader_.string_of(type_, type)) return;
    switch (kind_of(type)) {
      case Kind::kTrade:
        return read_trades(frame, out);
      case Kind::kPing:
        out.kind = FrameKind::kHeartbeat;
        break;
      case Kind::kError:
        read_error(out);
        break;
      case Kind::kUnparsed:
      case Kind::kUnknown:
        out.kind = FrameKind::kData;
        break;
    }
  }

  // {"type":"error","msg":"..."} names no symbol.
  void read_error(FrameMeaning& out) {
    std::string_view text;
    if (!reader_.string_of(message_, text)) text = {};
    error_ = cut_error_text(text);
    const bool is_passing =
        has_any_word(error_, {"rate limit", "limit reached", "too many requests", "try again"});
    if (!is_passing && has_any_word(error_, {"token", "api key", "apikey", "unauthorized"})) {
      out.kind = FrameKind::kDenial;
      out.retry = Retry::kNever;
      error_ += ": check the feed's token";
    } else {
      const bool is_final =
          !is_passing && has_any_word(error_, {"symbol", "subscri", "access", "plan"});
      out.kind = FrameKind::kRefusal;
      out.retry = is_final ? Retry::kNever : Retry::kAfterBackoff;
      if (has_any_word(error_, {"too many symbols"})) {
        error_ += ": name fewer, or take a plan that allows more";
      }
    }
    out.text = error_;
  }

  json::Reader reader_;
  json::Value type_;
  json::Value message_;
  json::Value other_;
  std::vector<std::string_view> symbols_;
  std::string error_;
};

}  // namespace

std::string_view stream_channel(std::string_view word) {
  if (word == "trades") return kTrades;
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

}  // namespace tapeline::venue::finnhub
