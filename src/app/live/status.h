// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/live/capture.h"
#include "app/live/processing.h"
#include "app/live/question.h"

namespace tapeline::app::live {

struct StatusRow {
  std::string what;
  std::string text;
  bool needs_a_person = false;
};

bool needs_a_person(const feed::SessionStatus& session, RecvTime now);
std::vector<StatusRow> status_rows(const Capture& capture, const Processing* processing,
                                   RecvTime now);

// The health of a running process in one screen: feeds, lag, what was counted; `format=json` for
// programs. Status 3 when something needs a person. `processing` is null where nothing is stored.
Answer answer_status(const Capture& capture, const Processing* processing, RecvTime now,
                     const Question& question);

}  // namespace tapeline::app::live
