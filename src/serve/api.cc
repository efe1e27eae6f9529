// SPDX-License-Identifier: Apache-2.0
#include "serve/api.h"

#include <fmt/format.h>

#include <utility>

#include "serve/encode.h"
#include "serve/json_writer.h"
#include "serve/parameters.h"
#include "serve/queries.h"

namespace tapeline::serve {
namespace {

constexpr std::size_t kBarsDefault = 500;
constexpr std::size_t kTradesDefault = 200;

// What may pass is no fault of the server.
net::HttpResponse failed(const Error& error) {
  return error_response(error.retry == Retry::kAfterBackoff ? 503 : 500, error.text);
}

template <typename Row, typename Write>
std::string page_text(const Range& range, const Page<Row>& page, std::string_view rows,
                      Write&& write) {
  std::string out;
  JsonWriter json(out);
  json.open_object();
  json.text("instrument", range.instrument);
  if (range.interval != Duration()) json.text("interval", format_duration(range.interval));
  json.boolean("more", page.more);
  json.key(rows);
  json.open_array();
  for (const Row& row : page.rows) write(json, row);
  json.close_array();
  json.close_object();
  return out;
}

}  // namespace

net::HttpResponse json_response(int status, std::string body) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
          .body = std::move(body),
          .ts_recv = {}};
}

net::HttpResponse text_response(int status, std::string body) {
  return {.status = status,
          .headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}},
          .body = std::move(body),
          .ts_recv = {}};
}

net::HttpResponse error_response(int status, std::string_view text, std::string_view field) {
  std::string out;
  JsonWriter json(out);
  json.open_object();
  json.text("error", text);
  if (!field.empty()) json.text("field", field);
  json.close_object();
  return json_response(status, std::move(out));
}

std::optional<net::HttpResponse> Api::answer(const Target& target, std::string_view path,
                                             RecvTime now, const Respond& respond) {
  if (path == "/instruments") {
    return target.parameter("as_of").empty() ? instruments(now) : listings(target, respond);
  }
  if (path == "/gaps") return gaps(target);
  if (path == "/coverage") return coverage(target);
  if (path == "/feeds") return feeds();
  if (path == "/bars") return bars(target, respond);
  if (path == "/candles") return candles(target, respond);
  if (path == "/reconciliations") return reconciliations(target, respond);
  if (path == "/trades") return trades(target, respond);
  if (path == "/explain") return explain(target, respond);
  return error_response(404, "there is no such path: docs/api.md lists those that are");
}

net::HttpResponse Api::instruments(RecvTime now) const {
  std::string out;
  JsonWriter json(out);
  json.open_object();
  json.key("instruments");
  json.open_array();
  for (const Instrument& instrument : market_.instruments()) {
    if (instrument.name.empty()) continue;
    write_instrument(json, instrument, now);
  }
  json.close_array();
  json.close_object();
  return json_response(200, std::move(out));
}

net::HttpResponse Api::gaps(const Target& target) const {
  Parameters parameters(target, market_);
  const std::string_view instrument = target.parameter("instrument");
  if (!instrument.empty()) parameters.instrument();
  if (parameters.mistake()) return response_of(*parameters.mistake());
  std::string out;
  JsonWriter json(out);
  std::uint64_t left_out = 0;
  json.open_object();
  json.key("gaps");
  write_gaps(json, market_, instrument, left_out);
  json.number("left_out", left_out);
  json.close_object();
  return json_response(200, std::move(out));
}

net::HttpResponse Api::coverage(const Target& target) const {
  Parameters parameters(target, market_);
  const std::string_view instrument = target.parameter("instrument");
  if (!instrument.empty()) parameters.instrument();
  if (parameters.mistake()) return response_of(*parameters.mistake());
  std::string out;
  JsonWriter json(out);
  json.open_object();
  json.key("coverage");
  json.open_array();
  for (const Instrument& known : market_.instruments()) {
    if (!instrument.empty() && known.name != instrument) continue;
    for (const auto& [channel, ledger] : known.ledgers) {
      if (!ledger.runs.empty()) write_coverage(json, known.name, ledger);
    }
  }
  json.close_array();
  json.close_object();
  return json_response(200, std::move(out));
}

net::HttpResponse Api::feeds() const {
  std::string out;
  JsonWriter json(out);
  json.open_object();
  json.key("feeds");
  json.open_array();
  for (const FeedLine& feed : around_.feeds()) write_feed(json, feed);
  json.close_array();
  json.close_object();
  return json_response(200, std::move(out));
}

