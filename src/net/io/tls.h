// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/authority.h"
#include "net/io/asio.h"

namespace tapeline::net {

// TLS 1.2 or newer, peers verified: there is no other kind of client context.
class TlsContexts {
 public:
  static constexpr std::size_t kKeptMax = 16;

  // For the authorities in that PEM file; empty: the system's. Valid until the next call.
  Result<asio::ssl::context*> of(const std::string& ca_file);

 private:
  std::map<std::string, std::unique_ptr<asio::ssl::context>> kept_;
};

// Refuses texts that are no certificates and their key.
Result<std::unique_ptr<asio::ssl::context>> make_server_context(const Identity& identity);

// A connection only to a peer that proves to be `host`.
Result<void> expect_peer(SSL* ssl, const std::string& host);

// Why a client's handshake failed: another sentence for each reason that a person mends in another
// way.
Error tls_failed(SSL* ssl, const ErrorCode& why, std::string_view where, std::string_view ca_file);

}  // namespace tapeline::net
