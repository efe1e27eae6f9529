// SPDX-License-Identifier: Apache-2.0
#include "net/io/failures.h"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

namespace tapeline::net {
namespace {

constexpr std::size_t kPrintableBytesMax = 200;

Error theirs(std::string text) {
  return Error{Fault::kTheirs, Retry::kAfterBackoff, std::move(text)};
}

// Whether the same request may be answered otherwise later: overload, maintenance, a ban that ends.
bool may_pass(unsigned status) {
  constexpr unsigned kRequestTimeout = 408;
  constexpr unsigned kBanned = 418;  // Binance, after too many requests
  constexpr unsigned kTooEarly = 425;
  constexpr unsigned kTooMany = 429;
  return status < 400 || status >= 500 || status == kRequestTimeout || status == kBanned ||
         status == kTooEarly || status == kTooMany;
}

bool is_end(const ErrorCode& why) {
  return why == asio::error::eof || why == asio::ssl::error::stream_truncated;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out(text.substr(0, kPrintableBytesMax));
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  return out;
}

Error resolve_failed(std::string_view where, const ErrorCode& why) {
  if (why == asio::error::host_not_found) {
    return theirs(fmt::format("{}: no host has this name ({}): check its spelling, and the network",
                              where, why.message()));
  }
  return theirs(fmt::format("{}: the name cannot be resolved ({}): check the network and its DNS",
                            where, why.message()));
}

Error connect_failed(std::string_view where, const ErrorCode& why) {
  if (why == asio::error::connection_refused) {
    return theirs(
        fmt::format("{}: nothing accepts connections there ({}): check host and port, and that the "
                    "service runs",
                    where, why.message()));
  }
  if (why == asio::error::network_unreachable || why == asio::error::host_unreachable ||
      why == asio::error::network_down) {
    return theirs(
        fmt::format("{}: no network leads there ({}): check the network", where, why.message()));
  }
  return theirs(
      fmt::format("{}: cannot connect ({}): check host, port and network", where, why.message()));
}

Error broken(std::string_view where, std::string_view when, const ErrorCode& why) {
  if (is_end(why)) {
    return theirs(fmt::format("{}: the peer hung up {}: try again later", where, when));
  }
  return theirs(fmt::format("{}: the connection broke {} ({}): check the network, try again later",
                            where, when, why.message()));
}

Error refused(std::string_view where, std::string_view asked_for, unsigned status,
              std::string_view reason) {
  if (may_pass(status)) {
    return theirs(fmt::format("{}: the server refused {} with {} {}: try again later", where,
                              asked_for, status, printable(reason)));
  }
  return Error{
      Fault::kCaller, Retry::kNever,
      fmt::format("{}: the server refused {} with {} {}: check the URL and the credentials", where,
                  asked_for, status, printable(reason))};
}

}  // namespace tapeline::net
