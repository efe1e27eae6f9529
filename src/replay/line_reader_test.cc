// SPDX-License-Identifier: Apache-2.0
#include "replay/line_reader.h"
#include "base/padding.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace tapeline::replay {
namespace {

// Gives a text in pieces of at most `piece_bytes`, then the end or an Error.
class TextSource final : public ByteSource {
 public:
  TextSource(std::string text, std::size_t piece_bytes, bool fails = false)
      : text_(std::move(text)), piece_bytes_(piece_bytes), fails_(fails) {}

  Result<std::size_t> read(std::span<char> into) override {
    largest_read_ = std::max(largest_read_, into.size());
    const std::size_t size = std::min({piece_bytes_, into.size(), text_.size() - next_});
    if (size == 0 && fails_) return fail(Fault::kTheirs, "tape torn");
    std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(next_), size, into.begin());
    next_ += size;
    return size;
  }

  [[nodiscard]] std::uint64_t bytes_read_raw() const override { return next_; }
  [[nodiscard]] std::optional<std::uint64_t> bytes_total_raw() const override {
    return text_.size();
  }
  [[nodiscard]] std::size_t largest_read() const { return largest_read_; }

 private:
  std::string text_;
  std::size_t piece_bytes_;
  bool fails_;
  std::size_t next_ = 0;
  std::size_t largest_read_ = 0;
};

constexpr std::string_view kTooLong = "(too long)";
constexpr std::size_t kAnyPiece = SIZE_MAX;

LineReader reader_of(std::string text, std::size_t piece_bytes = kAnyPiece,
                     LineReaderOptions options = {}, bool fails = false) {
  return LineReader(std::make_unique<TextSource>(std::move(text), piece_bytes, fails), options);
}

// Every line, until the end or an Error; reads the padding too, so that a sanitizer sees it.
std::vector<std::string> lines_of(LineReader& reader, std::string* error = nullptr) {
  std::vector<std::string> lines;
  unsigned padding = 0;
  for (;;) {
    std::string_view line;
    const auto status = reader.next(line);
    if (!status) {
      EXPECT_NE(error, nullptr) << status.error().text;
      if (error != nullptr) *error = status.error().text;
      break;
    }
    if (*status == LineStatus::kEnd) break;
    EXPECT_EQ(reader.line_number(), lines.size() + 1);
    if (*status == LineStatus::kTooLong) {
      lines.emplace_back(kTooLong);
      continue;
    }
    lines.emplace_back(line);
    for (std::size_t i = 0; i < kReadPadding; ++i) {
      padding += static_cast<unsigned char>(line.data()[line.size() + i]);
    }
  }
  EXPECT_LT(padding, 0xFFFFFFFF);
  return lines;
}

std::vector<std::string> lines_of(std::string text) {
  auto reader = reader_of(std::move(text));
  return lines_of(reader);
}

// The same by the shortest way one can think of.
std::vector<std::string> lines_expected(const std::string& text, std::size_t limit) {
  std::vector<std::string> lines;
  std::string line;
  const auto finish = [&] {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line.size() > limit ? std::string(kTooLong) : line);
    line.clear();
  };
  bool open = false;
  for (const char c : text) {
    open = c != '\n';
    if (open) {
      line.push_back(c);
    } else {
      finish();
    }
  }
  if (open) finish();
  return lines;
}

using Lines = std::vector<std::string>;

TEST(LineReader, empty_input_has_no_line) { EXPECT_EQ(lines_of(""), Lines{}); }

TEST(LineReader, last_line_needs_no_newline) {
  EXPECT_EQ(lines_of("a\nb"), (Lines{"a", "b"}));
  EXPECT_EQ(lines_of("a\nb\n"), (Lines{"a", "b"}));
}

TEST(LineReader, empty_lines_are_lines) {
  EXPECT_EQ(lines_of("\n\na\n\n"), (Lines{"", "", "a", ""}));
}

TEST(LineReader, drops_one_carriage_return_at_the_end_only) {
  EXPECT_EQ(lines_of("a\r\nb\rc\r\r\n\r\nd\r"), (Lines{"a", "b\rc\r", "", "d"}));
}

TEST(LineReader, nul_bytes_are_data) {
  const std::string text("a\0b\n\0\n", 6);
  EXPECT_EQ(lines_of(text), (Lines{std::string("a\0b", 3), std::string("\0", 1)}));
}

