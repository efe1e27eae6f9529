// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "metrics/histogram.h"
#include "net/server.h"
#include "serve/about.h"
#include "serve/health.h"
#include "serve/json_writer.h"
#include "serve/latency.h"
#include "serve/market.h"
#include "serve/push.h"

namespace tapeline::serve {

// What the pages for operators are made of.
struct Standing {
  const About& about;
  const Market& market;
  const PushStats& push;
  const metrics::Histogram& push_waits;
  const Around& around;
  RecvTime now;
};

// With what the server measures itself.
[[nodiscard]] Latency latency_of(const Standing& standing);
// The object of /api/v1/status.
void write_status(JsonWriter& json, const Standing& standing);
// Prometheus text.
[[nodiscard]] std::string metrics_page(const Standing& standing, const net::ServerStats& server);

}  // namespace tapeline::serve
