// SPDX-License-Identifier: Apache-2.0
#include "replay/byte_source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <lzma.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace tapeline::replay {
namespace {

using std::string;

std::uint8_t* bytes_of(string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }
const std::uint8_t* bytes_of(const string& text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

string zst(const string& text) {
  string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return out;
}

string xz(const string& text) {
  string out(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, nullptr, bytes_of(text), text.size(),
                                    bytes_of(out), &size, out.size()),
            LZMA_OK);
  out.resize(size);
  return out;
}

string gz(const string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 1, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = const_cast<Bytef*>(bytes_of(text));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = bytes_of(out);
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

struct Compressed {
  const char* name;
  string (*compress)(const string&);
};

constexpr std::array<Compressed, 3> kFormats{{{"f.zst", zst}, {"f.xz", xz}, {"f.gz", gz}}};

// A folder of its own for each test.
class ByteSourceTest : public testing::Test {
 protected:
  ByteSourceTest() {
    string pattern = (std::filesystem::temp_directory_path() / "byte_source_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~ByteSourceTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] string path_of(const string& name) const { return folder_ + "/" + name; }

  [[nodiscard]] string write(const string& name, const string& bytes) const {
    std::ofstream(path_of(name), std::ios::binary) << bytes;
    return path_of(name);
  }

  string folder_;
};

struct Delivered {
  string bytes;
  string error;  // empty: the end was reached
};

Delivered read_all(ByteSource& source, std::size_t block = 1 << 20) {
  Delivered out;
  std::vector<char> buffer(block);
  for (;;) {
    const auto got = source.read(buffer);
    if (!got) {
      out.error = got.error().text;
      const auto again = source.read(buffer);
      EXPECT_TRUE(!again && again.error().text == out.error) << "an error stays";
      return out;
    }
    if (*got == 0) return out;
    out.bytes.append(buffer.data(), *got);
  }
}

Delivered read_file(const string& path, std::size_t block = 1 << 20) {
  auto source = open_byte_source(path);
  if (!source) return {"", "open: " + source.error().text};
  return read_all(**source, block);
}

// Text that compresses about as trades do, so that a format needs several blocks for it.
string sample(std::size_t size) {
  std::mt19937_64 random(20261120);
  string out;
  while (out.size() < size) out += "SYM" + std::to_string(random() % 100'000'000) + ",buy\n";
  out.resize(size);
  return out;
}

TEST_F(ByteSourceTest, plain_file_comes_as_it_is) {
  const string text = sample(100'000);
  for (const std::size_t block : {std::size_t{1}, std::size_t{4096}, std::size_t{1} << 20}) {
    const auto got = read_file(write("plain.csv", text), block);
    EXPECT_EQ(got.bytes, text);
    EXPECT_EQ(got.error, "");
  }
  EXPECT_EQ(read_file(write("empty", "")).error, "");
}

TEST_F(ByteSourceTest, dash_is_stdin) {
  const int kept = ::dup(STDIN_FILENO);
  const int fd = ::open(write("in", "from stdin").c_str(), O_RDONLY);
  ::dup2(fd, STDIN_FILENO);
  EXPECT_EQ(read_file("-").bytes, "from stdin");
  EXPECT_NE(::fcntl(STDIN_FILENO, F_GETFD), -1) << "stdin is not ours to close";
  ::dup2(kept, STDIN_FILENO);
  ::close(kept);
  ::close(fd);
}

TEST_F(ByteSourceTest, pipe_has_no_total) {
  const string path = path_of("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const int writer = ::open(path.c_str(), O_RDWR);
  auto source = open_byte_source(path);
  ASSERT_TRUE(source);
  EXPECT_EQ((*source)->bytes_total_raw(), std::nullopt);
  ASSERT_EQ(::write(writer, "abc", 3), 3);
  ::close(writer);
  EXPECT_EQ(read_all(**source).bytes, "abc");
}

TEST_F(ByteSourceTest, missing_file_is_the_callers_fault_and_named) {
  const auto source = open_byte_source(path_of("nowhere.csv"));
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().fault, Fault::kCaller);
  EXPECT_EQ(source.error().text, path_of("nowhere.csv") + ": No such file or directory");
}

TEST_F(ByteSourceTest, directory_is_the_callers_fault) {
  for (const string name : {"folder", "folder.zst"}) {
    std::filesystem::create_directory(path_of(name));
    const auto source = open_byte_source(path_of(name));
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().fault, Fault::kCaller);
    EXPECT_EQ(source.error().text, path_of(name) + ": Is a directory");
  }
}

TEST_F(ByteSourceTest, file_without_permission_is_the_callers_fault) {
  const string path = write("secret", "x");
  std::filesystem::permissions(path, std::filesystem::perms::none);
  // Root reads everything, so for a moment it is somebody else.
  constexpr ::uid_t kNobody = 65534;
  const bool is_root = ::geteuid() == 0;
  ASSERT_EQ(is_root ? ::seteuid(kNobody) : 0, 0);
  const auto source = open_byte_source(path);
  ASSERT_EQ(is_root ? ::seteuid(0) : 0, 0);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().fault, Fault::kCaller);
  EXPECT_EQ(source.error().text, path + ": Permission denied");
}

TEST_F(ByteSourceTest, members_in_a_row_are_one_text) {
  const string text = sample(700'000);
  for (const auto& [name, compress] : kFormats) {
    const string bytes = compress(text.substr(0, 300'000)) + compress("") +
                         compress(text.substr(300'000, 1)) + compress(text.substr(300'001));
    for (const std::size_t block : {std::size_t{997}, std::size_t{1} << 20}) {
      const auto got = read_file(write(name, bytes), block);
      EXPECT_EQ(got.error, "") << name;
      EXPECT_TRUE(got.bytes == text) << name;
    }
  }
}

TEST_F(ByteSourceTest, counts_the_bytes_of_the_file_itself) {
  for (const auto& [name, compress] : kFormats) {
    const string bytes = compress(sample(2'000'000));
    auto source = open_byte_source(write(name, bytes));
    ASSERT_TRUE(source);
    EXPECT_EQ((*source)->bytes_total_raw(), bytes.size());
    EXPECT_EQ((*source)->bytes_read_raw(), 0U);
    EXPECT_EQ(read_all(**source).error, "");
    EXPECT_EQ((*source)->bytes_read_raw(), bytes.size());
  }
}

TEST_F(ByteSourceTest, empty_compressed_file_is_an_error) {
  for (const auto& [name, compress] : kFormats) {
    EXPECT_EQ(read_file(write(name, "")).error, path_of(name) + ": byte 0: the file is empty");
  }
}

TEST_F(ByteSourceTest, file_of_another_kind_is_an_error) {
  const string text = "symbol,trade_id,ts_event,price,size,side\n";
  EXPECT_EQ(read_file(write("f.zst", text)).error,
            path_of("f.zst") + ": byte 0: Unknown frame descriptor");
  EXPECT_EQ(read_file(write("f.xz", text)).error,
            path_of("f.xz") + ": byte 12: this is no xz data");
  EXPECT_EQ(read_file(write("f.gz", text)).error,
            path_of("f.gz") + ": byte 2: incorrect header check");
}

TEST_F(ByteSourceTest, file_cut_anywhere_gives_what_is_there_and_then_an_error) {
  const string text = sample(450);
  for (const auto& [name, compress] : kFormats) {
    const string first = compress(text.substr(0, 300));
    const string bytes = first + compress(text.substr(300));
    std::size_t least = 0;
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
      const auto got = read_file(write(name, bytes.substr(0, cut)), 300);
      ASSERT_TRUE(text.starts_with(got.bytes)) << name << " cut at " << cut;
      ASSERT_GE(got.bytes.size(), least) << name << " cut at " << cut;
      least = got.bytes.size();
      ASSERT_GE(least, cut >= first.size() ? 300U : 0U) << name << " cut at " << cut;
      if (cut == first.size()) {
        ASSERT_EQ(got.error, "") << name << ": a whole member is a whole file";
      } else {
        ASSERT_EQ(got.error,
                  path_of(name) + ": byte " + std::to_string(cut) + ": the file is cut off");
      }
    }
  }
}

TEST_F(ByteSourceTest, everything_before_the_damage_is_delivered) {
  const string text = sample(3'000'000);
  for (const auto& [name, compress] : kFormats) {
    const string intact = compress(text);
    for (const std::size_t block : {std::size_t{5'000}, std::size_t{1} << 20}) {
      string bytes = intact;
      const std::size_t at = bytes.size() * 3 / 4;
      for (std::size_t i = 0; i < 64; ++i) bytes[at + i] = static_cast<char>(~bytes[at + i]);
      const auto got = read_file(write(name, bytes), block);
      EXPECT_EQ(got.error.find(path_of(name) + ": byte "), 0U) << got.error;
      EXPECT_GT(got.bytes.size(), text.size() / 2) << name;
      // Damage inside a block can show late; before that block nothing may differ.
      const std::size_t sure = text.size() * 5 / 8;
      EXPECT_TRUE(text.compare(0, sure, got.bytes, 0, sure) == 0) << name;
    }
  }
}

TEST_F(ByteSourceTest, wrong_checksum_is_an_error_behind_the_data) {
  const string text = sample(50'000);
  const std::array<std::size_t, 3> from_end{1, 26, 6};  // zst: content; xz: its block; gz: crc32
  for (std::size_t f = 0; f < kFormats.size(); ++f) {
    string bytes = kFormats[f].compress(text);
    char& byte = bytes[bytes.size() - from_end[f]];
    byte = static_cast<char>(byte ^ 1);
    const auto got = read_file(write(kFormats[f].name, bytes));
    EXPECT_TRUE(got.bytes == text) << kFormats[f].name;
    EXPECT_NE(got.error, "") << kFormats[f].name;
  }
}

TEST_F(ByteSourceTest, zero_padding_behind_gzip_is_ignored_and_data_behind_it_is_not) {
  EXPECT_EQ(read_file(write("f.gz", gz("abc") + string(1000, '\0'))).error, "");
  const auto got = read_file(write("f.gz", gz("abc") + string(1000, '\0') + gz("def")));
  EXPECT_EQ(got.bytes, "abc");
  EXPECT_NE(got.error.find("data behind the zero padding"), string::npos);
}

TEST_F(ByteSourceTest, zstd_window_of_two_gibibytes_is_read) {
  // A frame header that asks for the widest window, and one raw block, by RFC 8878.
  string bytes("\x28\xB5\x2F\xFD\x00\xA8", 6);
  const string text = "any window size";
  bytes += static_cast<char>(text.size() << 3 | 1);
  bytes += string(2, '\0') + text;
  const auto got = read_file(write("f.zst", bytes));
  EXPECT_EQ(got.error, "");
  EXPECT_EQ(got.bytes, text);
}

TEST_F(ByteSourceTest, xz_that_needs_too_much_memory_is_refused_with_both_sizes) {
  string bytes = xz("abc");
  // The block header stands behind the stream header: its dictionary becomes 3 GiB.
  constexpr std::size_t block = 12;
  const std::size_t size = (static_cast<std::size_t>(bytes_of(bytes)[block]) + 1) * 4;
  const auto filter = bytes.find("\x21\x01", block);
  ASSERT_LT(filter, block + size);
  bytes[filter + 2] = 39;
  const std::uint32_t crc = lzma_crc32(bytes_of(bytes) + block, size - 4, 0);
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[block + size - 4 + i] = static_cast<char>(crc >> (8 * i));
  }
  const auto got = read_file(write("f.xz", bytes));
  EXPECT_NE(got.error.find("the limit is 1024 MiB"), string::npos) << got.error;
  EXPECT_NE(got.error.find("needs 307"), string::npos) << got.error;
}

TEST_F(ByteSourceTest, any_damage_ends_in_an_error_or_in_the_same_text) {
  const string text = sample(3'000);
  rc::check([&] {
    const auto& [name, compress] = kFormats[*rc::gen::inRange<std::size_t>(0, kFormats.size())];
    string bytes = compress(text);
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[at] = *rc::gen::arbitrary<char>();
    const auto got = read_file(write(name, bytes));
    RC_ASSERT(!got.error.empty() || got.bytes == text);
  });
}

}  // namespace
}  // namespace tapeline::replay
