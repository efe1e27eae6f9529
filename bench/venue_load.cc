// SPDX-License-Identifier: Apache-2.0
// venue_load: a venue that has far more to say than a client can hear, for bench/live_bench.py.
// Over TLS it speaks just enough Coinbase for `tapeline run`: the product list, an answer to each
// subscription, and then matches with ascending ids and the time of day, rendered beforehand, many
// to a write. A thread for each connection; it says on stderr where it listens.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/time.h"
#include "net/authority.h"

namespace tapeline::bench {
namespace {

struct LoadOptions {
  std::string ca_out{};
  bool deflate = false;        // agrees to permessage-deflate where it is asked for
  double rate = 0;             // frames a second of each connection; 0: as fast as they are taken
  std::uint64_t frames = 0;    // of each connection; 0: without an end
  unsigned instruments = 100;  // on the list
  std::uint64_t late_percent = 0;  // of the matches: their time is up to 60 s ago
  std::size_t record_frames = 1;   // of one TLS record
};

[[noreturn]] void die(const std::string& why) {
  fmt::print(stderr, "venue_load: {}\n", why);
  std::exit(1);
}

std::string product_of(unsigned instrument) {
  std::string digits = std::to_string(instrument);
  return "L" + std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits + "-USD";
}

// A socket with TLS. What is written is encrypted at once and sent when a good part of the
// system's buffer is full.
class Line {
 public:
  Line(SSL_CTX* context, int socket) : socket_(socket), ssl_(SSL_new(context)) {
    SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(ssl_);
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() {
    SSL_free(ssl_);
    ::close(socket_);
  }

  [[nodiscard]] bool is_open() const { return is_open_; }

  // What has come; waits at most so long for it.
  std::string hear(int wait_ms) {
    flush();
    pollfd waiting{socket_, POLLIN, 0};
    std::array<char, 16384> bytes;
    if (::poll(&waiting, 1, wait_ms) > 0) {
      const ssize_t n = ::recv(socket_, bytes.data(), bytes.size(), 0);
      if (n <= 0) is_open_ = false;
      if (n > 0) BIO_write(SSL_get_rbio(ssl_), bytes.data(), static_cast<int>(n));
    }
    std::string heard;
    int n = 0;
    while ((n = SSL_read(ssl_, bytes.data(), static_cast<int>(bytes.size()))) > 0) {
      heard.append(bytes.data(), static_cast<std::size_t>(n));
    }
    const int why = SSL_get_error(ssl_, n);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) is_open_ = false;
    flush();
    return heard;
  }
  void say(std::string_view text) {
    if (SSL_write(ssl_, text.data(), static_cast<int>(text.size())) <= 0) is_open_ = false;
    if (BIO_pending(SSL_get_wbio(ssl_)) >= kSendBytes) flush();
  }
  void flush() {
    char* bytes = nullptr;
    long left = BIO_get_mem_data(SSL_get_wbio(ssl_), &bytes);
    while (left > 0 && is_open_) {
      const ssize_t n = ::send(socket_, bytes, static_cast<std::size_t>(left), MSG_NOSIGNAL);
      if (n <= 0) is_open_ = false;
      bytes += n;
      left -= n;
    }
    static_cast<void>(BIO_reset(SSL_get_wbio(ssl_)));
  }

 private:
  static constexpr int kSendBytes = 64 << 10;

