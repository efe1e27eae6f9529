// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/result.h"
#include "decode/candle_record.h"
#include "decode/csv_row.h"
#include "decode/history_record.h"
#include "decode/instrument_list.h"
#include "decode/instrument_table.h"
#include "decode/parsed.h"
#include "decode/source.h"
#include "decode/tally.h"
#include "decode/wish_fit.h"
#include "journal/record.h"
#include "metrics/counters.h"
#include "model/conditions.h"
#include "model/event_sink.h"
#include "model/watermark.h"
#include "venue/condition_table.h"
#include "venue/venue.h"

namespace tapeline::decode {

struct DecodeOptions {
  WatermarkOptions watermark{};
  std::optional<Duration> lateness{};  // none: unlimited
  bool lateness_from_epochs = false;   // an epoch in the records changes it
  ConditionRules conditions{};
  bool reads_record_only = false;          // frames too that were recorded for a later parser
  std::vector<std::string> instruments{};  // patterns; empty means all
};

// The words of the seam to venues that decode's users need too.
using venue::ControlReason;
using venue::Reject;
using venue::RejectReason;

// Who wants to know what was refused, and where.
class RejectSink {
 public:
  RejectSink() = default;
  RejectSink(const RejectSink&) = delete;
  RejectSink& operator=(const RejectSink&) = delete;
  virtual ~RejectSink() = default;

  virtual void on_reject(const journal::Record& record, const Reject& reject) = 0;
  virtual void on_venue_error(const journal::Record& record, std::string_view text) = 0;
};

// The one path from journal records to events, for live, replay and verify: parses a record, and
// judges each of its items as rejected, duplicate, late or delivered. A function of the records;
// reads no clock. One thread.
class Decoder {
 public:
  // Inputs and connections of one journal: one a minute for two years.
  static constexpr std::size_t kConnectionsMax = 1'000'000;

  Decoder(const DecodeOptions& options, EventSink& events, RejectSink& rejects,
          metrics::Counters& counters);

  // An epoch, an instrument list, the opening of a connection or a refused line. An Error says what
  // this program cannot make of it.
  [[nodiscard]] Result<void> read(const journal::Record& record);
  // Whether a frame, row or refused line can be read: its connection is open, and of that kind. Ask
  // where records come from outside.
  [[nodiscard]] bool is_readable(const journal::Record& record) const;
  // A connection or an input begins (kOpen).
  [[nodiscard]] Result<void> open(const journal::Record& record);
  // Reads a frame or row without judging it: changes nothing but scratch memory.
  const Parsed& parse(const journal::Record& record);
  // What a venue's history answered (kAnswer): its trades are judged like those of a frame, and ids
  // of which it told everything are settled; its candles are said as they are. Other answers say
  // nothing.
  [[nodiscard]] Result<void> read_answer(const journal::Record& record);
  // Judges what was read of the same record, whose ts_recv is known by now.
  void judge(const journal::Record& record, const Parsed& parsed);
  // A line that could not become a frame or row.
  void refuse(const journal::Record& record, RejectReason reason, std::string_view detail);

  // Engine time never goes back: at an earlier tick than the last it stands still, and what is due
  // leaves all the same.
  void tick(const Tick& tick);
  void end(Position position) { events_.on_end(position); }

  [[nodiscard]] const InstrumentTable& instruments() const { return instruments_; }
  [[nodiscard]] EngineTime engine_time() const { return engine_time_; }

  // Everything that what it says of later records depends on, between two records. Loaded into a
  // new decoder with the same options.
  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  struct Connection {
    Source source;
    std::optional<std::uint32_t> venue;  // none: by the rows' venue column
    std::unique_ptr<venue::Parser> parser;
    std::unique_ptr<CsvRowParser> row_parser;
  };

  [[nodiscard]] Result<void> open(std::size_t index, Source source);
  void load_connections(ByteReader& in);
  void judge_items(const journal::Record& record, const Parsed& parsed);
  // What nobody has missed repairs nothing: bars that it fills are as good as any.
  void show_as_snapshot();
  // A venue's own instrument list, as its REST interface gives it.
  [[nodiscard]] Result<void> read_instruments(const journal::Record& record,
                                              const InstrumentList& list);
  [[nodiscard]] Result<void> read_history(const journal::Record& record,
                                          const HistoryAnswer& answer);
  [[nodiscard]] Result<void> read_candles(const journal::Record& record,
                                          const CandleAnswer& answer);
  void judge_candle(const journal::Record& record, const CandleAnswer& answer,
                    const venue::WireCandle& wire);
  void settle(const venue::HistoryWish& wish, const venue::HistoryPage& page);
  void parse_row(std::string_view row, CsvRowParser& parser,
                 std::optional<std::uint32_t> default_venue);
  void judge_item(const journal::Record& record, const venue::WireTrade& wire);
  void judge_item(const journal::Record& record, const venue::WireQuote& wire);
  void judge_item(const journal::Record& record, const venue::WireHeartbeat& wire);
  void judge_item(const journal::Record& record, const venue::Control& control);
  void judge_item(const journal::Record& record, const venue::Reject& wire);

  Instrument* instrument_of(const journal::Record& record, std::string_view symbol,
                            Channel channel);
  // Of the item at hand, from where it stands.
  [[nodiscard]] TradeId synthetic_id(const journal::Record& record) const;
  void fill_trade(const journal::Record& record, const venue::WireTrade& wire,
                  const Instrument& instrument);
  bool is_refused(const journal::Record& record, const venue::WireTrade& wire);
  // What a history's answer brings beside its wish, and the ledger has not.
  void leave_unwished(const journal::Record& record, Fit fit);
  [[nodiscard]] bool is_late(const Instrument& instrument) const;
  void refuse_late(const journal::Record& record, const Instrument& instrument,
                   ledger::ChannelLedger& ledger);
  void admit(Instrument& instrument, ledger::ChannelLedger& ledger);
  [[nodiscard]] bool in_accept_window(EventTime ts_event, RecvTime ts_recv) const;
  void reject(const journal::Record& record, Channel channel, venue::RejectReason reason,
              std::string_view detail);

  DecodeOptions options_;
  EventSink& events_;
  RejectSink& rejects_;
  Tally tally_;
  InstrumentTable instruments_;
  std::vector<venue::ConditionTable> conditions_;  // by venue
  std::vector<Connection> connections_;
  std::vector<std::unique_ptr<venue::HistoryParser>> history_parsers_;  // by venue; made when asked
  EngineTime engine_time_;

  // Of the record being decoded.
  Parsed parsed_;
  CsvRow row_;
  std::uint32_t venue_ = 0;
  bool recv_inferred_ = false;
  bool idle_known_ = true;
  std::uint64_t item_index_ = 0;
  bool rejected_any_ = false;
  bool admits_late_ = false;
  const venue::HistoryWish* wish_ = nullptr;  // that the items answer
  bool has_known_ = false;                    // wished, or here already
  Trade trade_;
  Quote quote_;
};

}  // namespace tapeline::decode
