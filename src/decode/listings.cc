// SPDX-License-Identifier: Apache-2.0
#include "decode/listings.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace tapeline::decode {
namespace {

bool is_listed(const Listing& listing) { return listing.status != ListingStatus::kVanished; }

void save_decimal(ByteWriter& out, const std::optional<Decimal>& value) {
  out.flag(value.has_value());
  if (!value) return;
  out.integer(value->mantissa);
  out.number(value->scale);
}

std::optional<Decimal> load_decimal(ByteReader& in) {
  if (!in.flag()) return std::nullopt;
  const std::int64_t mantissa = in.integer();
  const auto scale = in.number<std::uint8_t>();
  const bool is_normal = scale == 0 || (scale <= Decimal::kScaleMax && mantissa % 10 != 0);
  in.require(is_normal, "a number is not as it should be");
  return Decimal{mantissa, scale};
}

void save_listing(ByteWriter& out, const Listing& listing) {
  out.text(listing.symbol);
  out.text(listing.canonical);
  out.text(listing.base);
  out.text(listing.quote);
  save_decimal(out, listing.tick_size);
  save_decimal(out, listing.lot_size);
  save_decimal(out, listing.min_size);
  save_decimal(out, listing.min_notional);
  out.choice(listing.status);
  out.text(listing.venue_status);
}

Listing load_listing(ByteReader& in) {
  Listing listing;
  listing.symbol = in.text();
  listing.canonical = in.text();
  listing.base = in.text();
  listing.quote = in.text();
  listing.tick_size = load_decimal(in);
  listing.lot_size = load_decimal(in);
  listing.min_size = load_decimal(in);
  listing.min_notional = load_decimal(in);
  listing.status = in.choice(ListingStatus::kVanished);
  listing.venue_status = in.text();
  return listing;
}

}  // namespace

const Listing* Listings::find(std::uint32_t venue, std::string_view symbol) const {
  if (venue >= venues_.size()) return nullptr;
  const auto at = venues_[venue].listings.find(symbol);
  return at != venues_[venue].listings.end() ? &at->second : nullptr;
}

bool Listings::set(Known& known, const venue::InstrumentList::Row& row, const OnChange& on_change) {
  auto at = known.listings.find(row.listing.symbol);
  if (at == known.listings.end()) {
    if (known.listings.size() >= kKnownMax) return false;
    at = known.listings.emplace(row.listing.symbol, row.listing).first;
    ++known.listed;
  } else if (at->second == row.listing) {
    return true;
  } else {
    if (!is_listed(at->second)) ++known.listed;
    at->second = row.listing;
  }
  on_change(at->second, row.is_unreadable);
  return true;
}

Listings::Taken Listings::take(std::uint32_t venue, const venue::InstrumentList& list,
                               RecvTime ts_recv, const OnChange& on_change) {
  if (venue >= venues_.size()) venues_.resize(venue + 1);
  Known& known = venues_[venue];
  std::unordered_set<std::string_view> there;
  std::uint64_t kept = 0;
  for (const auto& row : list.rows) {
    there.insert(row.listing.symbol);
    const auto at = known.listings.find(row.listing.symbol);
    kept += at != known.listings.end() && is_listed(at->second) ? 1U : 0U;
  }
  if (list.is_whole && kept < known.listed - kept) {
    const bool is_told =
        known.doubt && known.doubt->rows == list.rows.size() && known.doubt->kept == kept;
    if (!known.doubt) known.doubt = Doubt{.since = ts_recv};
    known.doubt->rows = list.rows.size();
    known.doubt->kept = kept;
    const bool is_believed = ts_recv - kDoubt >= known.doubt->since;
    if (!is_believed) return is_told ? Taken::kStillDoubted : Taken::kDoubted;
  }
  known.doubt.reset();
  bool is_full = false;
  for (const auto& row : list.rows) is_full = !set(known, row, on_change) || is_full;
  for (auto& [symbol, listing] : known.listings) {
    if (!list.is_whole || !is_listed(listing) || there.contains(symbol)) continue;
    listing.status = ListingStatus::kVanished;
    listing.venue_status.clear();
    --known.listed;
    on_change(listing, false);
  }
  return is_full ? Taken::kFull : Taken::kTaken;
}

void Listings::save(ByteWriter& out) const {
  out.number(venues_.size());
  for (const Known& known : venues_) {
    out.flag(known.doubt.has_value());
    if (known.doubt) {
      out.time(known.doubt->since);
      out.number(known.doubt->rows);
      out.number(known.doubt->kept);
    }
    out.number(known.listings.size());
    for (const auto& [symbol, listing] : known.listings) save_listing(out, listing);
  }
}

void Listings::load(ByteReader& in, std::size_t venues) {
  const ByteReader::Part part(in, "lists");
  venues_.resize(in.count(venues));
  for (Known& known : venues_) {
    if (!in.failed()) load_venue(in, known);
  }
}

void Listings::load_venue(ByteReader& in, Known& known) {
  if (in.flag()) {
    Doubt doubt;
    doubt.since = in.time<RecvTime>();
    doubt.rows = in.number<std::uint64_t>();
    doubt.kept = in.number<std::uint64_t>();
    known.doubt = doubt;
  }
  for (std::size_t left = in.count(kKnownMax); left > 0 && !in.failed(); --left) {
    Listing listing = load_listing(in);
    known.listed += is_listed(listing) ? 1U : 0U;
    std::string symbol = listing.symbol;
    const bool is_new = known.listings.emplace(std::move(symbol), std::move(listing)).second;
    in.require(is_new, "a symbol is there twice");
  }
}

}  // namespace tapeline::decode
