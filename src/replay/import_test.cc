// SPDX-License-Identifier: Apache-2.0
// What is imported is replayed as the recording itself is: byte for byte.
#include "replay/import.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/file_size_limit.h"
#include "decode/epoch.h"
#include "decode/source.h"
#include "journal/format.h"
#include "journal/posix_disk.h"
#include "journal/reader.h"
#include "journal/retention.h"
#include "journal/segments.h"
#include "journal/writer.h"
#include "replay/journal_records.h"
#include "replay/replay_fixture.h"

namespace tapeline::replay {
namespace {

class Import : public ReplayFolder {
 protected:
  [[nodiscard]] std::string data_dir() const { return path("data"); }

  Result<ImportSummary> try_import(const Options& options) {
    const std::atomic<bool> stop{false};
    journal::WriterOptions writer;
    writer.batch_bytes = 700;
    writer.segment_bytes = 4'000;
    writer.new_journal = JournalId(9);
    return import_journal({options, data_dir(), writer}, clock_, {}, stop);
  }

  void import_well(const Options& options) {
    const auto summary = try_import(options);
    ASSERT_TRUE(summary) << summary.error().text;
    EXPECT_FALSE(summary->damage);
    EXPECT_FALSE(summary->interrupted);
  }

  static Options of_journal(Options options, const std::string& data_dir) {
    options.inputs = {data_dir};
    options.input_format = InputFormat::kJournal;
    options.instruments_file.clear();
    return options;
  }

  // The journal's records from a position on.
  std::vector<std::string> records_from(std::uint64_t first) {
    journal::PosixDisk disk;
    std::vector<std::string> out;
    auto reader = journal::Reader::open(disk, journal_folder(data_dir()), first, 512);
    EXPECT_TRUE(reader) << reader.error().text;
    journal::Record record;
    while (reader && (*reader)->next(record).value_or(false)) {
      out.push_back(fmt::format("{} {} {} {} {} {}", record.position.ordinal, name_of(record.type),
                                record.connection.value(), record.ts_recv.unix_ns(), record.line,
                                record.bytes));
    }
    return out;
  }

  // Everything a replay can say of the recording and of the journal made of it.
  void expect_same_bytes(const Options& recording) {
    for (const Emit emit :
         {Emit::kBars, Emit::kTrades, Emit::kQuotes, Emit::kGaps, Emit::kCoverage}) {
      for (const unsigned shards : {1U, 2U, 3U, 8U}) {
        Options options = recording;
        options.emit = emit;
        options.shards = shards;
        options.revisions = Revisions::kAll;
        options.intervals = {std::chrono::seconds(1), std::chrono::minutes(1)};
        const Outcome foreign = run_well(options);
        const Outcome ours = run_well(of_journal(options, data_dir()));
        EXPECT_EQ(ours.output, foreign.output);
        EXPECT_EQ(ours.rejects, foreign.rejects);
        EXPECT_EQ(ours.summary.received, foreign.summary.received);
        EXPECT_EQ(ours.summary.notes, foreign.summary.notes);
        if (emit != Emit::kBars) break;
      }
    }
  }

