// SPDX-License-Identifier: Apache-2.0
#include "net/slow_names.h"

#include <dlfcn.h>
#include <netdb.h>

#include <condition_variable>
#include <mutex>
#include <string_view>

namespace tapeline::net {
namespace {

struct Gate {
  std::mutex mutex{};
  std::condition_variable opened{};
  bool is_closed = false;
};

Gate& gate() {
  static Gate the_gate;
  return the_gate;
}

}  // namespace

SlowNames::SlowNames() {
  const std::lock_guard lock(gate().mutex);
  gate().is_closed = true;
}

void SlowNames::release() {
  const std::lock_guard lock(gate().mutex);
  gate().is_closed = false;
  gate().opened.notify_all();
}

}  // namespace tapeline::net

// Instead of the system's, in the program of the tests.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  using Resolve = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto resolve = reinterpret_cast<Resolve>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  if (name != nullptr && std::string_view(name).ends_with("stalls.test")) {
    auto& gate = tapeline::net::gate();
    std::unique_lock lock(gate.mutex);
    gate.opened.wait(lock, [&] { return !gate.is_closed; });
    name = "127.0.0.1";
  }
  return resolve(name, service, hints, found);
}
