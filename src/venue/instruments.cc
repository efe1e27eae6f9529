// SPDX-License-Identifier: Apache-2.0
#include "venue/instruments.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include "model/asset.h"
#include "venue/field.h"
#include "venue/json.h"

namespace tapeline::venue {
namespace {

namespace dom = simdjson::dom;

// An element of an array is found by what it calls itself.
std::optional<dom::element> step(const dom::element& from, std::string_view key) {
  constexpr std::string_view kKind = "filterType";
  dom::element found;
  if (from.is_object()) {
    if (from[key].get(found) == simdjson::SUCCESS) return found;
    return std::nullopt;
  }
  dom::array elements;
  if (from.get(elements) != simdjson::SUCCESS) return std::nullopt;
  for (const dom::element element : elements) {
    std::string_view kind;
    if (element[kKind].get(kind) == simdjson::SUCCESS && kind == key) return element;
  }
  return std::nullopt;
}

// Nothing where there is none such, or the path is empty.
std::optional<dom::element> find(const dom::element& from, std::string_view path) {
  if (path.empty()) return std::nullopt;
  std::optional<dom::element> at = from;
  while (at && !path.empty()) {
    const std::string_view key = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), key.size() + 1));
    at = step(*at, key);
  }
  return at;
}

// A number as it is written: a text, or an integer; no other number is exact here.
std::optional<Decimal> decimal_of(const dom::element& value) {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return parse_number(text.substr(0, text.find(' ')));
  std::int64_t integer = 0;
  if (value.get(integer) != simdjson::SUCCESS) return std::nullopt;
  return parse_decimal(std::to_string(integer));
}

bool is_empty_text(const dom::element& value) {
  std::string_view text;
  return value.is_null() || (value.get(text) == simdjson::SUCCESS && text.empty());
}

// Reads the fields of one row, and notes when one of them is malformed.
class RowReader {
 public:
  RowReader(const dom::element& row, const InstrumentFields& fields) : row_(row), fields_(fields) {}

  // False: it is no row.
  bool read_name(InstrumentRow& out) const {
    return read_name(fields_.symbol, out.symbol) && read_name(fields_.base, out.base) &&
           read_name(fields_.quote, out.quote);
  }

  void read_terms(InstrumentList::Row& out) {
    Listing& listing = out.listing;
    listing.tick_size = step_of(fields_.tick, fields_.tick_places);
    listing.lot_size = step_of(fields_.lot, fields_.lot_places);
    listing.min_size = number(fields_.min_size);
    listing.min_notional = number(fields_.min_notional);
    read_status(listing);
    out.is_unreadable = is_unreadable_;
  }

 private:
  bool read_name(std::string_view path, std::string_view& out) const {
    if (path.empty()) return true;
    const auto value = find(row_, path);
    return value && value->get(out) == simdjson::SUCCESS && is_symbol(out);
  }

  std::optional<Decimal> number(std::string_view path) {
    const auto value = find(row_, path);
    if (!value || is_empty_text(*value)) return std::nullopt;
    auto out = decimal_of(*value);
    if (out && out->mantissa >= 0) return out;
    is_unreadable_ = true;
    return std::nullopt;
  }

  // A step of zero is none.
  std::optional<Decimal> step_of(std::string_view path, std::string_view places_path) {
    if (auto out = number(path)) return out->mantissa > 0 ? out : std::nullopt;
    const auto places = number(places_path);
    if (!places) return std::nullopt;
    if (places->scale == 0 && places->mantissa <= Decimal::kScaleMax) {
      return Decimal{1, static_cast<std::uint8_t>(places->mantissa)};
    }
    is_unreadable_ = true;
    return std::nullopt;
  }

