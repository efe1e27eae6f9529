// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>

#include "model/bar.h"

namespace tapeline {
namespace {

// A bar's other prices are near its first, and often the same.
Int128 load_near(ByteReader& in, Int128 first) {
  Int128 price = 0;
  if (__builtin_add_overflow(first, in.integer128(), &price)) in.refuse("a price is out of range");
  return price;
}

constexpr std::array kMarks{&BarPartial::size_missing, &BarPartial::side_unknown,
                            &BarPartial::backfilled, &BarPartial::coarse, &BarPartial::uncounted};
// Behind the marks stands how much less than all it counts for.
constexpr unsigned kLeast = static_cast<unsigned>(Counts::kAll) - 1;

}  // namespace

void BarPartial::End::save(ByteWriter& out, EventTime start) const {
  out.numbers(ByteWriter::unsigned_of((key.ts_event - start).count()), key.order);
  key.id.save(out);
  const std::uint64_t expected = key.id.is_number() ? key.id.number() : 0;
  out.integer(static_cast<std::int64_t>(fill - expected));
}

void BarPartial::End::load(ByteReader& in, EventTime start) {
  key.ts_event = in.time_of<EventTime>(Int128{start.unix_ns()} + in.integer());
  key.order = in.number<std::uint64_t>();
  key.id.load(in);
  const std::uint64_t expected = key.id.is_number() ? key.id.number() : 0;
  fill = expected + static_cast<std::uint64_t>(in.integer());
}

void BarPartial::save(ByteWriter& out, EventTime start) const {
  unsigned marks = 0;
  for (std::size_t i = 0; i < kMarks.size(); ++i) marks |= unsigned{this->*kMarks[i]} << i;
  marks |= (static_cast<unsigned>(Counts::kAll) - static_cast<unsigned>(counts)) << kMarks.size();
  const auto apart = [this](Int128 price) { return ByteWriter::unsigned_of(price - open); };
  out.numbers(trades, marks, ByteWriter::unsigned_of(open), apart(high), apart(low), apart(close));
  volume.save(out);
  buy_volume.save(out);
  notional.save(out);
  open_end.save(out, start);
  close_end.save(out, start);
}

void BarPartial::load(ByteReader& in, EventTime start) {
  trades = in.number<std::uint64_t>();
  const auto marks = in.number<std::uint8_t>();
  const unsigned less = marks >> kMarks.size();
  in.require(trades > 0 && less <= kLeast, "a bar holds no trade");
  counts = static_cast<Counts>(static_cast<unsigned>(Counts::kAll) - less);
  for (std::size_t i = 0; i < kMarks.size(); ++i) this->*kMarks[i] = (marks >> i & 1U) != 0;
  open = in.integer128();
  high = load_near(in, open);
  low = load_near(in, open);
  close = load_near(in, open);
  in.require(low <= open && low <= close && open <= high && close <= high, "a price is too far");
  volume.load(in);
  buy_volume.load(in);
  notional.load(in);
  open_end.load(in, start);
  close_end.load(in, start);
}

}  // namespace tapeline
