// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/net_fixture.h"
#include "net/raw_peer.h"

namespace tapeline::net {
namespace {

using std::chrono::hours;

// One end of TLS of a given version over a socket of raw bytes: OpenSSL alone, nothing of ours.
class RawTls {
 public:
  RawTls(RawSocket& socket, int version, bool is_server) : socket_(&socket) {
    context_.reset(SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method()));
    // Below 1.2 OpenSSL has to be asked twice.
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), version);
    SSL_CTX_set_max_proto_version(context_.get(), version);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    if (is_server) {
      SSL_set_accept_state(ssl_.get());
    } else {
      SSL_set_connect_state(ssl_.get());
    }
  }

  // Passes on what came and what is to go.
  void turn() {
    const std::string& heard = socket_->heard();
    BIO_write(SSL_get_rbio(ssl_.get()), heard.data(), static_cast<int>(heard.size()));
    socket_->forget();
    if (const int done = SSL_do_handshake(ssl_.get()); done == 1) {
      is_agreed = true;
    } else if (SSL_get_error(ssl_.get(), done) != SSL_ERROR_WANT_READ) {
      has_failed = true;
    }
    std::array<char, 4096> piece{};
    for (int bytes = 1; bytes > 0;) {
      bytes = BIO_read(SSL_get_wbio(ssl_.get()), piece.data(), static_cast<int>(piece.size()));
      if (bytes > 0) socket_->say({piece.data(), static_cast<std::size_t>(bytes)});
    }
  }

  bool is_agreed = false;
  bool has_failed = false;

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  RawSocket* socket_;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;
};

// Between a client and a server, byte by byte; what stands in `behind` follows once what the server
// says next.
class Relay final : public Stepping {
 public:
  explicit Relay(const std::string& address) : server_(RawSocket::connect_to(address)) {
    listening_.on_bytes = [this](RawSocket& client) {
      server_->say(client.heard());
      client.forget();
    };
  }

  void step() override {
    server_->step();
    listening_.step();
    if (server_->heard().empty() || listening_.sockets.empty()) return;
    listening_.sockets.front()->say(server_->heard() + std::exchange(behind, {}));
    server_->forget();
  }
  // Says that to the client.
  void break_with(std::string_view bytes) { listening_.sockets.front()->say(bytes); }
  [[nodiscard]] std::string url() const { return listening_.url("wss"); }

  std::string behind;

 private:
  std::unique_ptr<RawSocket> server_;
  RawServer listening_;
};

// How a client of ours fares at a server with that certificate: as a WebSocket, and as a request.
Error error_at(World& world, const WebSocketOptions& options) {
  const Error error = world.error_of_opening(options);
  HttpRequest request{.url = options.url, .trust = options.trust};
  request.url.replace(0, 2, "http");
  const auto response = world.fetch(request);
  EXPECT_FALSE(response);
  if (!response) {
    EXPECT_EQ(response.error().text, error.text);
  }
  EXPECT_TRUE(world.handler.requests.empty()) << "nothing was said to it";
  return error;
}

Error error_with(const CertificateOptions& certificate) {
  const Authority authority = authority_or_die();
  const TempFile ca_file(authority.certificate_pem());
  World world({.identity = identity_or_die(authority, certificate)});
  WebSocketOptions options = world.web_socket();
  options.trust.ca_file = ca_file.path();
  return error_at(world, options);
}

void expect_refusal(const Error& error, const std::string& why) {
  EXPECT_NE(error.text.find(why), std::string::npos) << error.text;
  EXPECT_EQ(error.fault, Fault::kTheirs);
  EXPECT_EQ(error.retry, Retry::kAfterBackoff) << "a certificate may be renewed";
}

TEST(Tls, refuses_a_certificate_of_another_host) {
  expect_refusal(error_with({.names = {"example.com", "127.0.0.1"}}), "is for another host");
  expect_refusal(error_with({.names = {"*.localhost"}}), "is for another host");
  expect_refusal(error_with({.names = {"localhost.example.com"}}), "is for another host");
}

TEST(Tls, refuses_a_certificate_outside_its_time) {
  expect_refusal(error_with({.valid_from = -hours(48), .valid_until = -hours(24)}), "has expired");
  expect_refusal(error_with({.valid_from = hours(24), .valid_until = hours(48)}), "not valid yet");
}

TEST(Tls, refuses_a_certificate_of_another_authority) {
  World world;
  const Authority other = authority_or_die();  // of the same name
  const TempFile other_file(other.certificate_pem());
  WebSocketOptions options = world.web_socket();
  options.trust.ca_file = other_file.path();
  expect_refusal(error_at(world, options),
                 "does not come from the authority in " + other_file.path());
  options.trust.ca_file = "";
  expect_refusal(error_at(world, options), "that this system does not trust");
}

