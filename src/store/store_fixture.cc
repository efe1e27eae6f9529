// SPDX-License-Identifier: Apache-2.0
#include "store/store_fixture.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <random>

namespace tapeline::store {
namespace {

constexpr std::uint64_t kRecordsPerTick = 10;
constexpr std::uint32_t kInstruments = 3;

// Numbers that reach every corner of their type, and are often small.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  std::int64_t any64() { return static_cast<std::int64_t>(random_() >> below(64)); }
  std::int64_t signed64() { return one_in(2) ? any64() : ~any64(); }
  // At most the largest DECIMAL(38,18).
  Int128 column() {
    if (one_in(8)) return any_sign() * (static_cast<Int128>(kPow10[38]) - 1);
    return static_cast<Int128>(signed64()) * 1'000'000'007;
  }
  std::optional<Int128> sum() { return one_in(4) ? std::nullopt : std::optional(column()); }

  // Normalised, as every Decimal is.
  Decimal decimal() {
    const std::string digits = fmt::format("{}", any64());
    const std::uint64_t places = below(19);
    const std::string text = places == 0 || places >= digits.size()
                                 ? digits
                                 : digits.substr(0, digits.size() - places) + "." +
                                       digits.substr(digits.size() - places);
    return parse_decimal((one_in(3) ? "-" : "") + text).value_or(Decimal{INT64_MIN, 18});
  }

  TradeId id() {
    constexpr std::string_view kTexts[] = {"007", "b5a0ef2e-93c6-4c7c-9a53-20f3b1f9c2aa",
                                           "18446744073709551616", "x",
                                           "123456789012345678901234567890123456789"};
    if (one_in(3)) return TradeId::parse(kTexts[below(std::size(kTexts))]).value_or(TradeId());
    return TradeId(random_() >> below(64));
  }

 private:
  int any_sign() { return one_in(2) ? 1 : -1; }

