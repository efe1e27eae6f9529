// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "store/duckdb/calls.h"
#include "store/duckdb/chunk_reader.h"

namespace tapeline::store::duckdb {
namespace {

// Functions that can stand in a SELECT but change something or hide a statement: a checkpoint would
// wait for the writer, and DuckDB's own log grows in memory.
constexpr std::array<std::string_view, 9> kNotForReaders{"checkpoint",
                                                         "force_checkpoint",
                                                         "enable_logging",
                                                         "disable_logging",
                                                         "write_log",
                                                         "query",
                                                         "truncate_duckdb_logs",
                                                         "json_execute_serialized_sql",
                                                         "json_serialize_plan"};
// One call of these may compute for minutes, and looks at nothing meanwhile: text that grows byte
// by byte, and all bytes against all others.
constexpr std::array<std::string_view, 7> kWithoutEnd{"lpad",
                                                      "rpad",
                                                      "levenshtein",
                                                      "editdist3",
                                                      "damerau_levenshtein",
                                                      "jaro_similarity",
                                                      "jaro_winkler_similarity"};

// What a LIKE is called, however it is written, and its wildcard for any text.
struct PatternMatch {
  std::string_view function;
  std::string_view written;
  char any = '%';
};
constexpr std::array<PatternMatch, 9> kPatternMatches{{{"~~", "LIKE"},
                                                       {"!~~", "NOT LIKE"},
                                                       {"like_escape", "LIKE ... ESCAPE"},
                                                       {"not_like_escape", "NOT LIKE ... ESCAPE"},
                                                       {"~~*", "ILIKE"},
                                                       {"!~~*", "NOT ILIKE"},
                                                       {"ilike_escape", "ILIKE ... ESCAPE"},
                                                       {"not_ilike_escape", "NOT ILIKE ... ESCAPE"},
                                                       {"~~~", "GLOB", '*'}}};
constexpr std::size_t kPatternBytesMax = 256;

constexpr std::string_view kSpaces = " \t\r\n";

std::string_view behind_spaces(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpaces), text.size()));
  return text;
}

// What follows the word, which spaces end; nothing where the text does not begin with it.
std::string_view behind_word(std::string_view text, std::string_view word) {
  const bool begins =
      text.size() > word.size() && kSpaces.find(text[word.size()]) != std::string_view::npos &&
      std::equal(word.begin(), word.end(), text.begin(),
                 [](char a, char b) { return a == (b >= 'a' && b <= 'z' ? b - 'a' + 'A' : b); });
  return begins ? behind_spaces(text.substr(word.size())) : std::string_view();
}

// What EXPLAIN [ANALYZE] is asked of, as the tree is of SELECT alone. The words are found only
// where they stand plain: a comment before them, which DuckDB might see end elsewhere, refuses it
// all.
std::string_view explained(std::string_view sql) {
  const std::string_view rest = behind_word(behind_spaces(sql), "EXPLAIN");
  if (rest.empty()) return sql;
  const std::string_view select = behind_word(rest, "ANALYZE");
  return select.empty() ? rest : select;
}

// The statement as DuckDB reads it, in JSON without spaces: names are there as they are resolved,
// however they were written. A quotation mark of the statement's own has a backslash before it.
Result<std::string> tree_of(duckdb_connection connection, std::string_view sql) {
  const auto statement = prepare_statement(connection, "SELECT json_serialize_sql($1::VARCHAR)");
  if (!statement) return tl::make_unexpected(statement.error());
  duckdb_bind_varchar_length(statement->get(), 1, sql.data(), sql.size());
  QueryResult result;
  if (duckdb_execute_prepared(statement->get(), result.get()) != DuckDBSuccess) {
    return tl::make_unexpected(failure_of(result));
  }
  const ChunkHandle chunk(duckdb_fetch_chunk(*result.get()));
  if (!chunk) return fail(Fault::kOurs, "DuckDB gives no tree of the statement");
  return std::string(ChunkReader(chunk.get()).text(0, 0));
}

bool calls(std::string_view tree, std::string_view function) {
  return tree.find(fmt::format(R"("function_name":"{}")", function)) != std::string_view::npos;
}

// DuckDB cuts the pattern of a LIKE into pieces, each of which is found once; of one with _, and of
// all others, it tries each way to match, which for one wildcard before the end are as many as the
// text has bytes, and for two their square.
bool is_bounded(const PatternMatch& match, std::string_view pattern) {
  if (pattern.size() > kPatternBytesMax) return false;
  const bool is_plain = match.function == "~~" || match.function == "!~~";
  if (is_plain && pattern.find('_') == std::string_view::npos) return true;
  while (pattern.ends_with(match.any)) pattern.remove_suffix(1);
  const std::size_t first = pattern.find(match.any);
  const std::size_t other = pattern.find_first_not_of(match.any, first);
  return first == std::string_view::npos ||
         pattern.find(match.any, other) == std::string_view::npos;
}

Result<void> check_patterns(std::string_view tree) {
  for (const PatternMatch& match : kPatternMatches) {
    for (const auto& arguments : calls_of(tree, match.function)) {
      const auto pattern = arguments.size() < 2 ? std::nullopt : constant_text(arguments[1]);
      if (pattern && is_bounded(match, *pattern)) continue;
      return fail(
          Fault::kCaller,
          fmt::format("{} with this pattern cannot be told to stop: a pattern is a text as it "
                      "stands, of at most {} bytes and with one {} before its end (in LIKE without "
                      "_ any number of them, so lower(x) LIKE ... for ILIKE); contains(), "
                      "starts_with() and regexp_matches() find everything else",
                      match.written, kPatternBytesMax, match.any));
    }
  }
  return {};
}

}  // namespace

Result<void> check_statement(duckdb_connection connection, const std::string& sql) {
  const auto tree = tree_of(connection, explained(sql));
  if (!tree) return tl::make_unexpected(tree.error());
  if (!tree->starts_with(R"({"error":false,)")) {
    return fail(Fault::kCaller, kOnlyReads);
  }
  for (const std::string_view name : kNotForReaders) {
    if (calls(*tree, name)) {
      return fail(Fault::kCaller, fmt::format("{}() does more than read: leave it out", name));
    }
  }
  for (const std::string_view name : kWithoutEnd) {
    if (calls(*tree, name)) {
      return fail(Fault::kCaller, fmt::format("{}() cannot be told to stop: leave it out", name));
    }
  }
  // Of `list_transform(l, x -> ...)` as of `[... for x in l]`.
  if (tree->find(R"("class":"LAMBDA")") != std::string::npos) {
    return fail(Fault::kCaller,
                "an expression over each element of a list (x -> ..., or [... for x in ...]) "
                "cannot be told to stop: make rows of the list with unnest(); what -> finds in "
                "JSON, json_extract() finds too");
  }
  return check_patterns(*tree);
}

}  // namespace tapeline::store::duckdb
