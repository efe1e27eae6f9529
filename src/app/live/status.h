// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/live/capture.h"
#include "app/live/processing.h"
#include "app/live/question.h"
#include "serve/latency.h"

namespace tapeline::app::live {

struct StatusRow {
  std::string what{};
  std::string text{};
  bool needs_a_person = false;

  friend bool operator==(const StatusRow&, const StatusRow&) = default;
};

// How the parts behind the feeds are.
struct Vitals {
  std::uint64_t records_behind = 0;     // of the engine, behind the journal
  Duration behind{};                    // how old the engine's time is
  bool is_short = false;                // the engine waits for room on the disk
  std::uint64_t stored_record = 0;      // every one before it is in the store
  std::uint64_t stored_rows = 0;        // by this process
  std::uint64_t store_retries = 0;      // likewise
  std::uint32_t store_failures = 0;     // one after the other
  std::uint32_t snapshot_failures = 0;  // likewise
  Holes holes{};
};

bool needs_a_person(const feed::SessionStatus& session, RecvTime now);
StatusRow feed_row(const feed::SessionStatus& session, RecvTime now);
// Of a feed without any connection, since no symbol of it is known; the others have rows of theirs.
std::optional<StatusRow> list_row(const feed::FeedStatus& feed);
// Of a feed that has one, what its venue's list says of its streams, where they are not traded.
std::vector<StatusRow> listing_rows(const feed::FeedStatus& feed);
// A row back-fill for each venue that has any, whatever feeds it is in.
std::vector<StatusRow> backfill_rows(const std::vector<feed::FeedStatus>& feeds);
// The rows engine, store and holes, and of snapshots where they fail.
std::vector<StatusRow> rows_of(const Vitals& vitals);
// The row candles.
StatusRow candle_row(const ReconciledSum& last, RecvTime now);
// A row clock for each venue of which enough has come.
std::vector<StatusRow> clock_rows(const serve::Latency& latency);
// A row disorder for each venue of which enough has come: the bound that would do, beside the one
// that is in force.
std::vector<StatusRow> disorder_rows(const serve::Latency& latency, Duration bound);
// What is measured of the way from the venues to the bars.
serve::Latency latency_of(const Capture& capture, const Processing& processing);
// The row disk; `error`: of who seals and removes segments of the journal.
StatusRow disk_row(const std::optional<Capture::Room>& room, const std::optional<Error>& error);
// The health of a running process: feeds, lag, holes, disk, what was counted. `processing` is null
// where nothing is stored.
std::vector<StatusRow> status_rows(const Capture& capture, const Processing* processing,
                                   RecvTime now);

// The rows in one screen; `format=jsonl` for programs. Status 3 when something needs a person.
Answer answer_status(const std::vector<StatusRow>& rows, const Question& question);

}  // namespace tapeline::app::live