  int socket_;
  SSL* ssl_;
  bool is_open_ = true;
};

// Frames of a server: not masked; deflated with a memory of what was said before, where agreed.
class Frames {
 public:
  explicit Frames(bool deflates) : deflates_(deflates) {
    if (deflates_ && deflateInit2(&zlib_, kLevel, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
      die("zlib does not begin");
    }
  }
  Frames(const Frames&) = delete;
  Frames& operator=(const Frames&) = delete;
  ~Frames() {
    if (deflates_) deflateEnd(&zlib_);
  }

  void add(std::string_view text, std::string& to) {
    std::uint8_t first = 0x81;
    if (deflates_) {
      text = deflated(text);
      first = 0xC1;
    }
    to += static_cast<char>(first);
    if (text.size() < 126) {
      to += static_cast<char>(text.size());
    } else {
      to += static_cast<char>(126);
      to += static_cast<char>(text.size() >> 8);
      to += static_cast<char>(text.size() & 0xFF);
    }
    to += text;
  }

 private:
  static constexpr int kLevel = 1;

  std::string_view deflated(std::string_view text) {
    out_.resize(text.size() + 64);
    // zlib only reads what it is given.
    zlib_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    zlib_.avail_in = static_cast<uInt>(text.size());
    zlib_.next_out = reinterpret_cast<Bytef*>(out_.data());
    zlib_.avail_out = static_cast<uInt>(out_.size());
    deflate(&zlib_, Z_SYNC_FLUSH);
    // Without the empty block at its end (RFC 7692, 7.2.1).
    return {out_.data(), out_.size() - zlib_.avail_out - 4};
  }

  bool deflates_;
  z_stream zlib_{};
  std::string out_;
};

// The match of one instrument, of which the digits change.
class Match {
 public:
  explicit Match(const std::string& product)
      : text_(R"({"type":"match","trade_id":1000000000,"maker_order_id":)"
              R"("5eed0000-1f2e-4000-8000-0123456789ab","taker_order_id":)"
              R"("5eed0000-3d4c-4000-8000-ba9876543210","side":"sell","size":"0.01250000",)"
              R"("price":"64123.45","product_id":")" +
              product + R"(","sequence":20000000000,"time":"2026-01-01T00:00:00.000000Z"})"),
        id_at_(text_.find("1000000000")),
        size_at_(text_.find("0.0125") + 2),
        cents_at_(text_.find("64123.45") + 2),
        sequence_at_(text_.find("20000000000")),
        time_at_(text_.find("2026-01-01")) {}

  std::string_view next(std::string_view time) {
    ++id_;
    put(id_at_, 10, id_);
    put(size_at_, 8, 1 + id_ * 7919 % 90'000'000);
    put(sequence_at_, 11, 20'000'000'000 + 3 * id_);
    put(cents_at_, 3, 100 + id_ * 31 % 17);  // 64.1 thousand and up to 16 more
    std::memcpy(text_.data() + time_at_, time.data(), time.size());
    return text_;
  }

 private:
  void put(std::size_t at, std::size_t digits, std::uint64_t number) {
    for (std::size_t i = digits; i-- > 0; number /= 10) {
      text_[at + i] = static_cast<char>('0' + number % 10);
    }
  }

  std::string text_;
  std::size_t id_at_;
  std::size_t size_at_;
  std::size_t cents_at_;
  std::size_t sequence_at_;
  std::size_t time_at_;
  std::uint64_t id_ = 1'000'000'000;
};

// The time of day with microseconds, as the venue writes it.
std::string text_of_time(std::int64_t now_ns) {
  const std::string whole = format_rfc3339(now_ns - now_ns % 1'000'000'000);
  return fmt::format("{}.{:06}Z", whole.substr(0, 19), now_ns / 1000 % 1'000'000);
}

std::string header_of(std::string_view request, std::string_view name) {
  const std::size_t at = request.find(name);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = request.substr(at + name.size());
  return std::string(rest.substr(0, rest.find("\r\n")));
}

std::string accept_of(const std::string& key) {
  const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 32> out{};
  const int n = EVP_EncodeBlock(out.data(), digest.data(), static_cast<int>(digest.size()));
  return {reinterpret_cast<const char*>(out.data()), static_cast<std::size_t>(n)};
}

// The text of the first frame of a client's bytes, which go; nothing while it is not whole.
bool take_message(std::string& bytes, std::uint8_t& first, std::string& text) {
  if (bytes.size() < 6) return false;
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  std::size_t size = at(1) & 0x7FU;
  std::size_t head = 2;
  if (size >= 126) {
    const std::size_t wide = size == 126 ? 2 : 8;
    if (bytes.size() < 6 + wide) return false;
    size = 0;
    for (std::size_t i = 0; i < wide; ++i) size = size << 8 | at(2 + i);
    head += wide;
  }
  if (bytes.size() < head + 4 + size) return false;
  first = at(0);
  text.assign(bytes, head + 4, size);
  for (std::size_t i = 0; i < size; ++i) {
    text[i] = static_cast<char>(static_cast<std::uint8_t>(text[i]) ^ at(head + i % 4));
  }
  bytes.erase(0, head + 4 + size);
  return true;
}

// What a client's deflated message says.
std::string inflated(z_stream& zlib, std::string text) {
  text.append("\x00\x00\xFF\xFF", 4);
  std::string out(std::size_t{1} << 20, '\0');
  zlib.next_in = reinterpret_cast<Bytef*>(text.data());
  zlib.avail_in = static_cast<uInt>(text.size());
  zlib.next_out = reinterpret_cast<Bytef*>(out.data());
  zlib.avail_out = static_cast<uInt>(out.size());
  inflate(&zlib, Z_SYNC_FLUSH);
  out.resize(out.size() - zlib.avail_out);
  return out;
}

class Connection {
 public:
  Connection(const LoadOptions& options, const Clock& clock, SSL_CTX* context, int socket)
      : options_(options), clock_(clock), line_(context, socket) {}

  void run() {
    std::string request;
    while (line_.is_open()) {
      request += line_.hear(100);
      if (request.find("\r\n\r\n") == std::string::npos) continue;
      if (request.starts_with("GET /products")) {
        say_products();
        request.clear();
      } else {
        upgrade(request);
        return;
      }
    }
  }

 private:
  void say_products() {
    std::string list = "[";
    for (unsigned i = 0; i < options_.instruments; ++i) {
      const std::string product = product_of(i);
      list += std::string(i > 0 ? "," : "") + R"({"id":")" + product + R"(","base_currency":")" +
              product.substr(0, product.find('-')) +
              R"(","quote_currency":"USD","quote_increment":"0.01","base_increment":"0.00000001",)"
              R"("display_name":"L","status":"online","trading_disabled":false})";
    }
    list += "]";
    line_.say("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
              std::to_string(list.size()) + "\r\n\r\n" + list);
    line_.flush();
  }