  ManualClock clock_{RecvTime(0)};
};

constexpr const char* kCsv =
    "symbol,trade_id,ts_event,price,size,side\n"
    "BTC-USD,1,2024-01-01T00:00:01Z,100,1,buy\n"
    "BTC-USD,2,2024-01-01T00:00:02.5Z,101,2,sell\n"
    "\n"
    "no row at all\n"
    "BTC-USD,,2024-01-01T00:00:03Z,102,1,\n"
    "BTC-USD,,2024-01-01T00:00:03Z,102,1,\n"
    "ETH-USD,7,2024-01-01T00:05:00Z,10,1,buy\n"
    "BTC-USD,5,2024-01-01T00:01:00Z,99,1,buy\n"
    "BTC-USD,4,2024-01-01T00:00:30Z,98,1,buy\n";

std::string many_rows(int rows) {
  std::string text = "symbol,trade_id,ts_event,price,size,side\n";
  for (int id = 1; id <= rows; ++id) {
    text += fmt::format("BTC-USD,{},2024-01-01T00:00:01Z,100,1,buy\n", id);
  }
  return text;
}

TEST_F(Import, of_a_recording_replays_as_the_recording) {
  Options options = options_for({"tests/golden/replay/readme/input.txt"}, "coinbase");
  options.input_format = InputFormat::kCryptofeed;
  import_well(options);
  expect_same_bytes(options);
}

TEST_F(Import, of_rows_keeps_lines_ids_and_refusals) {
  const Options options = options_for({file("rows.csv", kCsv)}, "coinbase");
  import_well(options);
  expect_same_bytes(options);
}

TEST_F(Import, of_raw_frames_keeps_when_they_were_inferred_to_have_come) {
  std::string frames;
  for (std::uint64_t id = 1; id < 200; ++id) {
    CoinbaseMatch match;
    match.id = id + id / 50;
    match.time =
        fmt::format("2021-04-17T16:{:02}:{:02}.{:06}Z", id / 60, id % 60, (id * 7919) % 1'000'000);
    frames += frame_of(match) + "\n";
  }
  Options options = options_for({file("frames.txt", frames)}, "coinbase");
  options.input_format = InputFormat::kRaw;
  import_well(options);
  expect_same_bytes(options);
}

TEST_F(Import, a_second_one_goes_on_with_lines_and_connections) {
  const std::string first = file("first.csv",
                                 "symbol,trade_id,ts_event,price,size,side\n"
                                 "BTC-USD,,2024-01-01T00:00:01Z,100,1,buy\n");
  const std::string second = file("second.csv",
                                  "symbol,trade_id,ts_event,price,size,side\n"
                                  "BTC-USD,,2024-01-01T00:00:02Z,101,1,buy\n");
  import_well(options_for({first}, "coinbase"));
  import_well(options_for({second}, "coinbase"));
  Options options = of_journal(options_for({}, "coinbase"), data_dir());
  options.emit = Emit::kTrades;
  const Outcome outcome = run_well(options);
  EXPECT_EQ(outcome.summary.delivered, 2U) << "two trades without ids are two, not one twice";
  EXPECT_EQ(lines_of(outcome.output).size(), 3U);
}

// Reads the journal anew at one position.
class Resumed final : public RecordSource {
 public:
  Resumed(const std::string& data_dir, std::uint64_t at) : data_dir_(data_dir), at_(at) {
    records_ = *JournalRecords::open(data_dir, 512);
  }

  void start(decode::Decoder& reader) override { records_->start(reader); }
  bool next(Next& out) override {
    if (records_->end().ordinal == at_ && !resumed_) {
      resumed_ = true;
      records_ = *JournalRecords::open(data_dir_, 512, at_);
    }
    return records_->next(out);
  }
  [[nodiscard]] Position end() const override { return records_->end(); }
  [[nodiscard]] Place place_of(const journal::Record& record) const override {
    return records_->place_of(record);
  }
  [[nodiscard]] const std::optional<Error>& damage() const override { return records_->damage(); }
  [[nodiscard]] std::vector<std::string> notes() const override { return {}; }
  [[nodiscard]] Progress progress() const override { return {}; }
  [[nodiscard]] bool resumed() const { return resumed_; }

