// SPDX-License-Identifier: Apache-2.0
#include "venue/twelvedata/session.h"

#include <algorithm>

#include "venue/field_set.h"
#include "venue/json.h"
#include "venue/scan.h"
#include "venue/twelvedata/parse.h"

namespace tapeline::venue::twelvedata {
namespace {

// Prices carry the quotes too.
constexpr std::string_view kPrice = "price";

// {"action":"subscribe","params":{"symbols":"AAPL,EUR/USD"}}
SubscribeRequest request_of(std::string_view action,
                            const std::vector<Subscription>& subscriptions) {
  std::string symbols;
  for (const Subscription& each : subscriptions) {
    symbols += (symbols.empty() ? "" : ",") + each.symbol;
  }
  return {"{\"action\":" + json_string(action) +
              ",\"params\":{\"symbols\":" + json_string(symbols) + "}}",
          subscriptions};
}

class Reader final : public FrameReader {
 public:
  void read(std::string_view frame, FrameMeaning& out) override {
    out = {};
    Scan scan(frame);
    std::string_view symbol;
    if (scan.literal("{\"event\":\"price\",\"symbol\":\"") && scan.symbol(symbol) &&
        scan.literal("\"")) {
      out.kind = FrameKind::kData;
      out.channel = kPrice;
      out.symbol = symbol;
      return;
    }
    read_any(frame, out);
  }

 private:
  // Everything else, checked to its end.
  void read_any(std::string_view frame, FrameMeaning& out) {
    fields_.clear();
    if (!reader_.open(frame)) return;
    const json::Step step =
        reader_.walk([this](std::string_view name, json::ondemand::value& value) {
          return fields_.take(reader_, key_of(name), value);
        });
    if (step != json::Step::kNext) return;
    std::string_view event;
    if (!reader_.string_of(fields_.at(Key::kEvent), event)) {
      if (fields_.has(Key::kCode)) read_error(out);
      return;
    }
    switch (kind_of(event)) {
      case Kind::kPrice:
        out.kind = FrameKind::kData;
        out.channel = kPrice;
        if (!reader_.string_of(fields_.at(Key::kSymbol), out.symbol)) out.symbol = {};
        break;
      case Kind::kStatus:
        read_status(frame, out);
        break;
      case Kind::kHeartbeat:
        out.kind = FrameKind::kHeartbeat;
        break;
      case Kind::kError:
      case Kind::kUnknown:
        break;
    }
  }

  // {"code":401,"message":"...","status":"error"}: of the key and the plan, or of too much.
  void read_error(FrameMeaning& out) {
    std::string_view text;
    if (!reader_.string_of(fields_.at(Key::kMessage), text)) text = {};
    error_ = cut_error_text(text);
    const auto code = parse_count(fields_.at(Key::kCode).text()).value_or(0);
    refuse(code == 401 || code == 403, code >= 400 && code < 500 && code != 429, out);
  }

  void refuse(bool is_denied, bool is_final, FrameMeaning& out) {
    out.kind = is_denied ? FrameKind::kDenial : FrameKind::kRefusal;
    out.retry = is_final ? Retry::kNever : Retry::kAfterBackoff;
    if (is_denied) error_ += ": check the feed's token and its plan";
    out.text = error_;
  }

  // Rare, so it may copy. A partial failure is no reason to begin anew: what fails is refused.
  void read_status(std::string_view frame, FrameMeaning& out) {
    simdjson::dom::element root;
    if (parser_.parse(frame.data(), frame.size()).get(root) != simdjson::SUCCESS) return;
    std::string_view status;
    simdjson::dom::element fails;
    const bool is_error =
        root["status"].get_string().get(status) == simdjson::SUCCESS && status == "error";
    const bool has_fails = root["fails"].get(fails) == simdjson::SUCCESS && fails.is_array();
    error_.clear();
    if (has_fails) read_fails(fails, out);
    if (!is_error || !out.refused.empty()) {
      out.kind = FrameKind::kAck;
      out.text = error_;
      return;
    }
    std::string_view text;
    if (root.at_pointer("/messages/0").get_string().get(text) == simdjson::SUCCESS) error_ = text;
    error_ = cut_error_text(error_);
    const bool is_passing = has_any_word(error_, {"limit", "credits", "too many", "try again"});
    const bool is_key = has_any_word(error_, {"apikey", "api key"});
    refuse(is_key && !is_passing, !is_passing, out);
  }

  // Objects or texts; the first one's reason stands for all.
  void read_fails(const simdjson::dom::element& fails, FrameMeaning& out) {
    for (const simdjson::dom::element each :
         simdjson::dom::array(fails.get_array().value_unsafe())) {
      std::string_view symbol;
      const bool is_text = each.get_string().get(symbol) == simdjson::SUCCESS;
      if (!is_text && each["symbol"].get_string().get(symbol) != simdjson::SUCCESS) continue;
      out.refused.push_back({std::string(symbol), std::string(kPrice)});
      std::string_view text;
      if (error_.empty() && each["message"].get_string().get(text) == simdjson::SUCCESS) {
        error_ = cut_error_text(text);
      }
    }
    if (error_.empty() && !out.refused.empty()) {
      error_ = "the venue does not know it, or the plan does not include it";
    }
  }

  json::Reader reader_;
  FieldSet<Key> fields_;
  simdjson::dom::parser parser_;
  std::string error_;
};

}  // namespace

std::string_view stream_channel(std::string_view word) {
  return word == "trades" || word == "quotes" ? kPrice : std::string_view();
}

std::string stream_symbol(std::string_view venue_symbol) { return std::string(venue_symbol); }

std::string venue_symbol(std::string_view canonical) {
  std::string out(canonical);
  std::replace(out.begin(), out.end(), '-', '/');
  return out;
}

SubscribeRequest subscribe(const std::vector<Subscription>& to, std::uint64_t /*id*/) {
  return request_of("subscribe", to);
}

SubscribeRequest unsubscribe(const std::vector<Subscription>& from, std::uint64_t /*id*/) {
  return request_of("unsubscribe", from);
}

std::unique_ptr<FrameReader> make_frame_reader() { return std::make_unique<Reader>(); }

}  // namespace tapeline::venue::twelvedata
