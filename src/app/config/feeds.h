// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/config/config.h"

namespace tapeline::app::config {

// What a live run listens to when nothing is configured: it needs no key.
std::vector<Feed> default_feeds();

// What a live run listens to: the feeds of the configuration, or the default ones when there are
// none. With patterns of --instrument exactly what they say: one that names its venue asks for
// these symbols there, with the settings of the configured feed, and one that does not selects
// among what is configured. The error is a sentence.
tl::expected<std::vector<Feed>, std::string> effective_feeds(
    const Config& config, const std::vector<std::string>& patterns = {});

}  // namespace tapeline::app::config
