// SPDX-License-Identifier: Apache-2.0
// The commands of the journal on real folders.
#include <gtest/gtest.h>

#include <filesystem>

#include "app/cli_fixture.h"
#include "base/file_size_limit.h"

namespace tapeline::app {
namespace {

using std::filesystem::path;

std::uintmax_t bytes_in(const std::string& folder) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) bytes += entry.file_size();
  return bytes;
}

class JournalCommands : public CliFixture {
 protected:
  JournalCommands() { std::filesystem::remove_all(folder_); }
  ~JournalCommands() override { std::filesystem::remove_all(folder_); }
  JournalCommands(const JournalCommands&) = delete;
  JournalCommands& operator=(const JournalCommands&) = delete;

  [[nodiscard]] std::string data() const { return (folder_ / "data").string(); }
  [[nodiscard]] std::string journal() const { return data() + "/journal"; }

  Outcome on_data(std::vector<std::string> args) {
    args.insert(args.begin(), {"--data-dir", data()});
    return run(args);
  }

  void import_rows() {
    const std::string rows = file("rows.csv",
                                  "symbol,trade_id,ts_event,price,size,side\n"
                                  "BTC-USD,1,2024-01-01T00:00:01Z,100,1,buy\n"
                                  "BTC-USD,2,2024-01-01T00:00:02Z,101,2,sell\n");
    const Outcome outcome = on_data({"journal", "import", rows, "--venue", "coinbase"});
    ASSERT_EQ(outcome.status, kExitDone) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.starts_with(journal() + ": ")) << outcome.err;
  }

  // What `journal cat` writes.
  std::string cat(std::vector<std::string> args) {
    const std::string output = file("cat", "");
    args.insert(args.begin(), {"journal", "cat", "--output", output});
    const Outcome outcome = on_data(args);
    EXPECT_EQ(outcome.status, kExitDone) << outcome.err;
    std::ifstream in(output, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  path folder_ = path(testing::TempDir()) /
                 ("tapeline_journal_" +
                  std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
};

TEST_F(JournalCommands, an_import_makes_the_folder_one_of_real_data) {
  import_rows();
  std::ifstream in(data() + "/tapeline", std::ios::binary);
  const std::string marker{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(marker, "tapeline data folder 1\nholds real\n");
}

TEST_F(JournalCommands, nothing_real_is_imported_into_a_folder_of_simulated_data) {
  std::filesystem::create_directories(data());
  std::ofstream(data() + "/tapeline", std::ios::binary)
      << "tapeline data folder 1\nholds simulated\n";
  const std::string rows = file("rows.csv", "symbol,trade_id,ts_event,price,size,side\n");
  expect_mistake({"--data-dir", data(), "journal", "import", rows, "--venue", "coinbase"},
                 "tapeline: " + data() +
                     ": holds simulated data, which real data never joins; choose another "
                     "--data-dir");
  EXPECT_FALSE(std::filesystem::exists(journal()));
}

TEST_F(JournalCommands, list_what_was_imported) {
  import_rows();
  const Outcome csv = on_data({"journal", "ls", "--format", "csv"});
  EXPECT_EQ(csv.status, kExitDone) << csv.err;
  const std::string size =
      std::to_string(std::filesystem::file_size(journal() + "/00000000000000000000.journal"));
  EXPECT_EQ(csv.out,
            "segment,position,records,bytes,received\n"
            "00000000000000000000.journal,0,6," +
                size + ",2024-01-01T00:00:01.000000000Z\n");
  EXPECT_EQ(on_data({"journal", "ls", "--format", "jsonl"}).out,
            R"({"segment":"00000000000000000000.journal","position":0,"records":6,"bytes":)" +
                size + R"(,"received":"2024-01-01T00:00:01.000000000Z"})" + "\n");
  EXPECT_TRUE(on_data({"journal", "ls"}).out.starts_with("segment                       position"));
}

TEST_F(JournalCommands, show_records_as_they_were_recorded) {
  import_rows();
  EXPECT_EQ(
      cat({"--type", "row"}),
      "position,type,connection,ts_recv,line,content\n"
      "3,row,0,2024-01-01T00:00:01.000000000Z,2,\"BTC-USD,1,2024-01-01T00:00:01Z,100,1,buy\"\n"
      "5,row,0,2024-01-01T00:00:02.000000000Z,3,\"BTC-USD,2,2024-01-01T00:00:02Z,101,2,sell\"\n");
  EXPECT_EQ(
      cat({"--position", "4", "--limit", "1"}),
      "position,type,connection,ts_recv,line,content\n4,tick,0,2024-01-01T00:00:02.000000000Z,,\n");
  EXPECT_EQ(
      cat({"--type", "row,tick", "--from", "2024-01-01T00:00:02Z", "--format", "jsonl", "-n1"}),
      R"({"position":4,"type":"tick","connection":0,"ts_recv":"2024-01-01T00:00:02.000000000Z",)"
      R"("line":null,"content":null})"
      "\n");
}

TEST_F(JournalCommands, write_times_as_nanoseconds_where_asked_to) {
  import_rows();
  EXPECT_EQ(cat({"--from", "1704067202000000000", "--time", "unix_ns", "--type", "tick"}),
            "position,type,connection,ts_recv,line,content\n4,tick,0,1704067202000000000,,\n");
  const Outcome csv = on_data({"journal", "ls", "--format", "csv", "--time", "unix_ns"});
  EXPECT_TRUE(csv.out.ends_with(",1704067201000000000\n")) << csv.out;
}

TEST_F(JournalCommands, seal_what_is_no_longer_written_and_read_it_as_before) {
  for (int i = 0; i < 2; ++i) {  // each record alone is larger than the segment may be
    const std::string rows = file("rows.csv", "symbol,trade_id,ts_event,price,size,side\n" +
                                                  std::string("BTC-USD,1,2024-01-01T00:00:01Z,") +
                                                  std::string(2'000'000, '1') + ",1,buy\n");
    ASSERT_EQ(run({"--data-dir", data(), "--set", "journal.segment_bytes=1MiB", "journal", "import",
                   rows, "--venue", "coinbase"})
                  .status,
              kExitDone);
  }
  const std::string before = cat({});
  const std::string first = journal() + "/00000000000000000000.journal";
  const std::uintmax_t bytes = bytes_in(journal());
  const Outcome sealed = on_data({"journal", "seal"});
  EXPECT_EQ(sealed.status, kExitDone) << sealed.err;
  EXPECT_NE(sealed.err.find(" sealed, "), std::string::npos) << sealed.err;
  EXPECT_EQ(sealed.out, "");
  EXPECT_FALSE(std::filesystem::exists(first));
  EXPECT_LT(bytes_in(journal()), bytes * 3 / 4) << "all but the last";
  EXPECT_EQ(cat({}), before);
  EXPECT_EQ(on_data({"journal", "check"}).status, kExitDone);
  const std::string listed = on_data({"journal", "ls", "--format", "csv"}).out;
  EXPECT_NE(listed.find("00000000000000000000.journal.zst,0,"), std::string::npos) << listed;
  const std::string copy = file("copy.zst", "");
  std::filesystem::copy_file(first + ".zst", copy,
                             std::filesystem::copy_options::overwrite_existing);
  const Outcome refused = on_data({"journal", "cat", "--output", copy});
  EXPECT_EQ(refused.status, kExitWrongUse);
  EXPECT_NE(refused.err.find(copy + ": is a segment of a journal"), std::string::npos);
  EXPECT_EQ(on_data({"journal", "seal"}).err,
            journal() + ": nothing to seal: what another segment follows is sealed already\n");
}

TEST_F(JournalCommands, check_says_whether_it_is_whole) {
  import_rows();
  Outcome outcome = on_data({"journal", "check"});
  EXPECT_EQ(outcome.status, kExitDone) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with(journal() + ": 1 segment, 6 records, ")) << outcome.out;
  EXPECT_TRUE(outcome.out.ends_with(": whole\n")) << outcome.out;

  const std::string segment = journal() + "/00000000000000000000.journal";
  std::fstream bytes(segment, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(static_cast<std::streamoff>(std::filesystem::file_size(segment)) - 90);
  bytes.put('~');
  bytes.close();
  outcome = on_data({"journal", "check"});
  EXPECT_EQ(outcome.status, kExitFound);
  EXPECT_TRUE(outcome.out.starts_with(segment + ": bytes ")) << outcome.out;
  EXPECT_TRUE(outcome.out.ends_with(": damaged\n")) << outcome.out;
}

TEST_F(JournalCommands, check_names_a_damaged_header_and_a_journal_that_was_not_closed) {
  import_rows();
  const std::string segment = journal() + "/00000000000000000000.journal";
  const auto bytes = std::filesystem::file_size(segment);
  std::filesystem::resize_file(segment, bytes - 48);
  Outcome outcome = on_data({"journal", "check"});
  EXPECT_EQ(outcome.status, kExitDone);
  EXPECT_TRUE(outcome.err.starts_with("note: the journal was not closed: ")) << outcome.err;
  EXPECT_EQ(on_data({"--quiet", "journal", "check"}).err, "");

  std::filesystem::resize_file(segment, 10);
  outcome = on_data({"journal", "check"});
  EXPECT_EQ(outcome.status, kExitFound);
  EXPECT_TRUE(outcome.out.starts_with(
      segment +
      ": is damaged: it ends inside its header; bring it back from a copy: nobody knows "
      "how many records from position 0 on cannot be read\n"))
      << outcome.out;
}

TEST_F(JournalCommands, without_a_journal_say_the_way_out) {
  for (const char* command : {"ls", "cat", "seal", "check"}) {
    const Outcome outcome = on_data({"journal", command});
    EXPECT_EQ(outcome.status, kExitWrongUse) << command;
    EXPECT_EQ(outcome.err, "tapeline: " + journal() +
                               ": there is no journal; tapeline journal import makes one from "
                               "recordings\n");
  }
}

TEST_F(JournalCommands, refuse_a_journal_whose_beginning_is_gone) {
  import_rows();
  const std::string segment = journal() + "/00000000000000000000.journal";
  std::ofstream(journal() + "/00000000000000004096.beginning").flush();
  const auto bytes = std::filesystem::file_size(segment);
  const std::string rows = file("rows.csv", "symbol,trade_id,ts_event,price,size,side\n");
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"ls"}, {"cat"}, {"seal"}, {"check"}, {"import", rows, "--venue", "coinbase"}}) {
    std::vector<std::string> args{"journal"};
    args.insert(args.end(), command.begin(), command.end());
    const Outcome outcome = on_data(args);
    EXPECT_EQ(outcome.status, kExitFailed) << command[0];
    EXPECT_EQ(outcome.out, "") << command[0];
    EXPECT_TRUE(outcome.err.starts_with("tapeline: " + journal() +
                                        "/00000000000000004096.journal: is missing"))
        << command[0] << ": " << outcome.err;
  }
  EXPECT_EQ(std::filesystem::file_size(segment), bytes);
}

