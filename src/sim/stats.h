// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tapeline::sim {

class Exchange;

// What was done to the truth on its way, as one JSON object: the faults in force, what became of
// the frames, every connection with its times and the ids it did not show, and per instrument the
// ids between the first and the last shown that no connection was sent as they should be ("unseen":
// only the venue's history has them). What was on its way when a connection was cut may be missing
// too, at the end of that connection's ids. Lists of ids are runs, [first, last].
std::string stats_json(const Exchange& exchange);

}  // namespace tapeline::sim
