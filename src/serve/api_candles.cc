// SPDX-License-Identifier: Apache-2.0
// What the venues say of themselves, and how our bars stand against it.
#include <algorithm>
#include <utility>

#include "serve/api.h"
#include "serve/json_writer.h"
#include "serve/parameters.h"
#include "serve/target.h"
#include "store/reconcile.h"
#include "store/venue_candles.h"

namespace tapeline::serve {
namespace {

constexpr std::size_t kCandlesDefault = 500;

void optional_text(JsonWriter& json, std::string_view name,
                   const std::optional<std::string>& value) {
  json.key(name);
  value ? json.text(*value) : json.null();
}

void write_span(JsonWriter& json, const store::VenueSpan& span) {
  json.open_object();
  json.time("start", span.start.unix_ns());
  json.text("open", span.open);
  json.text("high", span.high);
  json.text("low", span.low);
  json.text("close", span.close);
  json.text("volume", span.volume);
  json.key("trades");
  span.trades ? json.number(*span.trades) : json.null();
  json.number("minutes", span.minutes);
  json.close_object();
}

void write_day(JsonWriter& json, const store::ReconciledDay& day) {
  json.open_object();
  json.text("day", format_rfc3339(day.day.unix_ns()).substr(0, 10));
  json.text("instrument", day.instrument);
  json.number("compared", day.equal + day.different);
  json.number("equal", day.equal);
  json.number("different", day.different);
  json.number("gap", day.gap);
  json.number("unknown", day.unknown);
  json.number("no_bar", day.no_bar);
  json.number("no_candle", day.no_candle);
  json.number("unanswered", day.unanswered);
  json.number("before", day.before);
  json.close_object();
}

void write_difference(JsonWriter& json, const store::ReconciledDifference& its) {
  json.open_object();
  json.text("instrument", its.instrument);
  json.time("start", its.start.unix_ns());
  json.text("field", its.field);
  optional_text(json, "ours", its.ours);
  optional_text(json, "theirs", its.theirs);
  json.text_or_null("quality", its.quality);
  json.boolean("excused", !its.is_unexcused());
  json.close_object();
}

std::string text_of(const store::Reconciliation& found) {
  std::string out;
  JsonWriter json(out);
  json.open_object();
  json.time_or_null("made_at", found.made_at);
  json.key("days");
  json.open_array();
  for (const store::ReconciledDay& day : found.days) write_day(json, day);
  json.close_array();
  json.key("differences");
  json.open_array();
  for (const store::ReconciledDifference& its : found.differences) write_difference(json, its);
  json.close_array();
  json.number("left_out", found.left_out);
  json.close_object();
  return out;
}

std::string text_of(const std::string& instrument, Duration interval,
                    const std::vector<store::VenueSpan>& spans, std::size_t limit) {
  std::string out;
  JsonWriter json(out);
  json.open_object();
  json.text("instrument", instrument);
  json.text("interval", format_duration(interval));
  json.text("source", "venue");
  json.boolean("more", spans.size() > limit);
  json.key("candles");
  json.open_array();
  for (std::size_t i = spans.size() > limit ? 1 : 0; i < spans.size(); ++i) {
    write_span(json, spans[i]);
  }
  json.close_array();
  json.close_object();
  return out;
}

bool never() { return false; }

}  // namespace

std::optional<net::HttpResponse> Api::candles(const Target& target, const Respond& respond) {
  Parameters parameters(target, market_);
  static_cast<void>(parameters.instrument());
  store::Selection which{.instrument = std::string(target.parameter("instrument")),
                         .interval = parameters.minutes(),
                         .from = parameters.time("from"),
                         .to = parameters.time("to")};
  const std::size_t limit = parameters.limit(kCandlesDefault);
  which.newest = limit + 1;
  if (parameters.mistake()) return response_of(*parameters.mistake());
  return ask([which, limit, respond](store::Reader& reader) {
    const auto spans = store::venue_spans(reader, which, never);
    auto response =
        spans ? json_response(200, text_of(which.instrument, *which.interval, *spans, limit))
              : error_response(500, spans.error().text);
    return [respond, response = std::move(response)] { respond(response); };
  });
}

std::optional<net::HttpResponse> Api::reconciliations(const Target& target,
                                                      const Respond& respond) {
  Parameters parameters(target, market_);
  const std::string instrument(target.parameter("instrument"));
  if (!instrument.empty()) static_cast<void>(parameters.instrument());
  const std::string_view of = target.parameter("of");
  if (!of.empty() && of != "recorded" && of != "now") {
    parameters.wrong("of", "is recorded or now");
  }
  const store::Selection which{.from = parameters.time("from"), .to = parameters.time("to")};
  if (parameters.mistake()) return response_of(*parameters.mistake());
  return ask([which, instrument, respond, is_now = of == "now"](store::Reader& reader) {
    auto found =
        is_now ? store::reconcile(reader, which, never) : store::recorded(reader, which, never);
    if (found && !instrument.empty()) {
      const auto is_other = [&](const auto& row) { return row.instrument != instrument; };
      std::erase_if(found->days, is_other);
      std::erase_if(found->differences, is_other);
    }
    auto response =
        found ? json_response(200, text_of(*found)) : error_response(500, found.error().text);
    return [respond, response = std::move(response)] { respond(response); };
  });
}

}  // namespace tapeline::serve