 private:
  std::string data_dir_;
  std::uint64_t at_;
  std::unique_ptr<JournalRecords> records_;
  bool resumed_ = false;
};

TEST_F(Import, replays_to_the_same_bytes_resumed_from_any_position_with_any_shards) {
  Options options = options_for({"tests/golden/replay/readme/input.txt"}, "coinbase");
  options.input_format = InputFormat::kCryptofeed;
  import_well(options);
  options = of_journal(options, data_dir());
  options.revisions = Revisions::kAll;
  options.intervals = {std::chrono::seconds(1), std::chrono::minutes(1)};
  options.output = path("resumed.csv");
  const std::string straight = run_well(options).output;
  ASSERT_GT(straight.size(), 1'000U);
  const std::atomic<bool> stop{false};
  const std::uint64_t records = records_from(0).size();
  for (std::uint64_t at = 0; at < records; ++at) {
    constexpr std::array<unsigned, 4> kShards{1, 2, 3, 8};
    options.shards = kShards[at % kShards.size()];
    Resumed source(data_dir(), at);
    ASSERT_TRUE(run_records(options, source, {}, stop));
    EXPECT_TRUE(source.resumed()) << at;
    EXPECT_EQ(read_text(options.output), straight) << at;
  }
}

TEST_F(Import, reads_the_same_records_resumed_from_any_position) {
  Options options = options_for({"tests/golden/replay/readme/input.txt"}, "coinbase");
  options.input_format = InputFormat::kCryptofeed;
  import_well(options);
  const auto straight = records_from(0);
  ASSERT_GT(straight.size(), 50U);
  for (std::size_t first = 0; first <= straight.size(); ++first) {
    const auto position = static_cast<std::ptrdiff_t>(first);
    EXPECT_EQ(records_from(first),
              std::vector<std::string>(straight.begin() + position, straight.end()))
        << first;
  }
}

TEST_F(Import, resumed_behind_an_opening_gives_no_wrong_lines) {
  const std::string first = file("first.csv", kCsv);
  const std::string second = file("second.csv", kCsv);
  import_well(options_for({first}, "coinbase"));
  import_well(options_for({second}, "coinbase"));
  struct Seen {
    std::string input;
    std::uint64_t line = 0;
  };
  const auto places_from = [&](std::uint64_t from) {
    auto records = *JournalRecords::open(data_dir(), 512, from);
    std::vector<Seen> places;
    RecordSource::Next next;
    while (records->next(next)) {
      const Place place = records->place_of(next.record);
      places.push_back({std::string(place.input), place.line});
    }
    return places;
  };
  const auto straight = places_from(0);
  ASSERT_GT(straight.size(), 20U);
  std::size_t known = 0;
  for (std::uint64_t from = 0; from < straight.size(); ++from) {
    const auto places = places_from(from);
    ASSERT_EQ(places.size(), straight.size() - from);
    for (std::uint64_t i = 0; i < places.size(); ++i) {
      if (places[i].input.empty()) {
        EXPECT_EQ(places[i].line, from + i) << "by position";
      } else {
        ++known;
        EXPECT_EQ(places[i].input, straight[from + i].input) << from << " " << i;
        EXPECT_EQ(places[i].line, straight[from + i].line) << from << " " << i;
      }
    }
  }
  EXPECT_GT(known, straight.size());
}

TEST_F(Import, a_mistake_in_the_input_leaves_no_journal) {
  const auto summary = try_import(options_for({path("nowhere.csv")}, "coinbase"));
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().fault, Fault::kCaller);
  EXPECT_FALSE(std::filesystem::exists(data_dir()));
}

TEST_F(Import, a_list_of_instruments_that_is_none_does_not_get_into_the_journal) {
  Options options = options_for({file("rows.csv", kCsv)}, "coinbase");
  options.instruments_file = file("list.json", R"({"message":"NotFound"})");
  const auto summary = try_import(options);
  ASSERT_FALSE(summary);
  EXPECT_TRUE(summary.error().text.starts_with(options.instruments_file + ": "))
      << summary.error().text;
  EXPECT_FALSE(std::filesystem::exists(data_dir()));
}

TEST_F(Import, of_several_inputs_names_the_lines_as_they_stand_in_each) {
  const std::string first = file("first.csv", kCsv);
  const std::string second = file("second.csv", std::string(kCsv) + "worse\n");
  import_well(options_for({first, second}, "coinbase"));
  import_well(options_for({second}, "coinbase"));
  const Outcome outcome = run_well(of_journal(options_for({}, ""), data_dir()));
  std::vector<std::string> places;
  for (const std::string& line : lines_of(outcome.rejects)) {
    places.push_back(line.substr(0, line.find(",bad_row")));
  }
  places.erase(places.begin());
  const auto place = [](const std::string& name, int line) {
    return fmt::format("\"{}\",{}", name, line);
  };
  EXPECT_EQ(places, (std::vector<std::string>{place(first, 5), place(second, 5), place(second, 11),
                                              place(second, 5), place(second, 11)}));
}

TEST_F(Import, onto_a_full_disk_says_no_more_than_what_is_there) {
  const Options options = options_for({file("rows.csv", many_rows(499))}, "coinbase");
  journal::WriterOptions writing;
  writing.batch_bytes = 700;
  const std::atomic<bool> stop{false};
  const FileSizeLimit limit(20'000);
  const auto summary = import_journal({options, data_dir(), writing}, clock_, {}, stop);
  ASSERT_TRUE(summary) << summary.error().text;
  ASSERT_TRUE(summary->damage);
  EXPECT_FALSE(summary->interrupted);
  const std::size_t there = records_from(0).size();
  EXPECT_LT(there, 400U);
  ASSERT_TRUE(summary->not_synced);
  EXPECT_EQ(summary->records + *summary->not_synced, there);
  EXPECT_GT(summary->records, 100U);
}

TEST_F(Import, onto_a_disk_that_takes_nothing_appends_nothing) {
  const Options options = options_for({file("rows.csv", many_rows(499))}, "coinbase");
  const std::atomic<bool> stop{false};
  const FileSizeLimit limit(journal::kSegmentHeaderBytes);
  const auto summary = import_journal({options, data_dir(), {}}, clock_, {}, stop);
  ASSERT_TRUE(summary) << summary.error().text;
  EXPECT_TRUE(summary->damage);
  EXPECT_EQ(summary->records, 0U);
  EXPECT_EQ(summary->not_synced, 0U);
}

TEST_F(Import, an_output_inside_the_journal_is_refused) {
  import_well(options_for({file("rows.csv", kCsv)}, "coinbase"));
  const std::string segment = journal_folder(data_dir()) + "/00000000000000000000.journal";
  const std::string before = read_text(segment);
  Options options = of_journal(options_for({}, ""), data_dir());
  options.output = segment;
  EXPECT_EQ(run(options).error, segment + ": is a place in the journal itself");
  EXPECT_EQ(read_text(segment), before);
}

TEST_F(Import, a_segment_is_no_output_wherever_it_is) {
  const Options rows = options_for({file("rows.csv", kCsv)}, "coinbase");
  import_well(rows);
  const std::string segment = journal_folder(data_dir()) + "/00000000000000000000.journal";
  const std::string link = path("link");
  std::filesystem::create_hard_link(segment, link);
  const std::string before = read_text(segment);
  for (const std::string& output : {segment, link}) {
    Options options = rows;
    options.output = output;
    EXPECT_EQ(run(options).error, output + ": is a segment of a journal");
    options.output = path("bars.csv");
    options.rejects_file = output;
    EXPECT_EQ(run(options).error, output + ": is a segment of a journal");
  }
  EXPECT_EQ(read_text(segment), before);
}

TEST_F(Import, journals_have_names_of_their_own) {
  std::vector<JournalId> ids;
  for (const char* name : {"a", "b"}) {
    const std::atomic<bool> stop{false};
    const auto summary = import_journal(
        {options_for({file("rows.csv", kCsv)}, "coinbase"), path(name), {}}, clock_, {}, stop);
    ASSERT_TRUE(summary);
    ids.push_back(summary->first.journal);
  }
  EXPECT_NE(ids[0], ids[1]);
}

TEST_F(Import, a_torn_tail_is_told) {
  import_well(options_for({file("rows.csv", kCsv)}, "coinbase"));
  journal::PosixDisk disk;
  journal::WriterOptions writing;
  {
    auto writer = journal::Writer::open(disk, journal_folder(data_dir()), writing);
    ASSERT_TRUE(writer);
    journal::Record tick;
    tick.type = journal::RecordType::kTick;
    ASSERT_TRUE((*writer)->append(tick));
    ASSERT_TRUE((*writer)->commit(0));
  }
  const auto segments = journal::find_segments(disk, journal_folder(data_dir()));
  ASSERT_TRUE(segments);
  std::filesystem::resize_file(segments->back().path, segments->back().bytes - 5);
  const Outcome outcome = run_well(of_journal(options_for({}, ""), data_dir()));
  ASSERT_EQ(outcome.summary.notes.size(), 1U);
  EXPECT_TRUE(outcome.summary.notes[0].starts_with(segments->back().path + ": 19 bytes behind"))
      << outcome.summary.notes[0];
}

TEST_F(Import, a_frame_of_no_connection_ends_the_replay_with_its_place) {
  journal::PosixDisk disk;
  {
    auto writer = journal::Writer::open(disk, journal_folder(data_dir()), {});
    ASSERT_TRUE(writer);
    journal::Record frame;
    frame.bytes = "{}";
    frame.connection = ConnectionId(3);
    ASSERT_TRUE((*writer)->append(frame));
    ASSERT_TRUE((*writer)->close());
  }
  const Outcome outcome = run(of_journal(options_for({}, ""), data_dir()));
  ASSERT_TRUE(outcome.summary.damage) << outcome.error;
  EXPECT_EQ(outcome.summary.damage->text,
            "journal record 0: stands on connection 3, which was never opened for such records");
}

TEST_F(Import, a_beginning_without_its_segment_ends_the_replay_with_its_name) {
  import_well(options_for({file("rows.csv", kCsv)}, "coinbase"));
  write_text(journal_folder(data_dir()) + "/" + journal::beginning_name(4'096), "");
  const Outcome outcome = run(of_journal(options_for({}, ""), data_dir()));
  EXPECT_TRUE(outcome.error.starts_with(journal_folder(data_dir()) + "/" +
                                        journal::segment_name(4'096) + ": is missing"))
      << outcome.error;
  EXPECT_FALSE(try_import(options_for({path("rows.csv")}, "coinbase")));
}

TEST_F(Import, what_retention_leaves_can_be_replayed) {
  const Options rows = options_for({file("rows.csv", many_rows(300))}, "coinbase");
  const auto retained = [&] {
    journal::PosixDisk disk;
    const auto report =
        journal::retain(disk, journal_folder(data_dir()),
                        {.keep_from = UINT64_MAX, .older_than = {}, .bytes_max = 0});
    EXPECT_TRUE(report) << report.error().text;
    return report ? report->segments : 0;
  };
  const auto delivered = [&] {
    const Outcome outcome = run_well(of_journal(options_for({}, ""), data_dir()));
    EXPECT_FALSE(outcome.summary.damage) << outcome.summary.damage->text;
    return outcome.summary.received;
  };
  import_well(rows);
  import_well(rows);
  journal::PosixDisk disk;
  ASSERT_GT(journal::find_segments(disk, journal_folder(data_dir()))->size(), 8U);
  retained();
  const std::uint64_t received = delivered();
  EXPECT_GE(received, 300U) << "the second import at least";
  EXPECT_EQ(received % 300, 0U) << "an import goes as a whole, or not at all";
  // As a recorder begins a segment.
  auto writer = journal::Writer::open(disk, journal_folder(data_dir()), {});
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->next_segment());
  const std::string text = decode::encode_epoch({"1", std::nullopt});
  journal::Record epoch;
  epoch.type = journal::RecordType::kEpoch;
  epoch.bytes = text;
  ASSERT_TRUE((*writer)->append(epoch));
  ASSERT_TRUE((*writer)->close());
  EXPECT_GT(retained(), 4U);
  EXPECT_EQ(delivered(), 0U);
}

// Coinbase trades, received where the clock was set back behind the opening.
class SetBack : public Import {
 protected:
  void append(journal::RecordType type, int second, const std::string& bytes) {
    journal::Record record;
    record.type = type;
    record.ts_recv = RecvTime(kStart + second * 1'000'000'000LL);
    record.bytes = bytes;
    ASSERT_TRUE(writer_->append(record));
  }
  void append_frame(int second, std::uint64_t id) {
    CoinbaseMatch match;
    match.id = id;
    append(journal::RecordType::kFrame, second, frame_of(match));
  }
  Summary as_of(int second) {
    Options options = of_journal(options_for({}, ""), data_dir());
    options.emit = Emit::kTrades;
    options.as_of = RecvTime(kStart + second * 1'000'000'000LL);
    return run(options).summary;
  }

  static constexpr std::int64_t kStart = 1'618'677'817'000'000'000;
  const std::string source_ = decode::encode_source({.venue = "coinbase", .name = "wss"});
  journal::PosixDisk disk_;
  std::unique_ptr<journal::Writer> writer_ =
      std::move(*journal::Writer::open(disk_, journal_folder(data_dir()), {}));
};

TEST_F(SetBack, openings_from_after_the_end_serve_what_was_received_before_it) {
  append(journal::RecordType::kEpoch, 5, decode::encode_epoch({"1", std::nullopt}));
  append(journal::RecordType::kOpen, 5, source_);
  append_frame(5, 1);
  append_frame(1, 2);
  append_frame(6, 3);
  ASSERT_TRUE(writer_->close());
  for (const auto& [second, delivered] :
       {std::pair(1, 0U), std::pair(2, 1U), std::pair(3, 1U), std::pair(6, 2U), std::pair(7, 3U)}) {
    const Summary summary = as_of(second);
    EXPECT_FALSE(summary.damage) << summary.damage->text;
    EXPECT_EQ(summary.delivered, delivered) << second;
  }
}

TEST_F(SetBack, openings_from_after_the_end_do_nothing_where_none_was) {
  append(journal::RecordType::kOpen, 0, source_);
  append_frame(1, 1);
  append(journal::RecordType::kEpoch, 5, "what: nobody knows yet\n");
  ASSERT_TRUE(writer_->close());
  EXPECT_TRUE(as_of(6).damage) << "this program cannot read it";
  EXPECT_FALSE(as_of(5).damage);
  EXPECT_EQ(as_of(5).delivered, 1U);
}

TEST_F(SetBack, openings_from_after_the_end_are_said_with_their_place_when_they_cannot_be_read) {
  append(journal::RecordType::kOpen, 0, source_);
  append(journal::RecordType::kEpoch, 5, "what: nobody knows yet\n");
  append_frame(1, 1);
  ASSERT_TRUE(writer_->close());
  const Summary summary = as_of(3);
  ASSERT_TRUE(summary.damage);
  EXPECT_TRUE(summary.damage->text.starts_with("journal record 1: ")) << summary.damage->text;
}

TEST_F(Import, asks_whether_the_venue_is_right_where_its_frames_are_not) {
  const std::string foreign = R"([340,["5541.2","0.1","1534614057.3","s","l",""],"trade","XBT"])";
  std::string stamped;
  std::string raw;
  std::string own;
  for (int i = 0; i < 10; ++i) {
    stamped += recorded("1618677817.2", foreign);
    raw += foreign + "\n";
    own += recorded("1618677817.2", i < 4 ? foreign : frame_of({.id = 1}));
  }
  for (const auto& [text, format] :
       {std::pair(stamped, InputFormat::kCryptofeed), std::pair(raw, InputFormat::kRaw)}) {
    Options options = options_for({file("frames.txt", text)}, "coinbase");
    options.input_format = format;
    const auto summary = try_import(options);
    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->venue_question,
              "10 of 10 frames carry no mark of coinbase: is --venue right?");
    EXPECT_EQ(run_well(options).summary.notes.at(0), summary->venue_question) << "as a replay asks";
  }
  Options options = options_for({file("own.txt", own)}, "coinbase");
  options.input_format = InputFormat::kCryptofeed;
  EXPECT_EQ(try_import(options)->venue_question, std::nullopt);
  EXPECT_EQ(try_import(options_for({file("rows.csv", kCsv)}, "coinbase"))->venue_question,
            std::nullopt);
}

TEST_F(Import, asks_by_the_beginning_of_a_long_recording) {
  std::string text;
  for (int i = 0; i < 10'001; ++i) text += recorded("1618677817.2", R"({"a":1})");
  Options options = options_for({file("frames.txt", text)}, "coinbase");
  options.input_format = InputFormat::kCryptofeed;
  EXPECT_EQ(try_import(options)->venue_question,
            "at the beginning, 10000 of 10000 frames carry no mark of coinbase: is --venue right?");
}

TEST_F(Import, no_output_goes_over_a_file_of_a_data_folder) {
  const Options rows = options_for({file("rows.csv", kCsv)}, "coinbase");
  import_well(rows);
  const std::string marker = data_dir() + "/tapeline";
  const std::string text = "tapeline data folder 1\nholds real\n";
  write_text(marker, text);
  std::filesystem::create_symlink(marker, path("link"));
  const std::vector<std::string> own{marker, path("link"), data_dir() + "/lock",
                                     data_dir() + "/store.duckdb", data_dir() + "/../data/windows"};
  for (const Options& input : {of_journal(options_for({}, ""), data_dir()), rows}) {
    for (const std::string& output : own) {
      Options options = input;
      options.output = output;
      const std::string refusal =
          output + ": is a file of the data folder itself; give another name";
      EXPECT_EQ(run(options).error, refusal);
      options.output = path("bars.csv");
      options.rejects_file = output;
      EXPECT_EQ(run(options).error, refusal);
    }
    Options options = input;
    options.output = journal_folder(data_dir()) + "/new.csv";
    EXPECT_EQ(run(options).error, options.output + ": is a place in the journal itself");
    options.output = data_dir() + "/store.csv";
    EXPECT_EQ(run(options).error, "") << "what is not Tapeline's is the user's";
  }
  EXPECT_EQ(read_text(marker), text);
  // Without a marker, the folder that is replayed is one all the same.
  std::filesystem::remove(marker);
  Options options = of_journal(options_for({}, ""), data_dir());
  options.output = marker;
  EXPECT_NE(run(options).error, "");
}

TEST_F(Import, a_folder_without_a_journal_is_said) {
  const Outcome outcome = run(of_journal(options_for({}, "coinbase"), path("nothing")));
  EXPECT_EQ(outcome.error, path("nothing") +
                               "/journal: there is no journal; tapeline journal "
                               "import makes one from recordings");
  EXPECT_EQ(outcome.fault, Fault::kCaller);
}

TEST_F(Import, a_damaged_journal_is_used_up_to_the_damage) {
  import_well(options_for({file("rows.csv", kCsv)}, "coinbase"));
  std::string last;
  for (const auto& entry : std::filesystem::directory_iterator(data_dir() + "/journal")) {
    const std::string name = entry.path().string();
    if (name.ends_with(".journal")) last = std::max(last, name);
  }
  std::string bytes = read_text(last);
  bytes[bytes.size() - 100] = static_cast<char>(bytes[bytes.size() - 100] ^ 1);
  write_text(last, bytes);
  const Outcome outcome = run(of_journal(options_for({}, "coinbase"), data_dir()));
  EXPECT_EQ(outcome.error, "");
  ASSERT_TRUE(outcome.summary.damage);
  EXPECT_NE(outcome.summary.damage->text.find(last + ": is damaged at byte"), std::string::npos);
}

}  // namespace
}  // namespace tapeline::replay
