// SPDX-License-Identifier: Apache-2.0
// Questions in SQL: exact answers, and nothing but reading, in bounded time.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "store/duckdb/memory_bound.h"
#include "store/duckdb/open.h"
#include "store/duckdb/query_fixture.h"
#include "store/store_fixture.h"

namespace tapeline::store::duckdb {
namespace {

using Rows = std::vector<std::string>;

TEST_F(Query, values_are_exact_and_absent_is_not_empty) {
  EXPECT_EQ(ask("SELECT 0.1 + 0.2, 12345678901234567890.123456789012345678::DECIMAL(38,18), "
                "-1.50::DECIMAL(5,2), 100::DECIMAL(5,2)"),
            (Rows{"0.3|12345678901234567890.123456789012345678|-1.5|100"}));
  EXPECT_EQ(ask("SELECT 170141183460469231731687303715884105727::HUGEINT, -9223372036854775808, "
                "18446744073709551615::UBIGINT, true, NULL, ''"),
            (Rows{"170141183460469231731687303715884105727|-9223372036854775808|"
                  "18446744073709551615|true|-|"}));
  EXPECT_EQ(ask("SELECT make_timestamp_ns(1618677817123456789), TIMESTAMP '1969-12-31 23:59:59.5', "
                "DATE '2024-02-29'"),
            (Rows{"2021-04-17T16:43:37.123456789Z|1969-12-31T23:59:59.500000000Z|2024-02-29"}));
  EXPECT_EQ(ask("SELECT 0.1::DOUBLE, 1e300::DOUBLE, 'a,\"b\"'"), (Rows{"0.1|1e+300|a,\"b\""}));
}

// Rows of one instrument, whose minutes begin at 0.
class Candles : public Query {
 protected:
  static constexpr std::int64_t kMinute = 60'000'000'000;