TEST_F(JournalCommands, say_that_the_journal_itself_is_no_data_folder) {
  import_rows();
  for (const char* command : {"ls", "cat", "seal", "check"}) {
    const Outcome outcome = run({"--data-dir", journal(), "journal", command});
    EXPECT_EQ(outcome.status, kExitWrongUse) << command;
    EXPECT_NE(outcome.err.find("give the data folder that it is in, " + data() + "\n"),
              std::string::npos)
        << outcome.err;
  }
}

TEST_F(JournalCommands, import_of_nothing_says_nothing_of_twice) {
  const std::string rows = file("rows.csv",
                                "symbol,trade_id,ts_event,price,size,side\n"
                                "BTC-USD,1,2024-01-01T00:00:01Z,100,1,buy\n");
  const FileSizeLimit full(64);  // a segment's header
  const Outcome outcome = on_data({"journal", "import", rows, "--venue", "coinbase"});
  EXPECT_EQ(outcome.status, kExitFailed);
  EXPECT_TRUE(outcome.err.starts_with(journal() + ": nothing was appended\ntapeline: "))
      << outcome.err;
}

TEST_F(JournalCommands, import_asks_whether_the_venue_is_right) {
  const std::string frames = file("frames", "{\"a\":1}\n{\"a\":2}\n");
  const std::vector<std::string> import{"journal",  "import",         frames, "--venue",
                                        "coinbase", "--input-format", "raw"};
  const Outcome outcome = on_data(import);
  EXPECT_EQ(outcome.status, kExitDone);
  EXPECT_NE(outcome.err.find("note: 2 of 2 frames carry no mark of coinbase: is --venue right? "),
            std::string::npos)
      << outcome.err;
}

