// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/config.h"
#include "app/live/question.h"
#include "pipeline/verify.h"
#include "store/reader.h"

namespace tapeline::app::live {

// Where an answer comes from: a data folder's journal and its store.
struct DataFolder {
  std::string data_dir;
  config::Stream stream;  // of the configuration, where the folder says nothing
  store::Reader& store;
};

// "verify": every stored row against the journal; arguments instrument (patterns), from, to (RFC
// 3339). Status 3 where something differs.
Answer answer_verify(const DataFolder& folder, const Question& question,
                     const pipeline::OnRecords& on_records);
// "explain": one bar; arguments instrument, interval, start, and frames for the raw frames.
Answer answer_explain(const DataFolder& folder, const Question& question);
// "audit": the ledger; arguments instrument, from, to. Status 3 where a hole is open.
Answer answer_audit(const DataFolder& folder, const Question& question,
                    const pipeline::OnRecords& on_records = {});

// "reconcile": bars against the venues' own candles, as both are stored now; arguments as of audit.
// Status 3 where a bar that claims to be right differs.
Answer answer_reconcile(const DataFolder& folder, const Question& question,
                        const store::ShouldStop& should_stop);
// To the audit: what was recorded of that, day by day; makes its status 3 likewise.
void add_recorded(Answer& answer, const DataFolder& folder, const Question& question);

// By the question's word; "sql" (sql.h) and others are not for here.
Answer answer_question(const DataFolder& folder, const Question& question,
                       const pipeline::OnRecords& on_records);

// Of patterns, those that no instrument of the store matches, as an answer that names the option
// they are from; nothing where all match one.
std::optional<Answer> unknown_instruments(store::Reader& store, std::string_view option,
                                          const std::vector<std::string>& patterns);

// Whether one of them matches; no patterns: all are chosen.
bool is_chosen(const std::vector<std::string>& patterns, std::string_view name);

// What went wrong, as an answer: status 2 where the caller is at fault, else 1.
Answer failed(const Error& error);

}  // namespace tapeline::app::live
