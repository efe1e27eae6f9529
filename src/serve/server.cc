// SPDX-License-Identifier: Apache-2.0
#include "serve/server.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "net/url.h"
#include "serve/access.h"
#include "serve/encode.h"
#include "serve/json_writer.h"
#include "serve/queries.h"

namespace tapeline::serve {
namespace {

constexpr std::string_view kApi = "/api/v1";
constexpr Duration kWait = std::chrono::milliseconds(1);
constexpr Duration kWaitForNobody = std::chrono::milliseconds(5);
// Of closing: the engine's last news are here by then, as often as it hands them over.
constexpr Duration kLastNewsWithin = 2 * Board::kItemsEvery;
constexpr Duration kTellWithin = std::chrono::seconds(1);
constexpr Duration kCloseWithin = std::chrono::seconds(2);
// No topic has a longer pace.
constexpr Duration kLongestPace = std::chrono::seconds(1);
constexpr std::uint16_t kGoingAway = 1001;
// A page has a few connections beside its stream.
constexpr std::size_t kConnectionsMax = 2 * Push::kClientsMax;

void add_security_headers(net::HttpResponse& response) {
  response.headers.emplace_back(
      "Content-Security-Policy",
      "default-src 'self'; "
      "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

net::ServerOptions net_options(const std::string& listen) {
  net::ServerOptions options;
  options.listen = listen;
  options.deflate = false;  // on this machine it costs more than it saves
  options.limits.connections_max = kConnectionsMax;
  options.limits.body_bytes_max = StreamRequest::kBytesMax;
  options.limits.message_bytes_max = StreamRequest::kBytesMax;
  options.limits.answer_deadline = std::chrono::seconds(20);
  return options;
}

std::string next_port(const std::string& listen, unsigned further) {
  const auto at = net::parse_host_port(listen);
  if (!at || further == 0) return listen;
  return net::format_host_port(at->host, static_cast<std::uint16_t>(at->port + further));
}

}  // namespace

Server::Server(const ServerOptions& options, const Clock& clock, Board& board, Around around)
    : about_(options.about),
      clock_(clock),
      board_(board),
      around_(std::move(around)),
      files_(options.web_folder),
      market_(options.about.intervals),
      api_(market_, history_, around_),
      push_(options.about.epoch, *this, [this](const std::string& name, std::uint64_t first_seq) {
        return make_topic(name, first_seq);
      }) {
  about_.demo = static_cast<bool>(around_.drop_connections);
  push_.on_sent([](Topic& topic) {
    if (auto* bars = dynamic_cast<BarsTopic*>(&topic)) bars->note_sent();
  });
}

Result<std::unique_ptr<Server>> Server::open(const ServerOptions& options, const Clock& clock,
                                             Board& board, Around around) {
  if (auto fine = check_listen(options.listen); !fine) return tl::make_unexpected(fine.error());
  std::unique_ptr<Server> server(new Server(options, clock, board, std::move(around)));
  if (auto done = server->listen(options); !done) return tl::make_unexpected(done.error());
  return server;
}

Result<void> Server::listen(const ServerOptions& options) {
  for (unsigned further = 0;; ++further) {
    auto opened = net::Server::open(net_options(next_port(options.listen, further)), clock_, *this);
    if (opened) {
      server_ = std::move(*opened);
      return {};
    }
    if (further + 1 < options.ports_to_try) continue;
    Error error = opened.error();
    error.text +=
        "; the page's address is serve: {listen: ADDRESS:PORT} in the configuration, and --set "
        "serve.listen=127.0.0.1:0 takes any free port";
    return tl::make_unexpected(error.within("serve.listen"));
  }
}

Standing Server::standing() const {
  return {about_, market_, push_.stats(), push_waits_, around_, clock_.wall()};
}

std::string Server::hello() const {
  std::string out;
  JsonWriter json(out);
  json.open_object();
  json.text("type", "hello");
  json.text("epoch", about_.epoch);
  json.text("mode", about_.simulated ? "simulated" : "live");
  json.boolean("demo", about_.demo);
  json.text("version", about_.version);
  json.key("intervals");
  json.open_array();
  for (const Duration interval : about_.intervals) json.text(format_duration(interval));
  json.close_array();
  json.time("now", clock_.wall().unix_ns());
  json.close_object();
  return out;
}

std::string Server::ended() const {
  std::string out;
  JsonWriter json(out);
  json.open_object();
  json.text("type", "ended");
  json.time("now", clock_.wall().unix_ns());
  json.close_object();
  return out;
}

std::size_t Server::run() {
  std::size_t done = take_news() + take_trades() + history_.take_found();
  market_.forget_stored(around_.stored_record());
  prime();
  start_loads();
  const std::int64_t now = clock_.monotonic_ns();
  if (is_closing_.load(std::memory_order_acquire)) {
    say_good_bye(now);
  } else {
    done += push_.run(now);
  }
  const Duration wait = push_.stats().clients > 0 ? kWait : kWaitForNobody;
  return done + server_->run(done > 0 ? Duration() : wait);
}

std::size_t Server::take_trades() {
  constexpr std::size_t kTradesPerTurn = 4096;
  const RecvTime now = clock_.wall();
  std::size_t taken = 0;
  for (; taken < kTradesPerTurn && trades_due_ > 0; ++taken, --trades_due_) {
    const TradeNews* const news = board_.trade();
    TAPELINE_CHECK(news != nullptr, "the board says of trades that they are in its ring");
    market_.on_trade(*news, now);
    const auto topic = trade_topics_.find(news->trade.instrument);
    if (topic != trade_topics_.end()) {
      if (auto* followed = dynamic_cast<TradesTopic*>(push_.find(topic->second))) {
        followed->on_trade(news->trade);
      } else {
        trade_topics_.erase(topic);
      }
    }
    board_.pop_trade();
  }
  return taken;
}

std::size_t Server::take_news() {
  News* const news = board_.news();
  if (news == nullptr) return 0;
  take(*news);
  trades_due_ += news->trades;
  board_.pop_news();
  return 1;
}

void Server::take(News& news) {
  const bool has_names = !news.names.empty();
  market_.on_names(news.names);
  if (has_names && !std::exchange(is_primed_, true) && around_.stored_record() > 0) {
    for (const Instrument& known : market_.instruments()) want_day(known.name, 0);
  }
  for (const BarNews& each : news.bars) {
    market_.on_bar(each.bar);
    const auto topic = bar_topics_.find({each.bar.instrument, each.bar.interval});
    if (topic == bar_topics_.end()) continue;
    if (auto* followed = dynamic_cast<BarsTopic*>(push_.find(topic->second))) {
      followed->on_bar(row_of(each.bar), each.waits_since);
    } else {
      bar_topics_.erase(topic);
    }
  }
  for (LedgerNews& ledger : news.ledgers) market_.on_ledger(ledger);
  for (const LeftOut& left_out : news.left_out) {
    market_.on_left_out(left_out, clock_.wall());
    const auto topic = trade_topics_.find(left_out.instrument);
    if (topic == trade_topics_.end()) continue;
    if (auto* followed = dynamic_cast<TradesTopic*>(push_.find(topic->second))) {
      followed->on_left_out(left_out.trades);
    }
  }
  if (!news.items.empty()) market_.on_items(news.items);
  for (const InstrumentId lost : news.lost_bars) {
    want_day(market_.name(lost), news.position.ordinal + 1);
    for (const auto& [key, name] : bar_topics_) {
      auto* topic = dynamic_cast<BarsTopic*>(push_.find(name));
      if (key.instrument != lost || topic == nullptr) continue;
      topic->miss();
      loads_.push_back({name, topic->first_seq(), news.position.ordinal + 1});
    }
  }
}

void Server::want_day(const std::string& instrument, std::uint64_t from_record) {
  const auto known = std::find_if(unprimed_.begin(), unprimed_.end(), [&](const Unprimed& each) {
    return each.instrument == instrument;
  });
  if (known != unprimed_.end()) known->from_record = from_record;
  if (known == unprimed_.end()) unprimed_.push_back({instrument, from_record});
}

// One at a time: what somebody asks meanwhile waits for no more than that.
void Server::prime() {
  if (unprimed_.empty() || is_priming_) return;
  const Unprimed next = unprimed_.front();
  if (next.from_record > around_.stored_record()) return;
  is_priming_ = history_.ask(
      [this, next, interval = market_.day_interval()](store::Reader& reader) -> History::Found {
        auto day = stored_day(reader, next.instrument, interval);
        return [this, next, day = std::move(day)] {
          const auto id = market_.find(next.instrument);
          if (day && id) market_.prime(*id, *day);
          is_priming_ = false;
        };
      });
  if (is_priming_) unprimed_.pop_front();
}

void Server::start_loads() {
  const std::int64_t now = clock_.monotonic_ns();
  if (loads_.empty() || now < retry_loads_ns_) return;
  const std::uint64_t stored = around_.stored_record();
  std::vector<Load> later;
  for (Load& load : std::exchange(loads_, {})) {
    if (load.from_record > stored || !start(load)) later.push_back(std::move(load));
  }
  constexpr Duration kRetry = std::chrono::milliseconds(50);
  if (!later.empty()) retry_loads_ns_ = now + kRetry.count();
  loads_.insert(loads_.end(), later.begin(), later.end());
}

// False: too much waits.
bool Server::start(const Load& load) {
  const Topic* const topic = push_.find(load.topic);
  if (topic == nullptr || topic->first_seq() != load.first_seq) return true;  // nobody wants it
  const auto again = [this, load] { loads_.push_back(load); };
  if (const auto* bars = dynamic_cast<const BarsTopic*>(topic)) {
    const Range range{.instrument = market_.name(bars->key().instrument),
                      .interval = bars->key().interval,
                      .limit = BarsTopic::kSnapshotMax};
    return history_.ask([this, load, range, again](store::Reader& reader) -> History::Found {
      auto page = last_bars(reader, range, {});
      if (!page) return again;
      return [this, load, rows = std::move(page->rows)]() mutable {
        auto* found = dynamic_cast<BarsTopic*>(push_.find(load.topic));
        if (found == nullptr || found->first_seq() != load.first_seq) return;
        // The store has numbers of its own for instruments.
        for (store::BarRow& row : rows) row.instrument = found->key().instrument;
        found->load(rows);
      };
    });
  }
  const std::string name = load.topic.substr(load.topic.find(':') + 1);
  const Range range{.instrument = name, .limit = TradesTopic::kSnapshotMax};
  const auto id = market_.find(name);
  const std::vector<Trade> unstored = id ? api_.unstored_trades(*id) : std::vector<Trade>();
  return history_.ask(
      [this, load, range, unstored, again](store::Reader& reader) -> History::Found {
        auto page = newest_trades(reader, range, unstored);
        if (!page) return again;
        return [this, load, rows = std::move(page->rows)] {
          auto* found = dynamic_cast<TradesTopic*>(push_.find(load.topic));
          if (found != nullptr && found->first_seq() == load.first_seq) found->load(rows);
        };
      });
}

Result<std::unique_ptr<Topic>> Server::make_topic(const std::string& name,
                                                  std::uint64_t first_seq) {
  const auto whole = [&](Duration every, WholeTopic::Encode encode) {
    return std::make_unique<WholeTopic>(name, first_seq, every, std::move(encode));
  };
  if (name == "status") {
    return whole(kStatusEvery, [this](std::string& out) {
      out += "\"data\":";
      JsonWriter json(out);
      write_status(json, standing());
    });
  }
  if (name == "gaps") {
    return whole(kGapsEvery, [this](std::string& out) {
      out += "\"data\":";
      JsonWriter json(out);
      std::uint64_t left_out = 0;
      write_gaps(json, market_, {}, left_out);
      out += fmt::format(",\"left_out\":{}", left_out);
    });
  }
  if (name == "feeds") {
    return whole(kFeedsEvery, [this](std::string& out) {
      out += "\"data\":";
      JsonWriter json(out);
      json.open_array();
      for (const FeedLine& feed : around_.feeds()) write_feed(json, feed);
      json.close_array();
    });
  }
  if (name == "prices") {
    return std::make_unique<PricesTopic>(name, first_seq, market_,
                                         [this] { return clock_.wall(); });
  }
  if (name.starts_with("bars:")) return make_bars(name, first_seq);
  if (name.starts_with("trades:")) return make_trades(name, first_seq);
  return fail(Fault::kCaller,
              "there is no such topic: status, prices, gaps, feeds, bars:INSTRUMENT:INTERVAL, "
              "trades:INSTRUMENT");
}

Result<std::unique_ptr<Topic>> Server::make_bars(const std::string& name, std::uint64_t first_seq) {
  const std::size_t colon = name.rfind(':');
  const std::size_t from = name.find(':') + 1;
  const auto interval = parse_duration(std::string_view(name).substr(colon + 1));
  if (colon < from || !interval || !market_.has_interval(*interval)) {
    return fail(Fault::kCaller, "there are no bars of that interval: bars:INSTRUMENT:INTERVAL");
  }
  const auto instrument = market_.find(std::string_view(name).substr(from, colon - from));
  if (!instrument) return fail(Fault::kCaller, "there is no such instrument");
  const BarsKey key{*instrument, *interval};
  bar_topics_.insert_or_assign(key, name);
  loads_.push_back({name, first_seq, 0});
  return std::make_unique<BarsTopic>(
      name, first_seq, BarsTopic::Of{key, beat_of(*instrument), market_.shelf().rows(key)},
      push_waits_, [this] { return clock_.wall(); });
}

Result<std::unique_ptr<Topic>> Server::make_trades(const std::string& name,
                                                   std::uint64_t first_seq) {
  const auto instrument = market_.find(std::string_view(name).substr(name.find(':') + 1));
  if (!instrument) return fail(Fault::kCaller, "there is no such instrument");
  trade_topics_.insert_or_assign(*instrument, name);
  loads_.push_back({name, first_seq, 0});
  return std::make_unique<TradesTopic>(name, first_seq, beat_of(*instrument));
}

std::shared_ptr<Beat> Server::beat_of(InstrumentId instrument) {
  std::weak_ptr<Beat>& known = beats_[instrument];
  std::shared_ptr<Beat> beat = known.lock();
  if (beat == nullptr) known = beat = std::make_shared<Beat>();
  return beat;
}

std::optional<net::HttpResponse> Server::on_request(net::RequestId id,
                                                    const net::ServerRequest& request) {
  auto response = route(id, request);
  if (response) add_security_headers(*response);
  return response;
}

std::optional<net::HttpResponse> Server::route(net::RequestId id,
                                               const net::ServerRequest& request) {
  const bool is_post = request.method == "POST";
  if (const auto refusal = refuse_access(request, is_post)) {
    return error_response(403, *refusal);
  }
  if (!is_post && request.method != "GET" && request.method != "HEAD") {
    return error_response(405, "GET, HEAD and POST are all there is");
  }
  const auto target = parse_target(request.target);
  if (!target) return error_response(400, target.error().text);
  const std::string& path = target->path;
  if (is_post) {
    if (path == "/api/v1/demo/drop") return drop(*target);
    if (path == "/api/v1/feeds/subscribe") return subscribe(*target, true);
    if (path == "/api/v1/feeds/unsubscribe") return subscribe(*target, false);
    return error_response(405,
                          "nothing here takes a POST but /api/v1/demo/drop, "
                          "/api/v1/feeds/subscribe and /api/v1/feeds/unsubscribe");
  }
  if (path == "/healthz") return health_page(false);
  if (path == "/readyz") return health_page(true);
  if (path == "/metrics") {
    auto page = text_response(200, metrics_page(standing(), server_->stats()));
    page.headers.front().second = "text/plain; version=0.0.4; charset=utf-8";
    return page;
  }
  if (path == "/api/v1/status") {
    std::string out;
    JsonWriter json(out);
    write_status(json, standing());
    return json_response(200, std::move(out));
  }
  if (path == "/api/v1/latency") {
    std::string out;
    JsonWriter json(out);
    write_latency(json, latency_of(standing()));
    return json_response(200, std::move(out));
  }
  if (!path.starts_with(kApi)) return files_.get(path, request.headers);
  return api_.answer(*target, std::string_view(path).substr(kApi.size()), clock_.wall(),
                     [this, id](net::HttpResponse response) {
                       add_security_headers(response);
                       server_->respond(id, std::move(response));
                     });
}

net::HttpResponse Server::health_page(bool is_ready) const {
  constexpr Duration kBehindMax = std::chrono::seconds(5);
  const Health health = around_.health();
  std::vector<std::string> reasons = health.ended;
  if (is_ready) {
    reasons.insert(reasons.end(), health.not_ready.begin(), health.not_ready.end());
    if (health.behind > kBehindMax) {
      reasons.push_back(fmt::format("the engine is {} records behind the journal's end",
                                    health.records - std::min(health.records, health.next_record)));
    }
  }
  std::string text;
  for (const std::string& reason : reasons) text += reason + "\n";
  return text_response(reasons.empty() ? 200 : 503, reasons.empty() ? "ok\n" : text);
}

net::HttpResponse Server::drop(const Target& target) const {
  const std::string_view venue = target.parameter("venue");
  if (!around_.drop_connections) {
    return error_response(404, "only `tapeline demo` has connections of its own to cut");
  }
  if (venue.empty() || !around_.drop_connections(venue)) {
    return error_response(404, "there is no simulated venue of that name", "venue");
  }
  std::string out;
  JsonWriter json(out);
  json.open_object();
  json.text("venue", venue);
  json.time("at", clock_.wall().unix_ns());
  json.close_object();
  return json_response(202, std::move(out));
}

net::HttpResponse Server::subscribe(const Target& target, bool is_wanted) const {
  const std::string_view instrument = target.parameter("instrument");
  if (const auto done = around_.subscribe(instrument, is_wanted); !done) {
    return error_response(400, done.error().text, "instrument");
  }
  std::string out;
  JsonWriter json(out);
  json.open_object();
  json.text("instrument", instrument);
  json.boolean("subscribed", is_wanted);
  json.time("at", clock_.wall().unix_ns());
  json.close_object();
  return json_response(202, std::move(out));
}

std::optional<net::HttpResponse> Server::on_upgrade(net::PeerId peer,
                                                    const net::ServerRequest& request) {
  const auto refuse = [](int status, std::string_view text) {
    auto response = error_response(status, text);
    add_security_headers(response);
    return response;
  };
  if (const auto refusal = refuse_access(request, true)) return refuse(403, *refusal);
  const auto target = parse_target(request.target);
  if (!target || target->path != "/api/v1/stream") {
    return refuse(404, "the push stream is /api/v1/stream");
  }
  if (is_closing_.load(std::memory_order_relaxed)) return refuse(503, "the server is stopping");
  if (!push_.add(peer)) {
    return refuse(503, fmt::format("{} clients are connected: close one", Push::kClientsMax));
  }
  static_cast<void>(server_->send(peer, hello()));  // goes behind the handshake
  return std::nullopt;
}

net::Taken Server::on_message(net::PeerId peer, std::string_view message, RecvTime /*ts_recv*/) {
  push_.on_message(peer, message);
  return net::Taken::kYes;
}

void Server::on_close(net::PeerId peer, const Error& /*why*/) {
  push_.remove(peer);
  leaving_.erase(peer);
}

void Server::say_good_bye(std::int64_t now_ns) {
  if (closing_ns_ == 0) closing_ns_ = now_ns;
  const Duration passed(now_ns - closing_ns_);
  const bool has_last_news =
      passed >= kLastNewsWithin && board_.news() == nullptr && trades_due_ == 0;
  // Then all that is new is due. The time stands still, so that what changes by itself is not new
  // without end.
  push_.run(has_last_news ? closing_ns_ + (kTellWithin + kLongestPace).count() : now_ns);
  for (const net::PeerId peer : push_.peers()) {
    const bool has_all = has_last_news && push_.is_level(peer);
    if (!has_all && passed < kTellWithin) continue;
    if (has_all) static_cast<void>(server_->send(peer, ended()));
    server_->close(peer, kGoingAway, "the server is stopping");
    leaving_.insert(peer);
    push_.remove(peer);
  }
  const bool is_over = push_.peers().empty() && leaving_.empty();
  if (is_over || passed > kCloseWithin) is_closed_.store(true, std::memory_order_release);
}

}  // namespace tapeline::serve