TEST_F(JournalCommands, cat_writes_over_no_file_of_the_data_folder) {
  import_rows();
  const Outcome outcome = on_data({"journal", "cat", "--output", data() + "/tapeline"});
  EXPECT_EQ(outcome.status, kExitWrongUse);
  EXPECT_EQ(outcome.err, "tapeline: " + data() +
                             "/tapeline: is a file of the data folder itself; give another name\n");
}

TEST_F(JournalCommands, take_the_data_folder_from_the_environment) {
  variables_["TAPELINE_DATA"] = data();
  EXPECT_TRUE(run({"journal", "ls"}).err.starts_with("tapeline: " + journal() + ": "));
  variables_.clear();
  variables_["HOME"] = data();
  EXPECT_TRUE(run({"journal", "ls"})
                  .err.starts_with("tapeline: " + data() + "/.local/share/tapeline/journal: "));
  variables_.clear();
  expect_mistake({"journal", "ls"},
                 "tapeline: there is no $HOME to find the data folder in; say --data-dir");
}

TEST_F(JournalCommands, import_needs_inputs_that_can_be_read) {
  expect_mistake({"journal", "import"},
                 "tapeline: journal import: no INPUT given (- is standard input)");
  expect_mistake({"journal", "import", "/nonexistent/a"},
                 "tapeline: /nonexistent/a: No such file or directory");
  expect_mistake({"journal", "import", "/"}, "tapeline: /: Is a directory");
  EXPECT_FALSE(std::filesystem::exists(data()));
}

}  // namespace
}  // namespace tapeline::app