  static BarRow bar(std::int64_t minute, std::int64_t close, Quality quality) {
    const auto column = [](std::int64_t value) { return Decimal{value, 0}.at_scale_18(); };
    BarRow row;
    row.instrument = InstrumentId(0);
    row.interval = Duration(kMinute);
    row.start = EventTime(minute * kMinute);
    row.quality = quality;
    row.columns.open = row.columns.low = column(1);
    row.columns.high = column(9);
    row.columns.close = column(close);
    row.columns.volume = column(5);
    row.columns.trades = 2;
    return row;
  }
  static VenueCandle candle(std::int64_t minute, std::int64_t close) {
    return {.instrument = InstrumentId(0),
            .interval = Duration(kMinute),
            .start = EventTime(minute * kMinute),
            .ts_recv = RecvTime(1),
            .open = {1, 0},
            .high = {9, 0},
            .low = {1, 0},
            .close = {close, 0},
            .volume = {5, 0}};
  }
  void store(std::uint64_t position, std::vector<BarRow> bars,
             const std::vector<VenueCandle>& candles) {
    InstrumentNames names;
    names.add("venue:CANDLES");
    Batch batch{.names = &names, .bars = std::move(bars)};
    for (BarRow& row : batch.bars) row.position = at(position);
    std::uint32_t ordinal = 0;
    for (const VenueCandle& its : candles) {
      batch.candles.push_back({at(position), ordinal++, its});
    }
    const auto done = writer_->commit(batch, at(position));
    ASSERT_TRUE(done) << done.error().text;
  }
  std::vector<std::string> differences() {
    return ask(
        "SELECT start_ns // 60000000000, field, ours::INT, theirs::INT, quality FROM (SELECT "
        "epoch_ns(start) AS start_ns, * FROM candle_differences WHERE instrument = "
        "'venue:CANDLES') ORDER BY ALL");
  }
};

TEST_F(Candles, are_what_the_venue_said_last) {
  store(1000, {}, {candle(3, 4), candle(4, 5)});
  store(1001, {}, {candle(3, 6)});
  EXPECT_EQ(ask("SELECT interval, close::INT, volume::INT, trades FROM venue_candles WHERE "
                "instrument = 'venue:CANDLES' ORDER BY start"),
            (std::vector<std::string>{"1m|6|5|-", "1m|5|5|-"}));
}

TEST_F(Candles, differ_from_bars_by_values_and_by_being_there) {
  store(1000,
        {bar(2, 4, Quality::kComplete), bar(3, 4, Quality::kComplete), bar(4, 4, Quality::kGap),
         bar(6, 4, Quality::kComplete), bar(9, 4, Quality::kComplete)},
        {candle(1, 4), candle(2, 4), candle(3, 7), candle(4, 8), candle(5, 4), candle(7, 4)});
  EXPECT_EQ(differences(),
            (std::vector<std::string>{"3|close|4|7|complete", "4|close|4|8|gap", "5|bar|-|5|-",
                                      "6|candle|5|-|complete", "7|bar|-|5|-"}));
}

TEST_F(Query, types_say_how_a_value_is_shown) {
  KeptAnswer answer;
  ASSERT_TRUE(
      reader_->query("SELECT 1 AS i, 1.5 AS d, 1e0::DOUBLE AS f, true AS b, 'x' AS t, "
                     "make_timestamp_ns(0) AS ts",
                     answer, [] { return false; }));
  EXPECT_EQ(answer.columns, (std::vector<Column>{{"i", ColumnType::kInteger},
                                                 {"d", ColumnType::kDecimal},
                                                 {"f", ColumnType::kDouble},
                                                 {"b", ColumnType::kBoolean},
                                                 {"t", ColumnType::kText},
                                                 {"ts", ColumnType::kTime}}));
}

TEST_F(Query, every_statement_that_reads_is_answered) {
  for (const char* sql : {"SELECT count(*) FROM trades", "WITH x AS (SELECT 1) FROM x;",
                          "DESCRIBE bars", "SHOW TABLES", "SUMMARIZE trades", "TABLE store",
                          "EXPLAIN SELECT * FROM bars", "VALUES (1)", "FROM quotes LIMIT 1"}) {
    const auto answer = ask(sql);
    EXPECT_FALSE(answer.empty()) << sql;
    EXPECT_NE(answer[0].substr(0, 5), "error") << answer[0];
  }
}

TEST_F(Query, nothing_is_changed_and_nothing_leaves_the_store) {
  const std::string only = "only statements that read are answered";
  const auto before = everything_in(*reader_);
  for (const char* sql :
       {"DELETE FROM stored.trades", "UPDATE stored.meta SET position = 1",
        "DROP TABLE stored.bars", "INSERT INTO stored.trades SELECT * FROM stored.trades",
        "CREATE TABLE t(a INT)", "CREATE TEMP TABLE t AS SELECT 1", "SET threads = 8", "BEGIN",
        "COMMIT", "CHECKPOINT", "INSTALL httpfs", "LOAD httpfs", "CALL pragma_version()",
        "PREPARE p AS SELECT 1", "ATTACH ':memory:' AS other", "USE stored", "VACUUM", "ANALYZE"}) {
    expect_refused(sql, only);
  }
  expect_refused("COPY trades TO '/tmp/tapeline_out.csv'", "");
  expect_refused("WITH x AS (SELECT 1) DELETE FROM stored.trades", only);
  expect_refused("EXPLAIN ANALYZE DELETE FROM stored.trades", only);
  for (const char* sql :
       {"SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/*')", "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM read_parquet('https://127.0.0.1:1/x.parquet')"}) {
    expect_refused(sql, "disabled by configuration");
  }
  for (const char* sql :
       {"SELECT * FROM checkpoint()", "SELECT * FROM system.main.FORCE_CHECKPOINT ( )",
        "SELECT * FROM \"enable_logging\"()", "SELECT write_log/**/('x')",
        "SELECT * FROM query('SELECT * FROM enable_' || 'logging()')"}) {
    expect_refused(sql, "does more than read");
  }
  for (const char* function : {"new_trades", "new_coverage", "gone_gaps"}) {
    expect_refused(std::string("SELECT * FROM ") + function + "()", "for the writer of the store");
  }
  EXPECT_EQ(everything_in(*reader_), before);
  EXPECT_EQ(ask("SELECT 1 AS checkpoint, 'query' AS \"query\""), (Rows{"1|query"}));
}

TEST_F(Query, mistakes_are_said_in_duckdbs_words) {
  expect_refused("SELEC 1", "syntax error at or near \"SELEC\"");
  expect_refused("SELECT * FROM trade", "Did you mean \"trades\"");
  expect_refused("SELECT 1; SELECT 2", "one statement at a time");
  expect_refused("", "there is no statement");
  expect_refused("-- nothing", "there is no statement");
  expect_refused("SELECT ?", "a value is missing");
  expect_refused("SELECT [1, 2]", "CAST(... AS VARCHAR)");
  expect_refused("SELECT 'x'::INTEGER FROM trades", "Could not convert string 'x'");
  EXPECT_EQ(ask("SELECT 1"), (Rows{"1"})) << "the reader is as good as before";
}

TEST_F(Query, ends_when_the_sink_has_enough_or_time_is_up) {
  KeptAnswer answer;
  answer.rows_max = 3;
  EXPECT_TRUE(reader_->query("SELECT * FROM range(1000000000)", answer, [] { return false; }));
  EXPECT_EQ(answer.rows.size(), 3U);
  const SystemClock clock;
  // The first gives no row, the second gives them without end, the third computes before its first.
  for (const char* sql :
       {"SELECT * FROM range(100000) a, range(100000) b WHERE a.range + b.range < 0",
        "SELECT * FROM range(1000000000000)",
        "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range = 7"}) {
    KeptAnswer endless;
    endless.rows_max = SIZE_MAX;
    const std::int64_t start_ns = clock.monotonic_ns();
    const auto done =
        reader_->query(sql, endless, [&] { return clock.monotonic_ns() - start_ns > 50'000'000; });
    ASSERT_FALSE(done) << sql;
    EXPECT_EQ(done.error().text, "interrupted") << sql;
    EXPECT_LT(clock.monotonic_ns() - start_ns, 5'000'000'000) << sql;
  }
  EXPECT_EQ(ask("SELECT 1"), (Rows{"1"}));
}

TEST_F(Query, one_that_wants_all_memory_stops_neither_itself_nor_the_writer_for_long) {
  // Sorted on disk; a list of everything cannot be.
  EXPECT_EQ(ask("SELECT md5(r::VARCHAR) FROM (SELECT range AS r FROM range(3000000)) "
                "ORDER BY 1 LIMIT 1 OFFSET 2999999")
                .size(),
            1U);
  std::atomic<bool> is_asking{true};
  std::jthread asking([&] {
    expect_refused(
        "SELECT length(list(a.range::VARCHAR || 'some forty bytes of text, more or less')"
        "::VARCHAR) FROM range(20000000) a",
        "Out of Memory");
    is_asking = false;
  });
  std::uint64_t next = 1000;
  const RowMaker maker(3);
  while (is_asking) {
    // A commit that found no memory is tried again, as the sink does.
    if (writer_->commit(maker.batch(next, next + 99), at(next + 99))) next += 100;
  }
  asking.join();
  ASSERT_TRUE(writer_->commit(maker.batch(next, next + 99), at(next + 99)));
  EXPECT_EQ(ask("SELECT position FROM store"), (Rows{std::to_string(next + 99)}));
}

// A line of /proc/self/status: VmRSS is what the process holds, VmHWM the most since forget_peak().
std::size_t kib_of(const std::string& key) {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    if (word != key + ':') continue;
    std::size_t kib = 0;
    status >> kib;
    return kib;
  }
  ADD_FAILURE() << key;
  return 0;
}

void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

// DuckDB's allocator moves the end of the heap where it may map nothing any more. Where that gets
// it memory depends on what lies behind the heap, so the test below may miss it.
TEST(MemoryBound, the_end_of_the_heap_is_not_moved_either) {
  if (!MemoryBound::is_built()) return;
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  MemoryBound bound(std::size_t{64} << 20);
  bound.close();
  EXPECT_EQ(::sbrk(kPiece), reinterpret_cast<void*>(-1));
  EXPECT_EQ(::mmap(nullptr, kPiece, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), MAP_FAILED);
}

// Most compute in one call, the first ones as constants while they are prepared.
TEST_F(Query, no_call_takes_all_memory_of_the_process) {
  if (!MemoryBound::is_built()) return;  // tests/system/live_test.py asks the same of the program
  constexpr std::size_t kStatedKib = std::size_t{1024} << 10;
  const std::size_t before = kib_of("VmRSS");
  forget_peak();
  for (int round = 0; round < 2; ++round) {
    for (const char* sql :
         {"SELECT len(range(150000000))", "SELECT length(repeat('abcdefghij', 60000000))",
          "SELECT sum(x) FROM (SELECT unnest(range(100000000)) AS x)",
          "SELECT length(format('{:>2000000000}', 'x'))",
          "SELECT sum(length(repeat('x', 1000000) || range::VARCHAR)) FROM range(100000)"}) {
      expect_refused(sql, "needs more than 512 MiB of memory");
      EXPECT_LT(kib_of("VmHWM"), before + kStatedKib) << sql;
    }
    // Here DuckDB's own limit may be the first.
    expect_refused(
        "WITH RECURSIVE d(n, s) AS (SELECT 1, 'abcdefghij' UNION ALL SELECT n + 1, s || s FROM d "
        "WHERE n < 40) SELECT max(length(s)) FROM d",
        "emory");
    EXPECT_LT(kib_of("VmHWM"), before + kStatedKib);
  }
  EXPECT_LT(kib_of("VmRSS"), before + (std::size_t{300} << 10)) << "it is given back";
  EXPECT_EQ(ask("SELECT length(repeat('abcdefghij', 1000000))"), (Rows{"10000000"}));
}

TEST_F(Query, a_call_that_nothing_ends_is_refused) {
  for (const char* sql :
       {"SELECT lpad('x', 2000000000, 'y')", "SELECT RPAD/**/('x', 9, 'y')",
        "SELECT \"Rpad\" -- \n ('x', 9, 'y')", "SELECT main.lpad('x', 9, 'y')",
        "SELECT levenshtein(repeat('a', 100000), repeat('b', 100000))",
        "SELECT len(filter(range(2000000), x -> length(md5(repeat('a', 20000) || x::VARCHAR)) > "
        "0))",
        "SELECT len([md5(repeat('a', 20000) || x::VARCHAR) for x in range(2000000)])",
        "SELECT list_transform/**/(range(20000000), x -> hash(x))",
        "SELECT list_sum(list_transform(range(2000000), lambda x : x))",
        "SELECT range(20000000).list_reduce((a, b) -> hash(a + b))",
        "WITH a AS (FROM (SELECT (SELECT [hash(x) for x in range(20000000)]))) FROM a",
        "SUMMARIZE SELECT [hash(x) for x in range(20000000)]",
        "EXPLAIN SELECT [hash(x) for x in range(20000000)]",
        "explain\nanalyze SELECT 1 ORDER BY len([hash(x) for x in range(20000000)])"}) {
    expect_refused(sql, "cannot be told to stop");
  }
  EXPECT_EQ(ask("SELECT 'lpad(1)', '\"class\":\"LAMBDA\"' -- x -> rpad(x)"),
            (Rows{"lpad(1)|\"class\":\"LAMBDA\""}));
  EXPECT_EQ(ask("SELECT json_extract('{\"a\": 7}', '$.a')::INT, '{\"a\": 7}' ->> '$.a'"),
            (Rows{"7|7"}));
}

TEST_F(Query, of_a_table_that_is_not_here_only_ours_are_suggested) {
  expect_refused("SELECT * FROM tradez", "Did you mean \"trades\"?");
  for (const char* sql : {"SELECT * FROM sequences", "SELECT * FROM statistics",
                          "SELECT * FROM pg_sequencez", "SELECT * FROM duckdb_table"}) {
    expect_refused(sql, "SHOW TABLES names those that are here");
  }
}

TEST_F(Query, an_explanation_is_of_what_is_answered) {
  for (const char* sql : {"EXPLAIN SELECT 1", "  explain\nANALYZE\tSELECT count(*) FROM trades;"}) {
    EXPECT_NE(ask(sql).front().substr(0, 5), "error") << ask(sql).front();
  }
  // Where DuckDB sees the comment end is not ours to find out.
  for (const char* sql : {"/* */ EXPLAIN SELECT 1", "EXPLAIN (FORMAT json) SELECT 1",
                          "EXPLAIN /* /* */ SELECT 1 -- */ DELETE FROM stored.trades",
                          "EXPLAIN DELETE FROM stored.trades"}) {
    expect_refused(sql, "");
  }
}

TEST_F(Query, a_stop_reaches_a_statement_that_is_prepared) {
  KeptAnswer answer;
  const auto done = reader_->query("SELECT len(range(20000000))", answer, [] { return true; });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text, "interrupted");
  EXPECT_TRUE(answer.rows.empty());
}

TEST_F(Query, reads_files_that_nobody_writes_without_changing_them) {
  reader_.reset();
  writer_.reset();
  auto reader = open_reader(folder_.path(), {});
  ASSERT_TRUE(reader) << reader.error().text;
  reader_ = std::move(*reader);
  EXPECT_EQ(ask("SELECT position, kind FROM store"), (Rows{"999|real"}));
  expect_refused("DELETE FROM stored.trades", "only statements that read");
}

}  // namespace
}  // namespace tapeline::store::duckdb
