// SPDX-License-Identifier: Apache-2.0
#include "decode/decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "base/check.h"
#include "decode/epoch.h"
#include "decode/refused.h"
#include "decode/venue_table.h"

namespace tapeline::decode {

using journal::Record;
using ledger::Standing;

namespace {

constexpr int kHttpOk = 200;
// An aggregated trade of more fills than this is no trade.
constexpr std::uint64_t kFillsMax = 1'000'000;
constexpr Duration kAcceptBack = std::chrono::hours(24 * 3653);
constexpr Duration kAcceptAhead = std::chrono::hours(24);
// Windows, watermarks and idle time-outs reckon with times around a trade's, a year for each: two
// are left at either end of them.
constexpr Duration kRoom = std::chrono::hours(24 * 2 * 366);

}  // namespace

Decoder::Decoder(const DecodeOptions& options, EventSink& events, RejectSink& rejects,
                 metrics::Counters& counters)
    : options_(options),
      events_(events),
      rejects_(rejects),
      tally_(counters),
      instruments_(options.instruments, options.watermark) {
  for (const venue::Venue* venue : venue_table()) {
    conditions_.emplace_back(venue->conditions, options.conditions);
  }
}

Result<void> Decoder::read(const Record& record) {
  switch (record.type) {
    case journal::RecordType::kEpoch: {
      const auto epoch = parse_epoch(record.bytes);
      if (!epoch) return tl::make_unexpected(epoch.error());
      if (options_.lateness_from_epochs) options_.lateness = epoch->lateness;
      return {};
    }
    case journal::RecordType::kInstruments: {
      const auto list = parse_instrument_list(record.bytes);
      if (!list) return tl::make_unexpected(list.error());
      return read_instruments(record, *list);
    }
    case journal::RecordType::kOpen:
      return open(record);
    case journal::RecordType::kRefused: {
      const auto refused = parse_refused(record.bytes);
      if (!refused) return tl::make_unexpected(refused.error());
      Record line = record;
      line.bytes = refused->line;
      refuse(line, refused->reason, "line");
      return {};
    }
    default:
      TAPELINE_CHECK(false, "frames, rows and ticks have functions of their own");
  }
  return {};
}

Result<void> Decoder::open(const Record& record) {
  auto source = parse_source(record.bytes);
  if (!source) return tl::make_unexpected(source.error());
  return open(record.connection.value(), std::move(*source));
}

Result<void> Decoder::open(std::size_t index, Source source) {
  Connection connection;
  connection.venue = find_venue(source.venue);
  if (!connection.venue && !source.venue.empty()) {
    return fail(Fault::kCaller, fmt::format("unknown venue \"{}\"", source.venue));
  }
  if (source.rows) {
    auto layout = parse_csv_header(source.csv_header, source.time_unit);
    if (!layout) return tl::make_unexpected(layout.error());
    connection.row_parser = std::make_unique<CsvRowParser>(*layout);
  } else {
    if (!connection.venue) return fail(Fault::kCaller, "frames need a venue");
    connection.parser = venue_table()[*connection.venue]->make_parser();
  }
  connection.source = std::move(source);
  if (index >= kConnectionsMax) {
    return fail(Fault::kTheirs, fmt::format("connection {} is beyond the {} that one replay takes",
                                            index, kConnectionsMax));
  }
  if (index >= connections_.size()) connections_.resize(index + 1);
  connections_[index] = std::move(connection);
  return {};
}

// What is wrong with a list, or with a row of it, is an item of its own: one that was refused.
Result<void> Decoder::read_instruments(const Record& record, const InstrumentList& list) {
  constexpr std::string_view kDetail = "instrument list";
  const auto index = find_venue(list.venue);
  if (!index) return fail(Fault::kCaller, fmt::format("unknown venue \"{}\"", list.venue));
  const venue::Venue& venue = *venue_table()[*index];
  const auto listed = venue.parse_instruments(list.json);
  if (!listed) return tl::make_unexpected(listed.error());
  venue_ = *index;
  const auto refuse_item = [&](RejectReason reason) {
    tally_.received(venue_, Channel::kOther);
    reject(record, Channel::kOther, reason, kDetail);
  };
  const auto on_change = [&](const Listing& listing, bool is_unreadable) {
    if (is_unreadable) refuse_item(RejectReason::kBadField);
    tally_.listing_changed(venue_, listing.status);
    events_.on_listing({venue.name, record.ts_recv, listing});
  };
  const auto taken = instruments_.listings().take(venue_, *listed, record.ts_recv, on_change);
  if (taken == Listings::Taken::kDoubted) refuse_item(RejectReason::kListShrunk);
  if (taken == Listings::Taken::kFull) refuse_item(RejectReason::kTooManyInstruments);
  return {};
}

bool Decoder::is_readable(const Record& record) const {
  const std::size_t index = record.connection.value();
  if (index >= connections_.size()) return false;
  const Connection& connection = connections_[index];
  switch (record.type) {
    case journal::RecordType::kFrame:
      return connection.parser != nullptr;
    case journal::RecordType::kRow:
      return connection.row_parser != nullptr;
    default:
      return connection.parser != nullptr || connection.row_parser != nullptr;
  }
}

const Parsed& Decoder::parse(const Record& record) {
  Connection& connection = connections_[record.connection.value()];
  parsed_.items.clear();
  parsed_.recv_inferred = connection.source.recv_inferred;
  parsed_.idle_known = connection.source.idle_known;
  parsed_.venue = connection.venue.value_or(Tally::unknown_venue());
  if (record.type == journal::RecordType::kRow) {
    parse_row(record.bytes, *connection.row_parser, connection.venue);
  } else if (connection.source.is_record_only && !options_.reads_record_only) {
    parsed_.items.emplace_back(venue::Control{ControlReason::kUnparsed, Channel::kOther});
  } else {
    connection.parser->parse(record.bytes, parsed_.items);
  }
  return parsed_;
}

void Decoder::parse_row(std::string_view row, CsvRowParser& parser,
                        std::optional<std::uint32_t> default_venue) {
  if (!parser.parse(row, row_)) {
    parsed_.items.emplace_back(row_.reject);
    return;
  }
  // A column of times of receipt that this row leaves empty.
  if (!row_.ts_recv && parser.layout().has(CsvColumn::kTsRecv)) {
    parsed_.recv_inferred = true;
    parsed_.idle_known = false;
  }
  const auto venue = row_.venue.empty() ? default_venue : find_venue(row_.venue);
  if (!venue) {
    parsed_.items.emplace_back(venue::Reject{RejectReason::kBadField, Channel::kTrades, "venue"});
    return;
  }
  parsed_.venue = *venue;
  parsed_.items.emplace_back(row_.trade);
}

void Decoder::judge(const Record& record, const Parsed& parsed) {
  admits_late_ = false;
  judge_items(record, parsed);
  tally_.frame_read(rejected_any_);
}

void Decoder::judge_items(const Record& record, const Parsed& parsed) {
  venue_ = parsed.venue;
  recv_inferred_ = parsed.recv_inferred;
  idle_known_ = parsed.idle_known;
  rejected_any_ = false;
  item_index_ = 0;
  for (const venue::Item& item : parsed.items) {
    std::visit([&](const auto& wire) { judge_item(record, wire); }, item);
    ++item_index_;
  }
}

Result<void> Decoder::read_answer(const Record& record) {
  const auto candles = parse_candle_answer(record.bytes);
  if (!candles) return tl::make_unexpected(candles.error());
  if (*candles) return read_candles(record, **candles);
  const auto answer = parse_history_answer(record.bytes);
  if (!answer) return tl::make_unexpected(answer.error());
  return *answer ? read_history(record, **answer) : Result<void>{};
}

Result<void> Decoder::read_history(const Record& record, const HistoryAnswer& answer) {
  if (answer.status != kHttpOk) return {};
  const HistoryQuestion& question = answer.question;
  const auto venue = find_venue(question.venue);
  const venue::HistoryFacts* facts = venue ? venue_table()[*venue]->history : nullptr;
  if (facts == nullptr) {
    return fail(Fault::kCaller, fmt::format("\"{}\" has no history here", question.venue));
  }
  history_parsers_.resize(venue_table().size());
  auto& parser = history_parsers_[*venue];
  if (parser == nullptr) parser = facts->make_parser();
  parsed_.items.clear();
  parsed_.recv_inferred = false;
  parsed_.idle_known = true;
  parsed_.venue = *venue;
  const auto page = parser->parse(question.wish, answer.body, parsed_.items);
  if (!page) {
    parsed_.items.emplace_back(
        Reject{RejectReason::kBadJson, question.wish.channel, "the answer is no page of trades"});
  }
  if (question.is_beginning) show_as_snapshot();
  admits_late_ = question.is_repair;
  wish_ = &question.wish;
  has_known_ = false;
  judge_items(record, parsed_);
  wish_ = nullptr;
  // What the venue has and we refused is not gone; and beside the wish an honest page has the
  // hole's neighbours.
  const bool is_foreign = page && page->rows > 0 && !has_known_;
  if (page && question.is_final && !rejected_any_ && !is_foreign) settle(question.wish, *page);
  return {};
}

void Decoder::show_as_snapshot() {
  for (venue::Item& item : parsed_.items) {
    auto* trade = std::get_if<venue::WireTrade>(&item);
    if (trade == nullptr) continue;
    const std::uint8_t others =
        trade->flags.bits() & static_cast<std::uint8_t>(~static_cast<unsigned>(Flag::kBackfill));
    trade->flags = Flags::of_bits(others);
    trade->flags.set(Flag::kSnapshot);
  }
}

void Decoder::settle(const venue::HistoryWish& wish, const venue::HistoryPage& page) {
  if (page.settled_first > page.settled_last) return;
  Instrument* instrument = instruments_.find(venue_, wish.symbol);
  if (instrument == nullptr || !instrument->selected || !instrument->contiguous_ids) return;
  const SettledIds ids{instrument->id, wish.channel, page.settled_first, page.settled_last};
  if (instrument->ledger_of(wish.channel).settle(ids)) events_.on_settled(ids);
}

void Decoder::refuse(const Record& record, RejectReason reason, std::string_view detail) {
  venue_ = connections_[record.connection.value()].venue.value_or(Tally::unknown_venue());
  tally_.received(venue_, Channel::kOther);
  reject(record, Channel::kOther, reason, detail);
  tally_.frame_read(true);
}

void Decoder::tick(const Tick& tick) {
  engine_time_ = std::max(engine_time_, tick.engine_time);
  events_.on_tick({engine_time_, tick.position});
}

void Decoder::reject(const Record& record, Channel channel, RejectReason reason,
                     std::string_view detail) {
  rejected_any_ = true;
  tally_.rejected(venue_, channel, reason);
  rejects_.on_reject(record, {reason, channel, detail});
}

void Decoder::judge_item(const Record& record, const venue::Control& control) {
  tally_.received(venue_, control.channel);
  tally_.control(venue_, control.channel, control.reason);
  if (control.reason == ControlReason::kVenueError) rejects_.on_venue_error(record, control.text);
}

void Decoder::judge_item(const Record& record, const venue::Reject& wire) {
  tally_.received(venue_, wire.channel);
  reject(record, wire.channel, wire.reason, wire.detail);
}

// The instrument of an item that was received, or null when the item has met its end here.
Instrument* Decoder::instrument_of(const Record& record, std::string_view symbol, Channel channel) {
  tally_.received(venue_, channel);
  Instrument* instrument = instruments_.find(venue_, symbol);
  if (instrument == nullptr) {
    reject(record, channel, RejectReason::kTooManyInstruments, "symbol");
    return nullptr;
  }
  if (!instrument->selected) {
    tally_.control(venue_, channel, ControlReason::kUnselected);
    return nullptr;
  }
  return instrument;
}

bool Decoder::in_accept_window(EventTime ts_event, RecvTime ts_recv) const {
  if (recv_inferred_) return ts_event >= kPlausibleFrom && ts_event < kPlausibleTo;
  if (ts_event < kEventTimeMin + kRoom || ts_event > kEventTimeMax - kRoom) return false;
  std::int64_t ahead = 0;
  if (__builtin_sub_overflow(ts_event.unix_ns(), ts_recv.unix_ns(), &ahead)) return false;
  return ahead >= -kAcceptBack.count() && ahead <= kAcceptAhead.count();
}

void Decoder::judge_item(const Record& record, const venue::WireQuote& wire) {
  Instrument* instrument = instrument_of(record, wire.symbol, Channel::kQuotes);
  if (instrument == nullptr) return;
  quote_ = {};
  quote_.instrument = instrument->id;
  quote_.ts_recv = record.ts_recv;
  quote_.ts_event = wire.ts_event;
  if (!wire.has_event_time) {
    quote_.ts_event = EventTime(record.ts_recv.unix_ns());
    quote_.flags.set(Flag::kNoEventTime);
  }
  if (!in_accept_window(quote_.ts_event, quote_.ts_recv)) {
    reject(record, Channel::kQuotes, RejectReason::kTimeOutOfWindow, "time");
    return;
  }
  if (wire.bid_size.mantissa < 0 || wire.ask_size.mantissa < 0) {
    reject(record, Channel::kQuotes, RejectReason::kNegativeSize, "size");
    return;
  }
  const TradeId id = wire.has_id ? TradeId(wire.id) : synthetic_id(record);
  if (instrument->quotes.contains(id)) {
    tally_.duplicate(venue_, Channel::kQuotes, false);
    return;
  }
  instrument->quotes.add(id);
  quote_.has_bid_size = wire.has_bid_size;
  quote_.has_ask_size = wire.has_ask_size;
  quote_.bid_price = wire.bid_price;
  quote_.bid_size = wire.bid_size;
  quote_.ask_price = wire.ask_price;
  quote_.ask_size = wire.ask_size;
  tally_.delivered(venue_, Channel::kQuotes);
  events_.on_quote(quote_);
}

void Decoder::judge_item(const Record& record, const venue::WireHeartbeat& wire) {
  Instrument* instrument = instrument_of(record, wire.symbol, Channel::kHeartbeat);
  if (instrument == nullptr) return;
  if (!in_accept_window(wire.time, record.ts_recv)) {
    reject(record, Channel::kHeartbeat, RejectReason::kTimeOutOfWindow, "time");
    return;
  }
  tally_.control(venue_, Channel::kHeartbeat, ControlReason::kHeartbeat);
  if (wire.last_id == 0 || wire.last_id == std::numeric_limits<std::uint64_t>::max()) return;
  const Heartbeat heartbeat{
      instrument->id, Channel::kTrades,
      !instrument->has_bars_channel || instrument->bars_channel == Channel::kTrades, wire.last_id,
      wire.time};
  instrument->ledger_of(Channel::kTrades).confirm(heartbeat);
  events_.on_heartbeat(heartbeat);
}

TradeId Decoder::synthetic_id(const Record& record) const {
  constexpr std::uint64_t kItemsPerRecordMax = 1'000'000;
  const std::uint64_t record_number = record.line != 0 ? record.line : record.position.ordinal;
  return TradeId(record_number * kItemsPerRecordMax + item_index_);
}

void Decoder::fill_trade(const Record& record, const venue::WireTrade& wire,
                         const Instrument& instrument) {
  trade_.instrument = instrument.id;
  trade_.channel = wire.channel;
  trade_.side = wire.side;
  trade_.flags = wire.flags;
  trade_.idle_known = idle_known_;
  trade_.ts_event = wire.ts_event;
  trade_.ts_recv = record.ts_recv;
  trade_.order = wire.order;
  trade_.price = wire.price;
  trade_.size = wire.size;
  trade_.conditions = wire.conditions;
  trade_.counts =
      wire.conditions.empty() ? Counts::kAll : conditions_[venue_].counts_of(wire.conditions);
  trade_.id = wire.id;
  if (!wire.has_id) {
    trade_.id = synthetic_id(record);
    trade_.flags.set(Flag::kSyntheticId);
  }
  trade_.contiguous =
      wire.has_id && instrument.contiguous_ids && (wire.has_fills || wire.id.is_number());
  trade_.first_fill = wire.has_fills          ? wire.first_fill
                      : trade_.id.is_number() ? trade_.id.number()
                                              : 0;
  trade_.last_fill = wire.has_fills ? wire.last_fill : trade_.first_fill;
  trade_.feeds_bars = !instrument.has_bars_channel || instrument.bars_channel == wire.channel;
}

// What is well-formed and still refused, whatever the ledger says.
bool Decoder::is_refused(const Record& record, const venue::WireTrade& wire) {
  const auto refused = [&](RejectReason reason, std::string_view detail) {
    reject(record, wire.channel, reason, detail);
    return true;
  };
  if (!in_accept_window(wire.ts_event, record.ts_recv)) {
    return refused(RejectReason::kTimeOutOfWindow, "time");
  }
  if (wire.size.mantissa < 0) return refused(RejectReason::kNegativeSize, "size");
  if (wire.has_fills && wire.last_fill - wire.first_fill >= kFillsMax) {
    return refused(RejectReason::kTooManyFills, "fills");
  }
  // The id after the last one must exist too: it is where the next trade starts.
  if (trade_.contiguous && trade_.last_fill == std::numeric_limits<std::uint64_t>::max()) {
    return refused(RejectReason::kBadId, "id");
  }
  return false;
}

void Decoder::judge_item(const Record& record, const venue::WireTrade& wire) {
  Instrument* instrument = instrument_of(record, wire.symbol, wire.channel);
  if (instrument == nullptr) return;
  fill_trade(record, wire, *instrument);
  if (is_refused(record, wire)) return;
  ledger::ChannelLedger& ledger = instrument->ledger_of(wire.channel);
  const Fit fit = wish_ != nullptr ? fit_of(*wish_, trade_, ledger.coverage()) : Fit::kWished;
  const Standing standing = ledger.standing(trade_);
  has_known_ = has_known_ || fit == Fit::kWished || standing == Standing::kDuplicate ||
               standing == Standing::kConflicting;
  switch (standing) {
    case Standing::kNew:
      if (fit != Fit::kWished) {
        leave_unwished(record, fit);
      } else if (is_late(*instrument)) {
        refuse_late(record, *instrument, ledger);
      } else {
        admit(*instrument, ledger);
      }
      break;
    case Standing::kDuplicate:
      if (admits_late_ && fit == Fit::kWished && ledger.take_late(trade_)) {
        admit(*instrument, ledger);
        break;
      }
      tally_.duplicate(venue_, wire.channel, false);
      break;
    case Standing::kConflicting:
      tally_.duplicate(venue_, wire.channel, true);
      break;
    case Standing::kOverlap:
      reject(record, wire.channel, RejectReason::kFillsOverlap, "fills");
      break;
    case Standing::kFull:
      reject(record, wire.channel, RejectReason::kLedgerFull, "id");
      break;
  }
}

void Decoder::leave_unwished(const Record& record, Fit fit) {
  if (fit == Fit::kBeside) {
    tally_.control(venue_, trade_.channel, ControlReason::kUnasked);
  } else {
    reject(record, trade_.channel, RejectReason::kOutsideWish, fit == Fit::kFar ? "id" : "time");
  }
}

bool Decoder::is_late(const Instrument& instrument) const {
  if (!options_.lateness || !trade_.feeds_bars || admits_late_) return false;
  // In 128 bits: the watermark and the lateness may be centuries apart.
  const Int128 watermark = instrument.watermark.at(engine_time_).unix_ns();
  return trade_.ts_event.unix_ns() < watermark - options_.lateness->count();
}

void Decoder::refuse_late(const Record& record, const Instrument& instrument,
                          ledger::ChannelLedger& ledger) {
  if (ledger.late_full()) {
    reject(record, trade_.channel, RejectReason::kLedgerFull, "id");
    return;
  }
  ledger.refuse_late(trade_);
  tally_.late(venue_, trade_.channel);
  events_.on_late({instrument.id, trade_.channel, trade_.feeds_bars, late_id(trade_),
                   trade_.last_fill, trade_.ts_event});
}

void Decoder::admit(Instrument& instrument, ledger::ChannelLedger& ledger) {
  ledger.admit(trade_);
  if (trade_.feeds_bars) {
    instrument.has_bars_channel = true;
    instrument.bars_channel = trade_.channel;
    instrument.watermark.advance(trade_);
  }
  tally_.delivered(venue_, trade_.channel);
  if (!trade_.conditions.empty()) {
    tally_.conditions(venue_, trade_.counts, conditions_[venue_].knows(trade_.conditions));
  }
  events_.on_trade(trade_);
}

}  // namespace tapeline::decode