  void read_status(Listing& out) {
    const auto value = find(row_, fields_.status);
    std::string_view word;
    if (value && !is_empty_text(*value)) {
      if (value->get(word) != simdjson::SUCCESS || !is_symbol(word)) {
        word = {};
        is_unreadable_ = true;
      }
    }
    for (const StatusWord& known : fields_.words) {
      if (known.word == word) out.status = known.status;
    }
    out.venue_status = word;
    const bool may_be_less =
        out.status == ListingStatus::kTrading || out.status == ListingStatus::kUnknown;
    if (!may_be_less) return;
    for (const StatusWord& flag : fields_.flags) {
      bool is_set = false;
      const auto at = find(row_, flag.word);
      if (!at || at->get(is_set) != simdjson::SUCCESS || !is_set) continue;
      out.status = flag.status;
      out.venue_status = flag.word;
      return;
    }
  }

  const dom::element& row_;
  const InstrumentFields& fields_;
  bool is_unreadable_ = false;
};

class ListReader {
 public:
  explicit ListReader(const InstrumentFields& fields) : fields_(fields) {}

  bool read(const dom::element& document) {
    const auto rows = fields_.list.empty() ? std::optional(document) : find(document, fields_.list);
    if (!rows || !read_rows(*rows)) return false;
    list_.is_whole = !has_more(document);
    return true;
  }
  InstrumentList take() && { return std::move(list_); }

 private:
  [[nodiscard]] bool has_more(const dom::element& document) const {
    const auto value = find(document, fields_.more);
    bool is_set = false;
    if (!value || value->is_null()) return false;
    return value->get(is_set) == simdjson::SUCCESS ? is_set : !is_empty_text(*value);
  }

  bool read_rows(const dom::element& rows) {
    if (fields_.is_object) {
      dom::object object;
      if (rows.get(object) != simdjson::SUCCESS) return false;
      return std::all_of(object.begin(), object.end(),
                         [this](const auto& field) { return read_row(field.value); });
    }
    dom::array array;
    if (rows.get(array) != simdjson::SUCCESS) return false;
    return std::all_of(array.begin(), array.end(),
                       [this](const dom::element& row) { return read_row(row); });
  }

  bool read_row(const dom::element& row) {
    if (!row.is_object()) return false;
    if (fields_.skips_unnamed && !find(row, fields_.symbol)) return true;
    RowReader reader(row, fields_);
    InstrumentRow names;
    if (!reader.read_name(names)) return false;
    InstrumentList::Row out;
    fields_.name(names, out.listing);
    if (!seen_.insert(out.listing.symbol).second) return true;
    reader.read_terms(out);
    list_.rows.push_back(std::move(out));
    return list_.rows.size() <= kListedMax;
  }

  const InstrumentFields& fields_;
  InstrumentList list_;
  std::unordered_set<std::string> seen_;
};

}  // namespace

void set_assets(std::string_view canonical, Listing& out) {
  const std::size_t dash = canonical.rfind('-');
  out.base = canonical_asset(canonical.substr(0, dash));
  if (dash != std::string_view::npos) out.quote = canonical_asset(canonical.substr(dash + 1));
}

void name_of_pair(const InstrumentRow& row, Listing& out) {
  out.symbol = out.canonical = row.symbol;
  set_assets(row.symbol, out);
}

void name_of_parts(const InstrumentRow& row, Listing& out) {
  out.symbol = row.symbol;
  out.canonical = std::string(row.base) + "-" + std::string(row.quote);
  out.base = canonical_asset(row.base);
  out.quote = canonical_asset(row.quote);
}

Result<InstrumentList> read_instruments(std::string_view text, const InstrumentFields& fields,
                                        std::string_view complaint) {
  const simdjson::padded_string padded(text);
  dom::parser parser;
  dom::element document;
  ListReader reader(fields);
  if (parser.parse(padded).get(document) != simdjson::SUCCESS || !reader.read(document)) {
    return fail(Fault::kTheirs, std::string(complaint));
  }
  return std::move(reader).take();
}

}  // namespace tapeline::venue