  void upgrade(const std::string& request) {
    const bool deflates =
        options_.deflate && request.find("permessage-deflate") != std::string::npos;
    line_.say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
              std::string(deflates ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "") +
              "Sec-WebSocket-Accept: " + accept_of(header_of(request, "Sec-WebSocket-Key: ")) +
              "\r\n\r\n");
    line_.flush();
    frames_ = std::make_unique<Frames>(deflates);
    if (deflates && inflateInit2(&heard_, -15) != Z_OK) die("zlib does not begin");
    talk(deflates);
    if (deflates) inflateEnd(&heard_);
  }

  void talk(bool deflates) {
    std::string bytes;
    std::uint64_t said = 0;
    std::int64_t since_ns = 0;
    while (line_.is_open()) {
      const bool is_done = options_.frames > 0 && said >= options_.frames;
      bytes += line_.hear(matches_.empty() || is_done ? 50 : 0);
      std::uint8_t first = 0;
      std::string text;
      while (take_message(bytes, first, text)) {
        if ((first & 0xFU) == 8) {
          line_.say(std::string_view("\x88\x02\x03\xE8", 4));
          line_.flush();
          return;
        }
        if ((first & 0xFU) == 1)
          on_text(deflates && (first & 0x40U) ? inflated(heard_, text) : text);
        if (since_ns == 0) since_ns = clock_.monotonic_ns();
      }
      if (matches_.empty() || is_done) continue;
      std::uint64_t due = kTurnFrames;
      if (options_.rate > 0) {
        const double seconds = static_cast<double>(clock_.monotonic_ns() - since_ns) / 1e9;
        due = static_cast<std::uint64_t>(seconds * options_.rate) - said;
        due = std::min<std::uint64_t>(due, kTurnFrames);
        if (due == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
      }
      if (options_.frames > 0) due = std::min(due, options_.frames - said);
      say_matches(due);
      said += due;
    }
  }

  void on_text(const std::string& text) {
    const bool subscribes = text.find("\"subscribe\"") != std::string::npos;
    // The products of "matches" alone: whatever else is asked for stays silent.
    const std::size_t matches = text.find("\"matches\"");
    const std::size_t begin = text.find('[', matches);
    if (!subscribes || matches == std::string::npos || begin == std::string::npos) return;
    const std::string list = text.substr(begin, text.find(']', begin) + 1 - begin);
    for (std::size_t at = list.find('"'); at != std::string::npos;) {
      const std::size_t end = list.find('"', at + 1);
      matches_.emplace_back(list.substr(at + 1, end - at - 1));
      at = list.find('"', end + 1);
    }
    products_ += (products_.empty() ? "" : ",") + list.substr(1, list.size() - 2);
    std::string channels;
    for (const char* name : {"matches", "heartbeat"}) {
      channels += std::string(channels.empty() ? "" : ",") + R"({"name":")" + name +
                  R"(","product_ids":[)" + products_ + "]}";
    }
    std::string out;
    frames_->add(R"({"type":"subscriptions","channels":[)" + channels + "]}", out);
    line_.say(out);
    line_.flush();
  }

  void say_matches(std::uint64_t count) {
    if (count == 0) return;
    const std::int64_t now_ns = clock_.wall().unix_ns();
    const std::string time = text_of_time(now_ns);
    std::string out;
    for (std::uint64_t i = 0; i < count; ++i) {
      // A few instruments have most of the trades.
      turn_ = turn_ * 6364136223846793005ULL + 1442695040888963407ULL;
      const std::uint64_t a = (turn_ >> 33) % matches_.size();
      const std::uint64_t b = (turn_ >> 13) % matches_.size();
      const bool is_late = (turn_ >> 40) % 100 < options_.late_percent;
      const auto late_ns = static_cast<std::int64_t>((turn_ >> 20) % 60'000) * 1'000'000;
      frames_->add(matches_[std::min(a, b)].next(is_late ? text_of_time(now_ns - late_ns) : time),
                   out);
      if ((i + 1) % options_.record_frames == 0 || i + 1 == count) {
        line_.say(out);
        out.clear();
      }
    }
    line_.flush();
  }

  static constexpr std::uint64_t kTurnFrames = 256;

  const LoadOptions& options_;
  const Clock& clock_;
  Line line_;
  std::unique_ptr<Frames> frames_;
  z_stream heard_{};
  std::string products_;
  std::vector<Match> matches_;
  std::uint64_t turn_ = 1;
};

