// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace tapeline::net {

// Who a server is, as PEM texts: its certificate first, then those up to the authority's.
struct Identity {
  std::string certificates_pem{};
  std::string key_pem{};
};

struct CertificateOptions {
  // Host names and IP addresses.
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
  // From the authority's own time.
  Duration valid_from = -std::chrono::hours(1);
  Duration valid_until = std::chrono::hours(24 * 30);
};

// A private certificate authority in memory, for the simulator and for tests: its certificate goes
// to the clients as their ca_file. Its key lives and ends with it.
class Authority {
 public:
  // `now` is the real time: certificates are judged by it.
  static Result<Authority> make(RecvTime now);

  Authority(Authority&&) noexcept;
  Authority& operator=(Authority&&) noexcept;
  ~Authority();

  [[nodiscard]] const std::string& certificate_pem() const;
  [[nodiscard]] Result<Identity> issue(const CertificateOptions& options) const;

 private:
  struct Keys;
  explicit Authority(std::unique_ptr<Keys> keys);

  std::unique_ptr<Keys> keys_;
};

}  // namespace tapeline::net