TEST(LineReader, end_stays_the_end) {
  auto reader = reader_of("a\n");
  EXPECT_EQ(lines_of(reader).size(), 1U);
  std::string_view line;
  EXPECT_EQ(reader.next(line), LineStatus::kEnd);
  EXPECT_EQ(reader.next(line), LineStatus::kEnd);
  EXPECT_EQ(reader.line_number(), 1U);
}

TEST(LineReader, line_of_many_batches_is_whole) {
  const std::string longest(1'000'003, 'x');
  auto reader = reader_of("a\n" + longest + "\nb\n", 977, {.batch_bytes = 4096});
  EXPECT_EQ(lines_of(reader), (Lines{"a", longest, "b"}));
}

TEST(LineReader, line_beyond_the_limit_is_skipped_to_its_end_and_counted) {
  const std::string longest(100'000, 'x');
  auto reader = reader_of("a\n" + longest + "\nb\n" + longest, kAnyPiece,
                          {.batch_bytes = 4096, .line_bytes_max = 10'000});
  EXPECT_EQ(lines_of(reader), (Lines{"a", std::string(kTooLong), "b", std::string(kTooLong)}));
}

TEST(LineReader, carriage_return_does_not_count_against_the_limit) {
  const std::string fits(10'000, 'x');
  const LineReaderOptions options{.batch_bytes = 4096, .line_bytes_max = 10'000};
  for (const std::size_t piece : {std::size_t{1}, std::size_t{10'000}, kAnyPiece}) {
    const std::string text = fmt::format("{0}\r\n{0}y\n{0}\n{0}\r", fits);
    auto reader = reader_of(text, piece, options);
    EXPECT_EQ(lines_of(reader), (Lines{fits, std::string(kTooLong), fits, fits}));
  }
}

TEST(LineReader, memory_stays_bounded_by_limit_and_batch) {
  auto source = std::make_unique<TextSource>(std::string(3'000'000, 'x') + "\nb\n", kAnyPiece);
  const TextSource& seen = *source;
  LineReader reader(std::move(source), {.batch_bytes = 4096, .line_bytes_max = 20'000});
  EXPECT_EQ(lines_of(reader), (Lines{std::string(kTooLong), "b"}));
  EXPECT_EQ(seen.largest_read(), 4096U);
}

TEST(LineReader, error_comes_behind_all_whole_lines_and_stays) {
  auto reader = reader_of("a\nb\ncut off", 3, {}, true);
  std::string error;
  EXPECT_EQ(lines_of(reader, &error), (Lines{"a", "b"}));
  EXPECT_EQ(error, "tape torn");
  EXPECT_EQ(lines_of(reader, &error).size(), 0U);
}

TEST(LineReader, error_inside_a_line_beyond_the_limit_is_reported) {
  auto reader = reader_of("a\n" + std::string(50'000, 'x'), kAnyPiece,
                          {.batch_bytes = 4096, .line_bytes_max = 5'000}, true);
  std::string error;
  EXPECT_EQ(lines_of(reader, &error), (Lines{"a"}));
  EXPECT_EQ(error, "tape torn");
}

RC_GTEST_PROP(LineReader, batch_and_piece_sizes_never_change_the_lines, ()) {
  // Runs of one byte, so that lines meet the borders of batches and the limit.
  const auto runs = *rc::gen::container<std::vector<std::pair<char, int>>>(
      rc::gen::pair(rc::gen::element('a', 'b', '\n', '\r', '\0'),
                    rc::gen::weightedOneOf<int>({{8, rc::gen::inRange(1, 4)},
                                                 {2, rc::gen::inRange(4090, 4100)},
                                                 {1, rc::gen::inRange(5000, 20000)}})));
  std::string text;
  for (const auto& [c, count] : runs) text.append(static_cast<std::size_t>(count), c);
  const LineReaderOptions options{
      .batch_bytes = *rc::gen::element<std::size_t>(4096, 4097, 8191, 1 << 20),
      .line_bytes_max = *rc::gen::element<std::size_t>(0, 1, 4095, 4096, 9000, 1 << 20)};
  const auto piece = *rc::gen::element<std::size_t>(7, 100, 4095, 4096, kAnyPiece);
  auto reader = reader_of(text, piece, options);
  RC_ASSERT(lines_of(reader) == lines_expected(text, options.line_bytes_max));
}

}  // namespace
}  // namespace tapeline::replay
