// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/live/answers.h"
#include "base/result.h"

namespace tapeline::app::live {

// Of the instruments of venues whose ids do not count, for the audit: that nobody can count there,
// and the times in which nobody listened, as the journal up to the store's position tells. Lines;
// nothing where it was stopped.
Result<std::optional<std::string>> unheard_lines(const DataFolder& folder, const Question& question,
                                                 const pipeline::OnRecords& on_records);

}  // namespace tapeline::app::live
