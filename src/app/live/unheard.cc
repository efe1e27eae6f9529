// SPDX-License-Identifier: Apache-2.0
#include "app/live/unheard.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "app/values/text.h"
#include "decode/venue_table.h"
#include "feed/listening.h"
#include "journal/posix_disk.h"
#include "journal/reader.h"
#include "journal/segments.h"
#include "replay/journal_records.h"

namespace tapeline::app::live {
namespace {

using values::grouped;

constexpr std::size_t kSpansShown = 1000;  // of an instrument, the newest

struct Heard {
  feed::Listening listening;
  std::string note;  // since when the journal can tell; empty: since its beginning
  bool is_stopped = false;
};

const venue::Venue* uncounted_venue(std::string_view instrument) {
  const auto venue = decode::find_venue(instrument.substr(0, instrument.find(':')));
  if (!venue) return nullptr;
  const venue::Venue* const row = decode::venue_table()[*venue];
  return row->contiguous_ids ? nullptr : row;
}

std::vector<std::string> uncounted(store::Reader& store, const std::vector<std::string>& patterns) {
  std::vector<std::string> names;
  for (std::uint32_t id = 0; id < store.names().size(); ++id) {
    const std::string_view name = store.names().name(InstrumentId(id));
    if (uncounted_venue(name) != nullptr && is_chosen(patterns, name)) names.emplace_back(name);
  }
  return names;
}

// As its venue writes it: by the newest list, or by rule.
Result<void> add_streams(store::Reader& store, const std::vector<std::string>& names,
                         feed::Listening& listening) {
  std::map<std::string, std::string, std::less<>> symbols;
  for (const std::string& name : names) symbols[name];
  auto read = store.listings({}, [&](const store::ListingRow& row) {
    const auto at = symbols.find(row.venue + ":" + row.listing.canonical);
    if (at != symbols.end()) at->second = row.listing.symbol;
    return true;
  });
  if (!read) return read;
  for (const auto& [name, listed] : symbols) {
    const venue::Venue& venue = *uncounted_venue(name);
    const venue::SessionFacts& facts = venue.session;
    const std::string symbol =
        listed.empty() ? facts.venue_symbol(name.substr(name.find(':') + 1)) : listed;
    listening.add(name, venue,
                  {facts.stream_symbol(symbol), std::string(facts.stream_channel("trades"))});
  }
  return {};
}

// What the journal says up to that record.
Result<void> hear(const std::string& path, std::uint64_t to, Heard& heard,
                  const pipeline::OnRecords& on_records) {
  constexpr std::uint64_t kRecordsPerLook = 8192;
  journal::PosixDisk disk;
  auto reader = journal::Reader::open(disk, path);
  if (!reader) return tl::make_unexpected(reader.error());
  const std::uint64_t first = (*reader)->next_ordinal();
  journal::Record record;
  for (std::uint64_t done = 1; (*reader)->next_ordinal() <= to; ++done) {
    const auto more = (*reader)->next(record);
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) break;
    if (done == 1 && first > 0) {
      heard.note = fmt::format(" since {} (the journal before it is gone)",
                               format_rfc3339(record.ts_recv.unix_ns()));
    }
    heard.listening.pass(record);
    if (done % kRecordsPerLook == 0 && on_records && !on_records(done, to + 1 - first)) {
      heard.is_stopped = true;
      break;
    }
  }
  return {};
}

bool is_within(const TimeSpan& span, std::optional<EventTime> from, std::optional<EventTime> to) {
  return (!from || span.to >= *from) && (!to || span.from < *to);
}

std::string line_of(std::string_view name, const feed::Listening::Absence& absence) {
  return fmt::format("unheard {} trades between {} and {} ({})\n", name,
                     format_rfc3339(absence.span.from.unix_ns()),
                     format_rfc3339(absence.span.to.unix_ns()),
                     absence.is_refilled ? "refilled from the venue's history"
                     : absence.is_last   ? "nobody listens again so far"
                                         : "what was traded then is not known");
}

std::string lines_of(std::string_view name, const std::vector<feed::Listening::Absence>& absences,
                     const std::string& note) {
  Duration open{};
  std::size_t spans = 0;
  for (const auto& absence : absences) {
    if (absence.is_refilled) continue;
    open += absence.span.to - absence.span.from;
    ++spans;
  }
  open = std::chrono::ceil<std::chrono::milliseconds>(open);
  std::string lines = fmt::format(
      "unknown {} trades: the venue counts none, so nobody can know what is missing; nobody "
      "listened for {} in {} {}{}\n",
      name, format_duration(open), grouped(spans), spans == 1 ? "span" : "spans", note);
  const std::size_t hidden = absences.size() - std::min(absences.size(), kSpansShown);
  if (hidden > 0)
    lines += fmt::format("unheard {} trades: {} earlier spans\n", name, grouped(hidden));
  for (std::size_t i = hidden; i < absences.size(); ++i) lines += line_of(name, absences[i]);
  return lines;
}

}  // namespace

Result<std::optional<std::string>> unheard_lines(const DataFolder& folder, const Question& question,
                                                 const pipeline::OnRecords& on_records) {
  const auto position = folder.store.position();  // reads the names too
  if (!position) return tl::make_unexpected(position.error());
  const auto names = uncounted(folder.store, question.all("instrument"));
  if (names.empty() || !*position) return std::optional(std::string());
  Heard heard;
  if (auto done = add_streams(folder.store, names, heard.listening); !done) {
    return tl::make_unexpected(done.error());
  }
  auto done =
      hear(replay::journal_folder(folder.data_dir), (*position)->ordinal, heard, on_records);
  if (!done) return tl::make_unexpected(done.error());
  if (heard.is_stopped) return std::optional<std::string>();
  const auto time = [&](std::string_view name) {
    const auto unix_ns = parse_rfc3339(question.argument(name));
    return unix_ns ? std::optional(EventTime(*unix_ns)) : std::nullopt;
  };
  std::string lines;
  for (const std::string& name : names) {
    auto absences = heard.listening.absences(name);
    std::erase_if(absences, [&](const auto& absence) {
      return !is_within(absence.span, time("from"), time("to"));
    });
    lines += lines_of(name, absences, heard.note);
  }
  return std::optional(std::move(lines));
}

}  // namespace tapeline::app::live