LoadOptions options_of(int count, char** arguments) {
  LoadOptions options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    const char* const value = arguments[i + 1];
    const auto number = [&] { return std::strtoull(value, nullptr, 10); };
    if (name == "--ca-out") options.ca_out = value;
    if (name == "--deflate") options.deflate = number() != 0;
    if (name == "--rate") options.rate = std::strtod(value, nullptr);
    if (name == "--frames") options.frames = number();
    if (name == "--instruments") options.instruments = static_cast<unsigned>(number());
    if (name == "--late-percent") options.late_percent = number();
    if (name == "--record-frames") options.record_frames = std::max<std::size_t>(1, number());
  }
  if (options.ca_out.empty()) die("--ca-out FILE is missing");
  return options;
}

SSL_CTX* context_of(const net::Identity& identity) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  BIO* certificate = BIO_new_mem_buf(identity.certificates_pem.data(), -1);
  BIO* key = BIO_new_mem_buf(identity.key_pem.data(), -1);
  X509* x509 = PEM_read_bio_X509(certificate, nullptr, nullptr, nullptr);
  EVP_PKEY* private_key = PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr);
  if (SSL_CTX_use_certificate(context, x509) != 1 ||
      SSL_CTX_use_PrivateKey(context, private_key) != 1) {
    die("OpenSSL refuses the certificate");
  }
  return context;
}

int listen_on_loopback(std::uint16_t& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, plain, size) != 0 || ::listen(socket, 16) != 0 ||
      ::getsockname(socket, plain, &size) != 0) {
    die("cannot listen");
  }
  port = ntohs(address.sin_port);
  return socket;
}

int serve(const LoadOptions& options) {
  const SystemClock clock;
  const auto authority = net::Authority::make(clock.wall());
  if (!authority) die(authority.error().text);
  const auto identity = authority->issue({});
  if (!identity) die(identity.error().text);
  SSL_CTX* const context = context_of(*identity);
  std::ofstream(options.ca_out) << authority->certificate_pem();
  std::uint16_t port = 0;
  const int listening = listen_on_loopback(port);
  fmt::print(stderr, "venue_load: 127.0.0.1:{}\n", port);
  for (;;) {
    const int socket = ::accept(listening, nullptr, nullptr);
    if (socket < 0) return 0;
    // Whoever started this ends it.
    std::thread([&options, &clock, context, socket] {
      Connection(options, clock, context, socket).run();
    }).detach();
  }
}

}  // namespace
}  // namespace tapeline::bench

int main(int count, char** arguments) {
  return tapeline::bench::serve(tapeline::bench::options_of(count, arguments));
}