TEST(Tls, names_an_authority_that_cannot_be_read) {
  World world;
  const TempFile no_pem("no PEM");
  for (const std::string& path : {std::string("/nowhere/ca.pem"), no_pem.path()}) {
    WebSocketOptions options = world.web_socket();
    options.trust.ca_file = path;
    const Error error = error_at(world, options);
    EXPECT_NE(error.text.find("ca_file " + path + ": cannot be read"), std::string::npos);
    EXPECT_EQ(error.fault, Fault::kCaller);
  }
}

TEST(Tls, accepts_an_address_that_the_certificate_has) {
  World world({.identity = std::nullopt});
  const std::string port = world.server->address().substr(9);
  WebSocketOptions options = world.web_socket();
  options.url = "wss://127.0.0.1" + port + "/";
  KeepingListener listener;
  const auto web_socket = world.network->open(options, listener);
  EXPECT_TRUE(world.run_until([&] { return listener.opens == 1; })) << listener.error();
  // localhost is one of its names, this other address none.
  options.url = "wss://127.0.0.2" + port + "/";
  const Error error = world.error_of_opening(options);
  EXPECT_NE(error.text.find("nothing accepts connections there"), std::string::npos) << error.text;
}

TEST(Tls, names_a_peer_that_does_not_speak_it) {
  World world({}, false);
  const std::string port = world.server->address().substr(9);
  const auto response = world.fetch({.url = "https://localhost" + port + "/"});
  ASSERT_FALSE(response);
  EXPECT_NE(response.error().text.find("does not speak TLS"), std::string::npos)
      << response.error().text;
  // And the other way round.
  World secure;
  HttpRequest plain = secure.get();
  plain.url = "http://localhost" + secure.server->address().substr(9) + "/";
  EXPECT_FALSE(secure.fetch(plain));
  EXPECT_TRUE(secure.run_until([&] { return secure.server->stats().connections == 0; }));
}

TEST(Tls, of_a_server_has_version_1_2_at_least) {
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION}) {
    World world;
    const auto client = RawSocket::connect_to(world.server->address());
    world.others = {client.get()};
    RawTls tls(*client, version, false);
    ASSERT_TRUE(world.run_until([&] {
      tls.turn();
      return tls.is_agreed || tls.has_failed || client->has_ended();
    }));
    EXPECT_EQ(tls.is_agreed, version >= TLS1_2_VERSION) << version;
  }
}

TEST(Tls, of_a_client_has_version_1_2_at_least) {
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    World world({}, false);
    RawServer server;
    world.others = {&server};
    std::unique_ptr<RawTls> tls;
    server.on_bytes = [&](RawSocket& socket) {
      if (!tls) tls = std::make_unique<RawTls>(socket, version, true);
      tls->turn();
    };
    const Error error = world.error_of_opening({.url = server.url("wss")});
    EXPECT_NE(error.text.find("no TLS of version 1.2 or newer"), std::string::npos) << error.text;
    EXPECT_EQ(error.retry, Retry::kAfterBackoff);
    ASSERT_TRUE(tls);
    EXPECT_FALSE(tls->is_agreed);
  }
}

// Whether it is found while waiting or with what came before it.
TEST(Tls, that_breaks_while_it_is_open_says_how) {
  for (const bool is_behind_a_message : {false, true}) {
    World world;
    Relay relay(world.server->address());
    world.others = {&relay};
    WebSocketOptions options = world.web_socket();
    options.url = relay.url();
    KeepingListener listener;
    const auto web_socket = world.network->open(options, listener);
    ASSERT_TRUE(world.run_until([&] { return listener.opens == 1; })) << listener.error();
    world.settle();
    // A record of data that nobody has encrypted.
    const std::string forged = std::string("\x17\x03\x03\x00\x40", 5) + std::string(64, 'x');
    world.handler.echoes = is_behind_a_message;
    if (is_behind_a_message) {
      relay.behind = forged;
      ASSERT_EQ(web_socket->send("hi"), Sent::kYes);
    } else {
      relay.break_with(forged);
    }
    ASSERT_TRUE(world.run_until([&] { return listener.closed.has_value(); }));
    EXPECT_EQ(listener.messages.size(), is_behind_a_message ? 1U : 0U);
    EXPECT_NE(listener.error().find("while it was open (decryption failed or bad record mac"),
              std::string::npos)
        << listener.error();
  }
}

TEST(Tls, of_a_server_needs_a_certificate_and_its_key) {
  SystemClock clock;
  EchoHandler handler;
  const Authority authority = authority_or_die();
  const Identity one = identity_or_die(authority);
  const Identity other = identity_or_die(authority);
  for (const Identity& identity :
       {Identity{}, Identity{one.certificates_pem, ""}, Identity{"no PEM", one.key_pem},
        Identity{one.certificates_pem, other.key_pem}}) {
    const auto server = Server::open({.identity = identity}, clock, handler);
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().fault, Fault::kCaller) << server.error().text;
  }
}

}  // namespace
}  // namespace tapeline::net
