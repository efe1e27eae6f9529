// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tapeline::net {

// While it lives, the system takes its time to resolve any name under "stalls.test"; then each of
// them is 127.0.0.1. Other names are as ever.
class SlowNames {
 public:
  SlowNames();
  SlowNames(const SlowNames&) = delete;
  SlowNames& operator=(const SlowNames&) = delete;
  ~SlowNames() { release(); }

  static void release();
};

}  // namespace tapeline::net
