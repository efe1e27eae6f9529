// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "metrics/histogram.h"
#include "net/server.h"
#include "serve/about.h"
#include "serve/api.h"
#include "serve/board.h"
#include "serve/health.h"
#include "serve/history.h"
#include "serve/market.h"
#include "serve/push.h"
#include "serve/static_files.h"
#include "serve/status.h"

namespace tapeline::serve {

struct ServerOptions {
  std::string listen = "127.0.0.1:8080";
  unsigned ports_to_try = 1;  // from that one on, while they are taken
  std::string web_folder{};   // empty: the page says how it is built
  About about{};
};

// Everything under http://HOST:PORT/: the page, the API, the push stream, what operators ask.
// run() is for one thread, and run_history() for another one, so that a question to the store holds
// up nobody who is pushed to. What it shows comes over a Board.
class Server final : private net::ServerHandler, private Outlet {
 public:
  // Listens when it returns. Refuses an address that other machines reach. All outlive it.
  [[nodiscard]] static Result<std::unique_ptr<Server>> open(const ServerOptions& options,
                                                            const Clock& clock, Board& board,
                                                            Around around);
  ~Server() override = default;

  [[nodiscard]] const std::string& address() const { return server_->address(); }

  // One turn: takes what is new, pushes, answers; waits a moment when there was nothing.
  std::size_t run();
  std::size_t run_history(store::Reader& reader) { return history_.run(reader); }

  // Any thread: whoever is connected is told what is still new, and then good-bye; is_closed() once
  // run() has done so.
  void close() { is_closing_.store(true, std::memory_order_release); }
  [[nodiscard]] bool is_closed() const { return is_closed_.load(std::memory_order_acquire); }

  // From a trade's receipt until its bar was with the sockets. Any thread.
  [[nodiscard]] const metrics::Histogram& push_waits() const { return push_waits_; }

 private:
  // A topic that waits for what the store has.
  struct Load {
    std::string topic;
    std::uint64_t first_seq = 0;
    std::uint64_t from_record = 0;  // when the store has come to it
  };

  // An instrument whose day the store knows better, once it has come to a record.
  struct Unprimed {
    std::string instrument;
    std::uint64_t from_record = 0;
  };

  Server(const ServerOptions& options, const Clock& clock, Board& board, Around around);
  Result<void> listen(const ServerOptions& options);

  std::optional<net::HttpResponse> on_request(net::RequestId id,
                                              const net::ServerRequest& request) override;
  std::optional<net::HttpResponse> on_upgrade(net::PeerId peer,
                                              const net::ServerRequest& request) override;
  net::Taken on_message(net::PeerId peer, std::string_view message, RecvTime ts_recv) override;
  void on_close(net::PeerId peer, const Error& why) override;
  net::Sent send(net::PeerId peer, std::string_view text) override {
    return server_->send(peer, text);
  }
  [[nodiscard]] std::size_t outbox_bytes(net::PeerId peer) const override {
    return server_->outbox_bytes(peer);
  }

  std::optional<net::HttpResponse> route(net::RequestId id, const net::ServerRequest& request);
  [[nodiscard]] net::HttpResponse health_page(bool is_ready) const;
  [[nodiscard]] net::HttpResponse drop(const Target& target) const;
  [[nodiscard]] net::HttpResponse subscribe(const Target& target, bool is_wanted) const;
  [[nodiscard]] Standing standing() const;
  [[nodiscard]] std::string hello() const;
  [[nodiscard]] std::string ended() const;

  std::size_t take_trades();
  std::size_t take_news();
  void take(News& news);
  void want_day(const std::string& instrument, std::uint64_t from_record);
  void prime();
  void start_loads();
  bool start(const Load& load);
  void say_good_bye(std::int64_t now_ns);

  Result<std::unique_ptr<Topic>> make_topic(const std::string& name, std::uint64_t first_seq);
  Result<std::unique_ptr<Topic>> make_bars(const std::string& name, std::uint64_t first_seq);
  Result<std::unique_ptr<Topic>> make_trades(const std::string& name, std::uint64_t first_seq);
  std::shared_ptr<Beat> beat_of(InstrumentId instrument);

  About about_;
  const Clock& clock_;
  Board& board_;
  Around around_;
  StaticFiles files_;
  Market market_;
  History history_;
  Api api_;
  metrics::Histogram push_waits_;
  std::unique_ptr<net::Server> server_;
  Push push_;
  std::map<BarsKey, std::string> bar_topics_;          // by what they show; some may be gone
  std::map<InstrumentId, std::string> trade_topics_;   // likewise
  std::map<InstrumentId, std::weak_ptr<Beat>> beats_;  // of the topics that there are
  std::uint64_t trades_due_ = 0;                       // in the board's ring, and shown by bars
  std::vector<Load> loads_;
  std::int64_t retry_loads_ns_ = 0;
  bool is_primed_ = false;
  bool is_priming_ = false;
  std::deque<Unprimed> unprimed_;
  std::int64_t closing_ns_ = 0;    // since when; 0: not yet
  std::set<net::PeerId> leaving_;  // who were told good-bye, and are connected still
  std::atomic<bool> is_closing_{false};
  std::atomic<bool> is_closed_{false};
};

}  // namespace tapeline::serve
