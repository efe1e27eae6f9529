// SPDX-License-Identifier: Apache-2.0
// What the venues' instrument lists say, and said.
#include <utility>

#include "model/asset.h"
#include "serve/api.h"
#include "serve/json_writer.h"
#include "serve/parameters.h"
#include "serve/target.h"
#include "store/listings.h"
#include "store/row_values.h"

namespace tapeline::serve {
namespace {

// In the order of listings_sql(); times stand behind them.
constexpr std::string_view kTexts[] = {"instrument", "venue",        "symbol",    "venue_symbol",
                                       "base",       "quote",        "tick_size", "lot_size",
                                       "min_size",   "min_notional", "status",    "venue_status"};
constexpr std::string_view kTimes[] = {"valid_from", "valid_to"};

void write_row(JsonWriter& json, const std::vector<store::Value>& row) {
  json.open_object();
  std::size_t column = 0;
  for (const std::string_view name : kTexts) {
    const store::Value& value = row[column++];
    json.text_or_null(name, value.is_null ? std::string_view() : value.text);
  }
  for (const std::string_view name : kTimes) {
    const store::Value& value = row[column++];
    json.key(name);
    value.is_null ? json.null() : json.time(store::integer_of<std::int64_t>(value));
  }
  json.close_object();
}

net::HttpResponse answer_of(store::Reader& reader, const store::ListingsAsked& asked,
                            std::size_t limit) {
  std::string out;
  JsonWriter json(out);
  json.open_object();
  asked.as_of ? json.time("as_of", asked.as_of->unix_ns()) : json.text("as_of", "now");
  json.key("instruments");
  json.open_array();
  std::size_t rows = 0;
  store::EachRow each([&](const std::vector<store::Value>& row) {
    if (++rows <= limit) write_row(json, row);
  });
  const auto done = reader.query(store::listings_sql(asked, true), each, [] { return false; });
  if (!done) {
    return error_response(done.error().retry == Retry::kAfterBackoff ? 503 : 500,
                          done.error().text);
  }
  json.close_array();
  json.boolean("more", rows > limit);
  json.close_object();
  return json_response(200, std::move(out));
}

}  // namespace

std::optional<net::HttpResponse> Api::listings(const Target& target, const Respond& respond) {
  Parameters parameters(target, market_);
  store::ListingsAsked asked{.venue = std::string(target.parameter("venue")),
                             .base = std::string(canonical_asset(target.parameter("base"))),
                             .quote = std::string(canonical_asset(target.parameter("quote")))};
  if (const std::string_view pattern = target.parameter("instrument"); !pattern.empty()) {
    asked.patterns.emplace_back(pattern);
  }
  if (target.parameter("as_of") != "now") {
    if (const auto time = parameters.time("as_of")) asked.as_of = RecvTime(time->unix_ns());
  }
  const std::string_view revisions = target.parameter("revisions");
  asked.is_history = revisions == "all";
  if (!revisions.empty() && revisions != "last" && revisions != "all") {
    parameters.wrong("revisions", "is last or all");
  }
  const std::size_t limit = parameters.limit(kRowsMax);
  asked.limit = limit + 1;
  if (parameters.mistake()) return response_of(*parameters.mistake());
  return ask([asked, limit, respond](store::Reader& reader) {
    return [respond, response = answer_of(reader, asked, limit)] { respond(response); };
  });
}

}  // namespace tapeline::serve
