// SPDX-License-Identifier: Apache-2.0
// Whatever a journal may say of frames, rows, connections and times is replayed without harm: each
// item has one outcome, and two shards give the bytes of one. The input is how to replay and a list
// of records; most of their contents come from samples whose '#' become digits, so that ids, prices
// and times meet. fuzz/corpus/make_replay_seeds.py makes the seeds.
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/padding.h"
#include "bytes.h"
#include "decode/epoch.h"
#include "decode/instrument_list.h"
#include "decode/refused.h"
#include "decode/source.h"
#include "replay/replay.h"

namespace {

using tapeline::fuzz::Bytes;
using tapeline::journal::Record;
using tapeline::journal::RecordType;
using tapeline::replay::Place;
using tapeline::replay::Summary;

constexpr std::int64_t kNow = 1'700'000'000'000'000'000;

constexpr std::array<std::string_view, 7> kFrames{
    R"({"type":"match","trade_id":##,"side":"sell","size":"#","price":"#.#","product_id":"A-USD",)"
    R"("sequence":7,"time":"2023-11-14T22:1#:##.###000Z"})",
    R"({"type":"last_match","trade_id":##,"side":"buy","size":"0.#","price":"#","product_id":)"
    R"("A-USD","sequence":7,"time":"2023-11-14T22:13:##.000000Z"})",
    R"({"type":"heartbeat","last_trade_id":##,"product_id":"A-USD","sequence":9,"time":)"
    R"("2023-11-14T22:1#:##.000000Z"})",
    R"({"type":"ticker","sequence":##,"product_id":"A-USD","price":"10","best_bid":"#",)"
    R"("best_bid_size":"#","best_ask":"11","best_ask_size":"2","side":"buy","time":)"
    R"("2023-11-14T22:13:##.000000Z","trade_id":5,"last_size":"1"})",
    R"({"e":"trade","E":170000000#000,"s":"AUSDT","t":##,"p":"#.#","q":"#","T":1700000####00,)"
    R"("m":false,"M":true})",
    R"({"e":"aggTrade","E":170000000#000,"s":"AUSDT","a":##,"p":"#.#","q":"#","f":##,"l":##,)"
    R"("T":1700000####00,"m":true,"M":true})",
    R"({"u":##,"s":"AUSDT","b":"9","B":"#","a":"11","A":"2"})"};

constexpr std::array<std::string_view, 2> kRows{"A-USD,##,170000####,#.#,#,buy,coinbase",
                                                "AUSDT,##,170000####,#,0.#,,binance"};

struct Kept {
  RecordType type = RecordType::kTick;
  std::uint32_t connection = 0;
  std::int64_t ts_recv = 0;
  std::uint64_t line = 0;
  std::string bytes;
};

std::string content_of(RecordType type, Bytes& input) {
  if (input.byte() % 8 == 0) return std::string(input.take(input.byte()));
  switch (type) {
    case RecordType::kFrame:
      return input.filled(kFrames[input.byte() % kFrames.size()]);
    case RecordType::kRow:
      return input.filled(kRows[input.byte() % kRows.size()]);
    case RecordType::kOpen: {
      const std::uint8_t flags = input.byte();
      tapeline::decode::Source source;
      source.venue = (flags & 1U) != 0 ? "coinbase" : "binance";
      source.rows = (flags & 2U) != 0;
      source.recv_inferred = (flags & 4U) != 0;
      source.idle_known = (flags & 8U) != 0;
      source.time_unit = tapeline::TimeUnit::kSeconds;
      if (source.rows) source.csv_header = "symbol,trade_id,ts_event,price,size,side,venue";
      return encode_source(source);
    }
    case RecordType::kEpoch: {
      tapeline::decode::Epoch epoch{"fuzz", std::nullopt};
      if (const std::uint8_t seconds = input.byte(); seconds != 0) {
        epoch.lateness = std::chrono::seconds(seconds);
      }
      return encode_epoch(epoch);
    }
    case RecordType::kRefused:
      return tapeline::decode::encode_refused(
          {tapeline::decode::RejectReason::kBadRow, input.take(input.byte())});
    case RecordType::kInstruments:
      return tapeline::decode::encode_instrument_list(
          {"binance", R"({"symbols":[{"symbol":"AUSDT","baseAsset":"A","quoteAsset":"USDT"}]})"});
    default:
      return std::string(input.take(input.byte()));
  }
}

std::vector<Kept> make_records(Bytes& input) {
  std::vector<Kept> records;
  std::int64_t now = kNow;
  while (!input.empty()) {
    Kept& record = records.emplace_back();
    const std::uint8_t kind = input.byte();
    record.type = kind >= 0x80 ? RecordType::kFrame
                               : static_cast<RecordType>(kind % tapeline::journal::kRecordTypes);
    record.connection = input.byte() % 3;
    const std::uint8_t step = input.byte();
    now += (std::int64_t{step % 64} - 4) * 250'000'000;
    record.ts_recv =
        step == 0xFF ? static_cast<std::int64_t>(std::uint64_t{input.byte()} << 56U) : now;
    record.line = (step & 0x40U) != 0 ? records.size() : 0;
    record.bytes = content_of(record.type, input);
  }
  return records;
}

class KeptRecords final : public tapeline::replay::RecordSource {
 public:
  explicit KeptRecords(const std::vector<Kept>& records) : records_(records) {}

  void start(tapeline::decode::Decoder& /*reader*/) override {}
  bool next(Next& out) override {
    if (given_ == records_.size()) return false;
    const Kept& kept = records_[given_];
    padded_ = kept.bytes + std::string(tapeline::kReadPadding, '\0');
    out.record = {};
    out.record.type = kept.type;
    out.record.connection = tapeline::ConnectionId(kept.connection);
    out.record.ts_recv = tapeline::RecvTime(kept.ts_recv);
    out.record.line = kept.line;
    out.record.position = {tapeline::JournalId(1), given_++};
    out.record.bytes = std::string_view(padded_).substr(0, kept.bytes.size());
    out.parsed = nullptr;
    return true;
  }
  [[nodiscard]] tapeline::Position end() const override { return {tapeline::JournalId(1), given_}; }
  [[nodiscard]] Place place_of(const Record& record) const override {
    return {"fuzz", record.line};
  }
  [[nodiscard]] const std::optional<tapeline::Error>& damage() const override { return damage_; }
  [[nodiscard]] std::vector<std::string> notes() const override { return {}; }
  [[nodiscard]] tapeline::replay::Progress progress() const override { return {}; }

 private:
  const std::vector<Kept>& records_;
  std::uint64_t given_ = 0;
  std::string padded_;
  std::optional<tapeline::Error> damage_;
};

// A file in memory that a replay writes by its name.
class Output {
 public:
  Output() : fd_(::memfd_create("replay", MFD_CLOEXEC)) {
    TAPELINE_CHECK(fd_ >= 0, "memory for the output");
  }
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }
  std::string take() {
    std::string text(static_cast<std::size_t>(::lseek(fd_, 0, SEEK_END)), '\0');
    const ssize_t got = ::pread(fd_, text.data(), text.size(), 0);
    TAPELINE_CHECK(got == static_cast<ssize_t>(text.size()), "the output is there");
    TAPELINE_CHECK(::ftruncate(fd_, 0) == 0, "the output can be cut");
    return text;
  }

 private:
  int fd_;
};

std::string replay(const std::vector<Kept>& kept, tapeline::replay::Options options) {
  static Output output;
  static Output rejects;
  const std::atomic<bool> stop = false;
  options.output = output.path();
  options.rejects_file = rejects.path();
  KeptRecords records(kept);
  const auto summary = run_records(options, records, {}, stop);
  TAPELINE_CHECK(summary, "a record that nobody can read ends the replay, and is told");
  if (std::getenv("TAPELINE_FUZZ_SAYS") != nullptr) {
    fmt::print(stderr, "{} frames, {} delivered, {} rejected, {}\n", summary->frames,
               summary->delivered, summary->rejected,
               summary->damage ? summary->damage->text : "to the end");
  }
  TAPELINE_CHECK(summary->received == summary->delivered + summary->duplicate + summary->late +
                                          summary->rejected + summary->shed + summary->control,
                 "each item has one outcome");
  return output.take() + rejects.take();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes input({reinterpret_cast<const char*>(data), size});
  tapeline::replay::Options options;
  const std::uint8_t how = input.byte();
  if ((how & 0x40U) != 0) options.format = tapeline::replay::Format::kJsonLines;
  if ((how & 0x20U) != 0) options.time_format = tapeline::replay::TimeFormat::kUnixNs;
  if ((how & 0x10U) != 0) {
    options.as_of = tapeline::RecvTime(kNow + std::int64_t{input.byte()} * 1'000'000'000);
    options.from = tapeline::EventTime(kNow + std::int64_t{input.byte()} * 1'000'000'000);
  }
  options.rejects_limit.percent = 100;
  options.input_format = tapeline::replay::InputFormat::kJournal;
  options.inputs = {"/fuzz"};  // not opened: the records are given
  options.emit = static_cast<tapeline::replay::Emit>((how & 0x07U) % 5);
  options.revisions =
      (how & 0x80U) != 0 ? tapeline::replay::Revisions::kAll : tapeline::replay::Revisions::kLast;
  options.intervals = {std::chrono::seconds(1), std::chrono::minutes(1)};
  const std::vector<Kept> records = make_records(input);
  const std::string one = replay(records, options);
  if ((how & 0x08U) == 0) return 0;  // starting threads takes most of the time
  options.shards = 2;
  TAPELINE_CHECK(replay(records, options) == one, "shards change no byte");
  return 0;
}
