// SPDX-License-Identifier: Apache-2.0
#include "toy/toy.h"

#include <memory>
#include <string>

#include "venue/field.h"
#include "venue/field_set.h"
#include "venue/instruments.h"
#include "venue/json.h"

namespace tapeline::venue::toy {
namespace {

enum class Key : std::uint8_t { kSymbol, kId, kPrice, kSize, kTime, kOther };

Key key_of(std::string_view name) {
  if (name == "symbol") return Key::kSymbol;
  if (name == "id") return Key::kId;
  if (name == "price") return Key::kPrice;
  if (name == "size") return Key::kSize;
  return name == "ms" ? Key::kTime : Key::kOther;
}

// {"symbol":"btc/usd","id":7,"price":"1.5","size":"2","ms":1618677817089}
class FrameParser final : public Parser {
 public:
  void parse(std::string_view frame, Items& items) override {
    fields_.clear();
    const bool is_read =
        reader_.open(frame) && reader_.walk([this](std::string_view name, auto& value) {
          return fields_.take(reader_, key_of(name), value);
        }) == json::Step::kNext;
    if (!is_read || fields_.is_repeated()) {
      items.emplace_back(Reject{});
      return;
    }
    FieldReader reader(reader_, Channel::kTrades);
    Item& item = items.emplace_back(std::in_place_type<WireTrade>);
    if (!read_trade(reader, std::get<WireTrade>(item))) item = reader.reject();
  }

 private:
  bool read_trade(FieldReader& reader, WireTrade& trade) const {
    return reader.symbol(fields_.at(Key::kSymbol), "symbol", trade.symbol) &&
           reader.id(fields_.at(Key::kId), "id", trade.id) &&
           reader.price(fields_.at(Key::kPrice), "price", trade.price) &&
           reader.size(fields_.at(Key::kSize), "size", trade.size) &&
           reader.epoch(fields_.at(Key::kTime), "ms", trade.ts_event);
  }

  json::Reader reader_;
  FieldSet<Key> fields_;
};

std::unique_ptr<Parser> make_parser() { return std::make_unique<FrameParser>(); }

std::string canonical_symbol(std::string_view symbol) {
  std::string out(symbol);
  for (char& c : out) c = c == '/' ? '-' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return out;
}

Result<InstrumentList> parse_instruments(std::string_view text) {
  const auto set_name = [](const InstrumentRow& row, Listing& out) {
    out.symbol = row.symbol;
    out.canonical = canonical_symbol(row.symbol);
    set_assets(out.canonical, out);
  };
  return read_instruments(text, {.symbol = "symbol", .name = set_name},
                          "the list is not an array of objects with a symbol");
}

}  // namespace

const Venue& venue() {
  static constexpr Venue kVenue{.name = "toy",
                                .make_parser = make_parser,
                                .canonical_symbol = canonical_symbol,
                                .parse_instruments = parse_instruments,
                                .contiguous_ids = true};
  return kVenue;
}

}  // namespace tapeline::venue::toy
