// SPDX-License-Identifier: Apache-2.0
#include "app/live/windows_file.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "app/values/text.h"
#include "app/values/values.h"
#include "journal/posix_disk.h"

namespace tapeline::app::live {
namespace {

constexpr std::size_t kBytesMax = 4096;

std::string path_of(const std::string& data_dir) { return data_dir + "/windows"; }

constexpr std::string_view kConditions = "conditions";

std::string text_of(const config::Stream& stream) {
  std::string intervals;
  for (const Duration interval : stream.intervals) {
    if (!intervals.empty()) intervals += ',';
    intervals += format_duration(interval);
  }
  return fmt::format("intervals: {}\ndisorder: {}\nidle_timeout: {}\n{}: {}\n", intervals,
                     format_duration(stream.disorder), format_duration(stream.idle_timeout),
                     kConditions, tapeline::text_of(stream.conditions));
}

// Nothing where there is no file.
Result<std::optional<std::string>> read_text(journal::Disk& disk, const std::string& path) {
  const auto there = disk.has_file(path);
  if (!there) return tl::make_unexpected(there.error());
  if (!*there) return std::optional<std::string>();
  const auto file = disk.open_readable(path);
  if (!file) return tl::make_unexpected(file.error());
  std::string text(kBytesMax, '\0');
  const auto bytes = (*file)->read_at(0, text.data(), text.size());
  if (!bytes) return tl::make_unexpected(bytes.error());
  text.resize(*bytes);
  return std::optional<std::string>(std::move(text));
}

Result<void> write_text(journal::Disk& disk, const std::string& folder, const std::string& path,
                        const std::string& text) {
  const std::string unfinished = path + ".unfinished";
  {
    const auto file = disk.create(unfinished);
    if (!file) return tl::make_unexpected(file.error());
    if (auto done = (*file)->write_at(0, text); !done) return done;
    if (auto done = (*file)->sync(); !done) return done;
  }
  if (auto done = disk.rename(unfinished, path); !done) return done;
  return disk.sync_folder(folder);
}

tl::unexpected<Error> no_windows(const std::string& path) {
  return fail(Fault::kTheirs, path +
                                  ": is not the file that a run writes; bring it back from a "
                                  "copy, or move it and the store away to have the store made "
                                  "anew from the journal");
}

bool read_line(std::string_view line, config::Stream& stream) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos) return false;
  const std::string_view key = line.substr(0, colon);
  const std::string_view value = line.substr(colon + 2);
  if (key == "intervals") {
    stream.intervals.clear();
    for (const std::string_view part : values::split_commas(value)) {
      const auto interval = parse_duration(part);
      if (!interval || interval->count() <= 0) return false;
      stream.intervals.push_back(*interval);
    }
    return !stream.intervals.empty();
  }
  if (key == kConditions) {
    const auto rules = parse_condition_rules(value);
    stream.conditions = rules.value_or(ConditionRules());
    return rules.has_value();
  }
  const auto duration = parse_duration(value);
  if (!duration) return false;
  if (key == "disorder") stream.disorder = *duration;
  if (key == "idle_timeout") stream.idle_timeout = *duration;
  return key == "disorder" || key == "idle_timeout";
}

}  // namespace

Result<void> hold_windows(const std::string& data_dir, const config::Stream& stream,
                          bool has_rows) {
  journal::PosixDisk disk;
  const std::string path = path_of(data_dir);
  const std::string wanted = text_of(stream);
  const auto text = read_text(disk, path);
  if (!text) return tl::make_unexpected(text.error());
  if (!*text && has_rows) {
    return fail(Fault::kCaller,
                path +
                    ": is missing, and only it says with which intervals the rows of the store "
                    "were made; bring it back from a copy, or move store.duckdb away to have the "
                    "store made anew from the journal");
  }
  if (!*text) return write_text(disk, data_dir, path, wanted);
  if (**text == wanted) return {};
  const auto held = windows_of(data_dir, stream);
  if (!held) return tl::make_unexpected(held.error());
  const auto in_one_line = [](std::string lines) {
    while (!lines.empty() && lines.back() == '\n') lines.pop_back();
    for (std::size_t at = 0; (at = lines.find('\n', at)) != std::string::npos;) {
      lines.replace(at, 1, ", ");
    }
    return lines;
  };
  return fail(Fault::kCaller,
              fmt::format("{}: the store was made with {}, but the configuration says {}; set them "
                          "back, or move this file and store.duckdb away to have the store made "
                          "anew from the journal",
                          path, in_one_line(text_of(*held)), in_one_line(wanted)));
}

Result<config::Stream> windows_of(const std::string& data_dir, const config::Stream& stream) {
  journal::PosixDisk disk;
  const std::string path = path_of(data_dir);
  const auto text = read_text(disk, path);
  if (!text) return tl::make_unexpected(text.error());
  config::Stream out = stream;
  if (!*text) return out;
  std::string_view rest = **text;
  int lines = 0;
  for (; !rest.empty(); ++lines) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos || !read_line(rest.substr(0, end), out)) {
      return no_windows(path);
    }
    rest.remove_prefix(end + 1);
  }
  constexpr int kLines = 4;
  if (lines != kLines) return no_windows(path);
  return out;
}

}  // namespace tapeline::app::live