  std::mt19937_64 random_;
};

TradeRow trade_row(Dice& dice, Position position, std::uint32_t ordinal) {
  Trade trade;
  trade.instrument = InstrumentId(static_cast<std::uint32_t>(dice.below(kInstruments)));
  trade.channel = dice.one_in(3) ? Channel::kAggTrades : Channel::kTrades;
  trade.side = static_cast<Side>(dice.below(3));
  trade.flags = Flags::of_bits(static_cast<std::uint8_t>(dice.below(64)));
  trade.feeds_bars = dice.one_in(2);
  trade.idle_known = dice.one_in(2);
  trade.contiguous = dice.one_in(2);
  trade.ts_event = EventTime(dice.signed64());
  trade.ts_recv = RecvTime(dice.one_in(4) ? 0 : dice.any64());
  trade.order = dice.one_in(3) ? static_cast<std::uint64_t>(dice.any64()) : 0;
  trade.price = dice.decimal();
  trade.size = dice.decimal();
  trade.id = dice.id();
  trade.first_fill = trade.last_fill = trade.id.is_number() ? trade.id.number() : 0;
  if (dice.one_in(3)) trade.last_fill += dice.below(100);
  trade.counts = static_cast<tapeline::Counts>(dice.below(4));
  if (dice.one_in(2)) {
    trade.conditions = Conditions::of_bits(static_cast<std::uint64_t>(dice.any64()));
  }
  return {position, ordinal, trade};
}

QuoteRow quote_row(Dice& dice, Position position, std::uint32_t ordinal) {
  Quote quote;
  quote.instrument = InstrumentId(static_cast<std::uint32_t>(dice.below(kInstruments)));
  quote.flags = Flags::of_bits(static_cast<std::uint8_t>(dice.below(64)));
  quote.has_bid_size = dice.one_in(2);
  quote.has_ask_size = dice.one_in(2);
  quote.ts_event = EventTime(dice.signed64());
  quote.ts_recv = RecvTime(dice.any64());
  quote.bid_price = dice.decimal();
  quote.bid_size = dice.decimal();
  quote.ask_price = dice.decimal();
  quote.ask_size = dice.decimal();
  return {position, ordinal, quote};
}

BarRow bar_row(Dice& dice, Position position, std::uint32_t ordinal) {
  return {.position = position,
          .ordinal = ordinal,
          .instrument = InstrumentId(static_cast<std::uint32_t>(dice.below(kInstruments))),
          .interval = Duration(dice.any64()),
          .start = EventTime(dice.signed64()),
          .columns = {.open = dice.sum(),
                      .high = dice.sum(),
                      .low = dice.sum(),
                      .close = dice.sum(),
                      .volume = dice.sum(),
                      .buy_volume = dice.sum(),
                      .notional = dice.sum(),
                      .vwap = dice.sum(),
                      .trades = static_cast<std::uint64_t>(dice.any64()),
                      .first_id = dice.id(),
                      .last_id = dice.id()},
          .state = static_cast<BarState>(dice.below(2)),
          .quality = static_cast<Quality>(dice.below(4)),
          .revision = static_cast<std::uint32_t>(dice.below(5)),
          .cause = static_cast<Cause>(dice.below(5))};
}

RejectedRow rejected_row(Dice& dice, Position position, std::uint32_t ordinal) {
  return {.position = position,
          .ordinal = ordinal,
          .connection = ConnectionId(static_cast<std::uint32_t>(dice.any64())),
          .ts_recv = RecvTime(dice.any64()),
          .channel = static_cast<Channel>(dice.below(5)),
          .reason = dice.one_in(2) ? "bad_price" : "time_out_of_window",
          .detail = dice.one_in(2) ? "" : "a field that is \"quoted\", long and 'odd'"};
}

LateRow late_row(Dice& dice, Position position, std::uint32_t ordinal) {
  const auto instrument = InstrumentId(static_cast<std::uint32_t>(dice.below(kInstruments)));
  return {position, ordinal,
          LateTrade{.instrument = instrument,
                    .feeds_bars = dice.one_in(2),
                    .id = dice.id(),
                    .last_fill = static_cast<std::uint64_t>(dice.any64()),
                    .ts_event = EventTime(dice.signed64())}};
}

CandleRow candle_row(Dice& dice, Position position, std::uint32_t ordinal) {
  CandleRow row{
      position, ordinal,
      VenueCandle{.instrument = InstrumentId(static_cast<std::uint32_t>(dice.below(kInstruments))),
                  .interval = Duration(dice.any64()),
                  .start = EventTime(dice.signed64()),
                  .ts_recv = RecvTime(dice.any64()),
                  .open = dice.decimal(),
                  .high = dice.decimal(),
                  .low = dice.decimal(),
                  .close = dice.decimal(),
                  .volume = dice.decimal()}};
  if (dice.one_in(2)) row.candle.trades = static_cast<std::uint64_t>(dice.any64());
  return row;
}

ListingRow listing_row(Dice& dice, Position position, std::uint32_t ordinal) {
  const auto some = [&]() -> std::optional<Decimal> {
    return dice.one_in(3) ? std::nullopt : std::optional(dice.decimal());
  };
  const std::string symbol = dice.one_in(2) ? "A/B" : "a symbol that is longer than \"twelve\"";
  return {.position = position,
          .ordinal = ordinal,
          .venue = dice.one_in(2) ? "venue" : "another",
          .valid_from = RecvTime(dice.any64()),
          .listing = {.symbol = symbol,
                      .canonical = "A-B",
                      .base = dice.one_in(4) ? "" : "A",
                      .quote = dice.one_in(4) ? "" : "B",
                      .tick_size = some(),
                      .lot_size = some(),
                      .min_size = some(),
                      .min_notional = some(),
                      .status = static_cast<ListingStatus>(dice.below(kListingStatuses)),
                      .venue_status = dice.one_in(2) ? "" : "it's \"on\""}};
}

// Most of a ledger stays from tick to tick, its newest run grows, and now and then a hole closes.
LedgerRow ledger_row(std::uint64_t tick, std::uint32_t instrument) {
  LedgerRow ledger{.instrument = InstrumentId(instrument),
                   .channel = instrument == 0 ? Channel::kAggTrades : Channel::kTrades,
                   .runs = {},
                   .gaps = {}};
  std::uint64_t first = 1;
  for (std::uint64_t i = 0; i < tick % 7; ++i) {
    const auto time = [&](std::uint64_t id) { return EventTime(static_cast<std::int64_t>(id)); };
    ledger.runs.push_back(
        {first, first + 5, time(first), time(first + 5), time(first), time(99), i});
    ledger.gaps.push_back({first + 6, first + 9, time(first + 5), time(first + 10),
                           static_cast<GapCause>(i % 3), static_cast<GapState>(i % 2)});
    first += 10;
  }
  return ledger;
}

void add_record(Batch& batch, std::uint64_t seed, std::uint64_t ordinal) {
  Dice dice(seed * 1'000'003 + ordinal);
  const Position position = at(ordinal);
  if (ordinal % kRecordsPerTick == kRecordsPerTick - 1) {
    const auto bars = static_cast<std::uint32_t>(dice.below(3));
    for (std::uint32_t i = 0; i < bars; ++i) batch.bars.push_back(bar_row(dice, position, i));
    return;
  }
  const auto items = static_cast<std::uint32_t>(1 + dice.below(3));
  for (std::uint32_t i = 0; i < items; ++i) {
    switch (dice.below(10)) {
      case 0:
        batch.quotes.push_back(quote_row(dice, position, i));
        break;
      case 1:
        batch.rejected.push_back(rejected_row(dice, position, i));
        break;
      case 2:
        batch.late.push_back(late_row(dice, position, i));
        break;
      case 3:
        batch.candles.push_back(candle_row(dice, position, i));
        break;
      case 4:
        batch.listings.push_back(listing_row(dice, position, i));
        break;
      default:
        batch.trades.push_back(trade_row(dice, position, i));
    }
  }
}

std::string place(Position position, std::uint32_t ordinal) {
  return fmt::format("{:x}:{}/{}", position.journal.value(), position.ordinal, ordinal);
}

std::string text_of(const TradeId& id) {
  std::string text = id.is_number() ? "#" : "";
  id.append_to(text);
  return text;
}

std::string text_of(const std::optional<Int128>& value) {
  if (!value) return "none";
  std::string text;
  append_scaled(text, *value, Decimal::kScaleMax);
  return text;
}

// A Decimal's members, since equal values must be equal in them.
std::string text_of(Decimal value) { return fmt::format("{}e-{}", value.mantissa, value.scale); }

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

RowMaker::RowMaker(std::uint64_t seed) : seed_(seed) {
  names_.add("venue:SHORT");
  names_.add("venue:A-NAME-LONGER-THAN-TWELVE-BYTES");
  names_.add("another:SHORT");
}

Batch RowMaker::batch(std::uint64_t first, std::uint64_t last) const {
  Batch batch;
  batch.names = &names_;
  for (std::uint64_t ordinal = first; ordinal <= last; ++ordinal) {
    add_record(batch, seed_, ordinal);
  }
  const std::uint64_t tick = (last + 1) / kRecordsPerTick;
  for (std::uint32_t i = 0; i < kInstruments; ++i) batch.ledgers.push_back(ledger_row(tick + i, i));
  return batch;
}

void Expected::take(const Batch& batch) {
  const auto take_all = [&batch](const auto& rows, std::vector<std::string>& lines) {
    for (const auto& row : rows) lines.push_back(describe(row, *batch.names));
  };
  take_all(batch.trades, trades_);
  take_all(batch.quotes, quotes_);
  take_all(batch.bars, bars_);
  take_all(batch.rejected, rejected_);
  take_all(batch.late, late_);
  take_all(batch.candles, candles_);
  take_all(batch.listings, listings_);
  for (const LedgerRow& ledger : batch.ledgers) {
    const std::pair key(std::string(batch.names->name(ledger.instrument)), ledger.channel);
    ledgers_.erase(key);
    if (ledger.runs.empty() && ledger.gaps.empty()) continue;
    ledgers_.emplace(key, describe(ledger, *batch.names));
  }
}

std::vector<std::string> Expected::lines() const {
  std::vector<std::string> all;
  for (const auto* part : {&trades_, &quotes_, &bars_, &rejected_, &late_, &candles_, &listings_})
    append(all, *part);
  for (const auto& [key, line] : ledgers_) all.push_back(line);
  return all;
}

std::vector<std::string> everything_in(Reader& reader) {
  std::vector<std::string> lines;
  const auto take = [&](const auto& row) {
    lines.push_back(describe(row, reader.names()));
    return true;
  };
  const auto note = [&](const Result<void>& read) {
    if (!read) lines.push_back(read.error().text);
  };
  note(reader.trades({}, take));
  note(reader.quotes({}, take));
  note(reader.bars({}, Revisions::kAll, take));
  note(reader.rejected({}, take));
  note(reader.late({}, take));
  note(reader.candles({}, take));
  note(reader.listings({}, take));
  note(reader.ledgers("", take));
  return lines;
}

std::string describe(const TradeRow& row, const InstrumentNames& names) {
  const Trade& t = row.trade;
  return fmt::format(
      "trade {} {} {} {} flags {} {}{}{} {} {} order {} {} x {} id {} fills {}..{} conditions {} "
      "{}",
      place(row.position, row.ordinal), names.name(t.instrument), name_of(t.channel),
      name_of(t.side), t.flags.bits(), t.feeds_bars, t.idle_known, t.contiguous,
      t.ts_event.unix_ns(), t.ts_recv.unix_ns(), t.order, text_of(t.price), text_of(t.size),
      text_of(t.id), t.first_fill, t.last_fill, t.conditions.bits(), name_of(t.counts));
}

std::string describe(const QuoteRow& row, const InstrumentNames& names) {
  const Quote& q = row.quote;
  return fmt::format("quote {} {} flags {} {}{} {} {} {} x {} {} x {}",
                     place(row.position, row.ordinal), names.name(q.instrument), q.flags.bits(),
                     q.has_bid_size, q.has_ask_size, q.ts_event.unix_ns(), q.ts_recv.unix_ns(),
                     text_of(q.bid_price), text_of(q.bid_size), text_of(q.ask_price),
                     text_of(q.ask_size));
}

std::string describe(const BarRow& row, const InstrumentNames& names) {
  const BarColumns& c = row.columns;
  return fmt::format("bar {} {} {} {} {} {} {} {} {} {} {} {} trades {} {}..{} {} {} {} {}",
                     place(row.position, row.ordinal), names.name(row.instrument),
                     row.interval.count(), row.start.unix_ns(), text_of(c.open), text_of(c.high),
                     text_of(c.low), text_of(c.close), text_of(c.volume), text_of(c.buy_volume),
                     text_of(c.notional), text_of(c.vwap), c.trades, text_of(c.first_id),
                     text_of(c.last_id), name_of(row.state), name_of(row.quality), row.revision,
                     name_of(row.cause));
}

std::string describe(const RejectedRow& row, const InstrumentNames& /*names*/) {
  return fmt::format("rejected {} {} {} {} {} {}", place(row.position, row.ordinal),
                     row.connection.value(), row.ts_recv.unix_ns(), name_of(row.channel),
                     row.reason, row.detail);
}

std::string describe(const LateRow& row, const InstrumentNames& names) {
  return fmt::format("late {} {} {} id {} last {} {}", place(row.position, row.ordinal),
                     names.name(row.late.instrument), row.late.feeds_bars, text_of(row.late.id),
                     row.late.last_fill, row.late.ts_event.unix_ns());
}

std::string describe(const CandleRow& row, const InstrumentNames& names) {
  const VenueCandle& c = row.candle;
  return fmt::format("candle {} {} {} {} recv {} {} {} {} {} {} trades {}",
                     place(row.position, row.ordinal), names.name(c.instrument), c.interval.count(),
                     c.start.unix_ns(), c.ts_recv.unix_ns(), text_of(c.open), text_of(c.high),
                     text_of(c.low), text_of(c.close), text_of(c.volume),
                     c.trades ? fmt::format("{}", *c.trades) : "none");
}

std::string describe(const ListingRow& row, const InstrumentNames& /*names*/) {
  const Listing& its = row.listing;
  const auto number = [](const std::optional<Decimal>& value) {
    return value ? text_of(*value) : "none";
  };
  return fmt::format("listing {} {} {} {} {} {}/{} {} {} {} {} {} {}",
                     place(row.position, row.ordinal), row.venue, row.valid_from.unix_ns(),
                     its.symbol, its.canonical, its.base, its.quote, number(its.tick_size),
                     number(its.lot_size), number(its.min_size), number(its.min_notional),
                     name_of(its.status), its.venue_status);
}

std::string describe(const LedgerRow& row, const InstrumentNames& names) {
  std::string text = fmt::format("ledger {} {}", names.name(row.instrument), name_of(row.channel));
  for (const IdRun& run : row.runs) {
    text += fmt::format(" [{}..{} {} {} {} {}]", run.first, run.last, run.first_time.unix_ns(),
                        run.last_time.unix_ns(), run.time_min.unix_ns(), run.time_max.unix_ns());
    if (run.repaired > 0) text += fmt::format(" {} repaired", run.repaired);
  }
  for (const IdGap& gap : row.gaps) {
    text += fmt::format(" gap {}..{} {} {} {}", gap.first, gap.last, gap.from_time.unix_ns(),
                        gap.to_time.unix_ns(), name_of(gap.cause));
    if (gap.state != GapState::kOpen) text += fmt::format(" {}", name_of(gap.state));
  }
  return text;
}

}  // namespace tapeline::store