std::optional<net::HttpResponse> Api::ask(History::Search search) {
  if (history_.ask(std::move(search))) return std::nullopt;
  return error_response(503, "too many questions to the store wait: ask again in a moment");
}

std::optional<net::HttpResponse> Api::bars(const Target& target, const Respond& respond) {
  Parameters parameters(target, market_);
  const InstrumentId instrument = parameters.instrument();
  const std::string_view revisions = target.parameter("revisions");
  if (!revisions.empty() && revisions != "last" && revisions != "all") {
    parameters.wrong("revisions", "is last or all");
  }
  Range range{.instrument = std::string(target.parameter("instrument")),
              .interval = parameters.interval(),
              .from = parameters.time("from"),
              .to = parameters.time("to"),
              .limit = parameters.limit(kBarsDefault)};
  if (parameters.mistake()) return response_of(*parameters.mistake());
  return ask([range, respond, all = revisions == "all",
              bars = market_.shelf().rows({instrument, range.interval})](store::Reader& reader) {
    const auto page = all ? all_revisions(reader, range, bars) : last_bars(reader, range, bars);
    auto response =
        page ? json_response(200, page_text(range, *page, "bars",
                                            [](JsonWriter& json, const store::BarRow& bar) {
                                              write_bar(json, bar);
                                            }))
             : failed(page.error());
    return [respond, response = std::move(response)] { respond(response); };
  });
}

std::vector<Trade> Api::unstored_trades(InstrumentId instrument) const {
  std::vector<Trade> out;
  for (const TradeNews& news : market_.trades()) {
    if (news.trade.instrument == instrument) out.push_back(news.trade);
  }
  return out;
}

std::optional<net::HttpResponse> Api::trades(const Target& target, const Respond& respond) {
  Parameters parameters(target, market_);
  const InstrumentId instrument = parameters.instrument();
  Range range{.instrument = std::string(target.parameter("instrument")),
              .from = parameters.time("from"),
              .to = parameters.time("to"),
              .limit = parameters.limit(kTradesDefault)};
  if (parameters.mistake()) return response_of(*parameters.mistake());
  return ask([range, respond, unstored = unstored_trades(instrument)](store::Reader& reader) {
    const auto page = newest_trades(reader, range, unstored);
    auto response = page ? json_response(200, page_text(range, *page, "trades",
                                                        [](JsonWriter& json, const Trade& trade) {
                                                          write_trade(json, trade);
                                                        }))
                         : failed(page.error());
    return [respond, response = std::move(response)] { respond(response); };
  });
}

std::optional<net::HttpResponse> Api::explain(const Target& target, const Respond& respond) {
  Parameters parameters(target, market_);
  const InstrumentId instrument = parameters.instrument();
  BarAsked asked{.instrument = std::string(target.parameter("instrument")),
                 .interval = parameters.interval()};
  const auto start = parameters.time("start");
  if (!start) parameters.wrong("start", "is missing");
  if (parameters.mistake()) return response_of(*parameters.mistake());
  asked.start = *start;
  asked.unstored = market_.shelf().row({instrument, asked.interval}, *start);
  for (const TradeNews& news : market_.trades()) {
    const bool is_inside = news.trade.instrument == instrument && news.trade.ts_event >= *start &&
                           news.trade.ts_event < *start + asked.interval;
    if (is_inside) asked.trades.push_back(news);
  }
  for (const auto& [channel, ledger] : market_.instruments()[instrument.value()].ledgers) {
    asked.ledgers.push_back(ledger);
  }
  return ask([asked, respond, explain = around_.explain,
              start_text = std::string(target.parameter("start")),
              interval_text = std::string(target.parameter("interval"))](store::Reader& reader) {
    auto told = explain_bar(reader, asked);
    net::HttpResponse response;
    if (!told) {
      response = failed(told.error());
    } else if (told->empty()) {
      response = error_response(404, "there is no such bar", "start");
    } else {
      std::string text = explain ? explain(asked.instrument, interval_text, start_text) : "";
      *told += ",\"text\":";
      JsonWriter(*told).text(text);
      *told += "}";
      response = json_response(200, std::move(*told));
    }
    return [respond, response = std::move(response)] { respond(response); };
  });
}

}  // namespace tapeline::serve
