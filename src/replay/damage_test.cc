// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <string>
#include <vector>

#include "replay/replay_fixture.h"

namespace tapeline::replay {
namespace {

std::string zstd_of(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

std::string xz_of(const std::string& text) {
  std::string out(text.size() + 4096, '\0');
  std::size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr,
                                    reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                    reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size()),
            LZMA_OK);
  out.resize(size);
  return out;
}

std::string gzip_of(const std::string& text, const std::string& path) {
  const gzFile file = gzopen(path.c_str(), "wb");
  EXPECT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())),
            static_cast<int>(text.size()));
  EXPECT_EQ(gzclose(file), Z_OK);
  return read_text(path);
}

class Damage : public ReplayFolder {
 protected:
  // Lines that do not compress too well, so that a truncation falls in the middle of them.
  std::string recording() {
    std::string text;
    std::uint64_t noise = 1;
    for (std::uint64_t id = 1; id <= 20'000; ++id) {
      noise = noise * 6364136223846793005ULL + 1442695040888963407ULL;
      text +=
          recorded(fmt::format("1618677{:03}.{:06}", 100 + id / 100, noise >> 45 ^ id % 7),
                   frame_of({.id = id, .price = fmt::format("{}.{}1", noise >> 40, noise >> 55)}));
    }
    return text;
  }

  Options options_of(const std::string& name, std::string_view bytes) {
    Options options = options_for({file(name, bytes)}, "coinbase");
    options.input_format = InputFormat::kCryptofeed;
    options.emit = Emit::kTrades;
    return options;
  }

  void expect_readable_part_used(const std::string& name, const std::string& bytes) {
    const auto whole = run_well(options_of(name, bytes));
    EXPECT_FALSE(whole.summary.damage);
    EXPECT_EQ(whole.summary.delivered, 20'000U);
    const auto part =
        run_well(options_of(name, std::string_view(bytes).substr(0, bytes.size() * 2 / 3)));
    ASSERT_TRUE(part.summary.damage) << name;
    EXPECT_NE(part.summary.damage->text.find(path(name)), std::string::npos)
        << part.summary.damage->text;
    EXPECT_GT(part.summary.delivered, 5'000U);
    EXPECT_LT(part.summary.delivered, 19'000U);
    EXPECT_EQ(part.summary.rejected, 0U) << "a line that the damage cuts is not half read";
    EXPECT_TRUE(whole.output.starts_with(part.output)) << name;
  }
};

TEST_F(Damage, of_a_truncated_zstd_leaves_the_readable_part) {
  expect_readable_part_used("cut.zst", zstd_of(recording()));
}

TEST_F(Damage, of_a_truncated_gzip_leaves_the_readable_part) {
  expect_readable_part_used("cut.gz", gzip_of(recording(), path("whole.gz")));
}

TEST_F(Damage, of_a_truncated_xz_leaves_the_readable_part) {
  expect_readable_part_used("cut.xz", xz_of(recording()));
}

TEST_F(Damage, of_one_input_does_not_end_the_others) {
  const std::string bytes = zstd_of(recording());
  Options options = options_of("cut.zst", std::string_view(bytes).substr(0, bytes.size() / 2));
  options.inputs.push_back(file("good", recorded("1618679999", frame_of({.symbol = "Z-Z"}))));
  const auto outcome = run_well(options);
  EXPECT_TRUE(outcome.summary.damage);
  EXPECT_NE(outcome.output.find("coinbase:Z-Z,1,"), std::string::npos);
}

TEST_F(Damage, before_the_first_line_is_wrong_use_or_damage_but_never_silence) {
  Options options = options_of("cut.zst", zstd_of("x").substr(0, 3));
  const auto known = run(options);
  EXPECT_TRUE(known.error.empty());
  EXPECT_TRUE(known.summary.damage);
  options.input_format = InputFormat::kDetect;
  EXPECT_NE(run(options).error.find("cut.zst"), std::string::npos);
}

TEST_F(Damage, is_not_a_missing_file_which_is_wrong_use) {
  const auto outcome = run(options_for({path("nowhere")}, "coinbase"));
  EXPECT_EQ(outcome.error, path("nowhere") + ": No such file or directory");
  EXPECT_EQ(outcome.fault, Fault::kCaller);
  EXPECT_EQ(run(options_for({path("")}, "coinbase")).fault, Fault::kCaller);  // a folder
}

TEST_F(Damage, is_not_an_output_that_cannot_be_written) {
  Options options = options_of("input", recorded("1618679999", frame_of({})));
  options.output = path("no/such/folder/out.csv");
  const auto outcome = run(options);
  EXPECT_NE(outcome.error.find(options.output), std::string::npos) << outcome.error;
  EXPECT_EQ(outcome.fault, Fault::kCaller);
  options.output = path("out.csv");
  options.rejects_file = path("no/such/folder/rejects.csv");
  EXPECT_EQ(run(options).fault, Fault::kCaller);
}

TEST_F(Damage, of_a_full_disk_is_an_error_for_small_and_large_outputs) {
  for (const std::size_t lines : {1U, 20'000U}) {
    std::string text = recording();
    if (lines == 1) text.resize(text.find('\n') + 1);
    Options options = options_of("input", text);
    options.output = "/dev/full";
    const auto outcome = run(options);
    EXPECT_EQ(outcome.error, "/dev/full: cannot write: No space left on device") << lines;
    EXPECT_EQ(outcome.fault, Fault::kOurs);
  }
  Options options = options_of("input", "garbage\n");
  options.rejects_file = "/dev/full";
  EXPECT_EQ(run(options).error, "/dev/full: cannot write: No space left on device");
}

TEST_F(Damage, is_not_done_to_an_input_that_is_named_as_output_too) {
  const std::string text = recorded("1618679999", frame_of({}));
  Options options = options_of("input", text);
  options.output = path("input");
  const auto outcome = run(options);
  EXPECT_EQ(outcome.fault, Fault::kCaller);
  EXPECT_NE(outcome.error.find("is an input too"), std::string::npos) << outcome.error;
  EXPECT_EQ(read_text(path("input")), text);
  options.output = path("out.csv");
  options.rejects_file = path("input");
  EXPECT_NE(run(options).error.find("is an input too"), std::string::npos);
  EXPECT_EQ(read_text(path("input")), text);
}

TEST_F(Damage, is_not_done_to_the_output_by_the_rejects) {
  Options options = options_of("input", recorded("1618679999", frame_of({})));
  options.output = path("both.csv");
  options.rejects_file = path("both.csv");
  EXPECT_EQ(run(options).error, path("both.csv") + ": takes the output or the rejects, not both");
  options.output = "-";
  options.rejects_file = "-";
  EXPECT_EQ(run(options).error, "standard output: takes the output or the rejects, not both");
  options.output = "/dev/null";
  options.rejects_file = "/dev/null";
  EXPECT_EQ(run(options).error, "");
}

TEST_F(Damage, is_not_done_to_an_old_output_by_wrong_use) {
  Options options = options_of("input", recorded("1618679999", frame_of({})));
  options.output = file("out.csv", "yesterday's\n");
  options.venue = "mtgox";
  EXPECT_EQ(run(options).fault, Fault::kCaller);
  EXPECT_EQ(read_text(path("out.csv")), "yesterday's\n");
}

}  // namespace
}  // namespace tapeline::replay
