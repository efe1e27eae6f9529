// expect: cannot convert|no matching
// SPDX-License-Identifier: Apache-2.0
// A secret cannot be written to a log by mistake.
#include "base/log.h"
#include "base/secret.h"

void say(tapeline::Log& log, const tapeline::Secret& secret) {
#ifdef TAPELINE_EXPECT_COMPILES
  log.info("signed in", {{"token", fmt::to_string(secret)}});
#else
  log.info("signed in", {{"token", secret}});
#endif
}
