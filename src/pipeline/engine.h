// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "analytics/bars.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/record_mark.h"
#include "base/result.h"
#include "decode/decoder.h"
#include "journal/record.h"
#include "metrics/counters.h"
#include "model/event_sink.h"
#include "pipeline/batch.h"
#include "stream/operator.h"
#include "stream/stream.h"

namespace tapeline::pipeline {

// Who looks on while rows are made, on the engine's thread; what it is shown is part of no result.
class Onlooker {
 public:
  Onlooker() = default;
  Onlooker(const Onlooker&) = delete;
  Onlooker& operator=(const Onlooker&) = delete;
  virtual ~Onlooker() = default;

  // `position` is that of its record.
  virtual void on_trade(const Trade& trade, Position position) = 0;
  virtual void on_quote(const Quote& quote) = 0;
  // A bar as it stands, or a revision that has become a row.
  virtual void on_bar(const BarRevision& bar) = 0;
  // What a ledger that changed holds, where a batch ends; at the beginning each that there is.
  virtual void on_ledger(InstrumentId instrument, Channel channel, const Coverage& coverage) = 0;
};

struct EngineOptions {
  decode::DecodeOptions decode{};
  std::vector<Duration> intervals{};
  unsigned shards = 1;
  analytics::ColdOptions cold{};  // where bars go that have long closed
};

// The records of one journal in, the rows of a store out: decoder and stream, and what they say
// gathered into batches that end at ticks. Where the batches are cut changes no row. One thread;
// the stream's shards are its own.
class Engine final : private EventSink, private decode::RejectSink, private stream::TickSink {
 public:
  explicit Engine(const EngineOptions& options);
  ~Engine() override;

  // The next record. An Error, which lacks the record's place, says what this program cannot make
  // of it; it changes nothing, and the next one may be read.
  [[nodiscard]] Result<void> read(const journal::Record& record);

  // Appends everything that the rows of later records depend on, when the last record was a tick:
  // first waits for what the shards still say. Rows that were not taken yet are not part of it, so
  // whoever goes on from it has stored everything up to position().
  [[nodiscard]] Result<void> save(ByteWriter& out);
  // Goes on from there, with any number of shards, as if the records up to position() had been read
  // by this engine, which must be new. An Error names the option that is another one, or the part
  // that is damaged; the engine is of no use then.
  [[nodiscard]] Result<void> load(ByteReader& in);
  // Of the last record that was read; after load(), of the tick at which it was saved.
  [[nodiscard]] Position position() const { return at_; }
  // The same record, by its time too.
  [[nodiscard]] RecordMark last_record() const { return {at_, at_recv_}; }

  [[nodiscard]] StateStore* cold_store() const { return options_.cold.store; }
  // What made its rows worthless from some record on; nothing is given any more.
  [[nodiscard]] std::optional<Error> failure() const {
    return options_.cold.store != nullptr ? options_.cold.store->failure() : std::nullopt;
  }

  // Why no more records may be read for now: there is no room for what they would put away.
  [[nodiscard]] std::optional<Error> shortage(std::int64_t monotonic_ns) {
    return options_.cold.store != nullptr ? options_.cold.store->shortage(monotonic_ns)
                                          : std::nullopt;
  }

  // Rows of records up to here were stored before: they are not given again.
  void discard_until(Position stored) { stored_ = stored; }

  // From now on `onlooker`, which outlives the engine, is shown trades, quotes, bars and ledgers;
  // the ledgers that are there at once.
  void show_to(Onlooker& onlooker);
  // Asks for the open bars that have changed since the last look; shards answer by and by.
  void look() {
    if (onlooker_ != nullptr) stream_->look();
  }
  // Shows what shards have said by now.
  void show_said() {
    if (onlooker_ != nullptr) stream_->poll();
  }

  // Whether the last record was a tick: a batch may be closed.
  [[nodiscard]] bool is_at_tick() const { return is_at_tick_; }
  // Rows that wait in the open batch.
  [[nodiscard]] std::size_t open_rows() const { return open_->count; }
  // Whether the open batch has anything to say.
  [[nodiscard]] bool has_news() const { return open_rows() > 0 || !touched_.empty(); }
  [[nodiscard]] bool has_closed() const { return !closed_.empty(); }
  // Ends the open batch at the tick that was just read, with the ledgers that it changed.
  void close_batch();
  // The oldest closed batch, when every shard has said all of it; else null.
  [[nodiscard]] std::unique_ptr<Batch> take();
  // A batch that has been stored, for its memory.
  void recycle(std::unique_ptr<Batch> batch);

  [[nodiscard]] decode::Decoder& decoder() { return decoder_; }
  [[nodiscard]] stream::Stream& stream() { return *stream_; }
  [[nodiscard]] const metrics::Counters& counters() const { return counters_; }
  [[nodiscard]] EngineTime engine_time() const { return engine_time_; }
  // Every change of a ledger is in a closed batch, and was shown.
  [[nodiscard]] bool has_shown_ledgers() const { return touched_.empty(); }

 private:
  // A channel's ledger that changed since the last batch was closed.
  struct Touched {
    InstrumentId instrument;
    Channel channel = Channel::kTrades;
  };

  void on_trade(const Trade& trade) override;
  void on_quote(const Quote& quote) override;
  void on_heartbeat(const Heartbeat& heartbeat) override;
  void on_late(const LateTrade& late) override;
  void on_candle(const VenueCandle& candle) override;
  void on_listing(const ListingChange& change) override;
  void on_settled(const SettledIds& ids) override;
  void on_tick(const Tick& tick) override;
  void on_end(Position position) override;
  void on_reject(const journal::Record& record, const decode::Reject& reject) override;
  void on_venue_error(const journal::Record& record, std::string_view text) override;
  void on_bar(const BarRevision& revision) override;
  void on_open_bar(const BarRevision& bar) override;
  void on_tick_done(Position position) override;

  [[nodiscard]] bool is_stored() const { return stored_ && at_ <= *stored_; }
  void touch(InstrumentId instrument, Channel channel);
  void load_touched(ByteReader& in);
  [[nodiscard]] Batch& batch_of(Position tick);
  template <typename Row>
  void add(std::vector<Row> store::Batch::*rows, Row row);
  [[nodiscard]] std::unique_ptr<Batch> new_batch();

  EngineOptions options_;
  metrics::Counters counters_;
  metrics::Cell& unshown_;
  decode::Decoder decoder_;
  std::unique_ptr<stream::Stream> stream_;

  Position at_;                // the record being read
  RecvTime at_recv_;           // of it
  std::uint32_t ordinal_ = 0;  // among the rows of that record
  EngineTime engine_time_;
  bool is_at_tick_ = false;
  std::optional<Position> stored_;
  std::optional<Position> done_;  // the last tick whose outputs are all here

  Onlooker* onlooker_ = nullptr;

  std::uint32_t named_ = 0;  // instruments that a closed batch has named
  std::unique_ptr<Batch> open_;
  std::deque<std::unique_ptr<Batch>> closed_;
  std::vector<std::unique_ptr<Batch>> free_;
  std::vector<Touched> touched_;
  std::vector<std::uint8_t> is_touched_;  // by instrument: a bit for each channel
};

}  // namespace tapeline::pipeline
