// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "metrics/histogram.h"
#include "net/server.h"
#include "serve/stream_request.h"
#include "serve/topics.h"

namespace tapeline::serve {

// Where messages go: net::Server, or a test's.
class Outlet {
 public:
  Outlet() = default;
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;
  virtual ~Outlet() = default;

  [[nodiscard]] virtual net::Sent send(net::PeerId peer, std::string_view text) = 0;
  [[nodiscard]] virtual std::size_t outbox_bytes(net::PeerId peer) const = 0;
};

struct PushStats {
  std::uint64_t clients = 0;
  std::uint64_t messages = 0;   // ever
  std::uint64_t conflated = 0;  // ever: updates in which a client that was behind got several
};

// Who follows what, and how far each has come. Nothing is queued for a client: it has a number for
// each topic, and is given what lies behind it once its socket has taken what it was sent before.
// Each message is encoded once for all clients that stand at the same number. One thread.
class Push {
 public:
  static constexpr std::size_t kClientsMax = 256;
  // A topic that nobody follows is remembered for so long, for whoever comes back.
  static constexpr Duration kRemembered = std::chrono::seconds(60);
  static constexpr std::size_t kTopicsMax = 4096;

  // Makes the topic of that name, which numbers its changes from `first_seq` on; an Error says why
  // there is none.
  using MakeTopic = std::function<Result<std::unique_ptr<Topic>>(const std::string& name,
                                                                 std::uint64_t first_seq)>;

  Push(std::string epoch, Outlet& outlet, MakeTopic make)
      : epoch_(std::move(epoch)), outlet_(outlet), make_(std::move(make)) {}

  // False: there are as many as may be.
  [[nodiscard]] bool add(net::PeerId peer);
  void remove(net::PeerId peer);
  void on_message(net::PeerId peer, std::string_view message);
  // Publishes what is due and sends it; gives how many messages.
  std::size_t run(std::int64_t now_ns);

  [[nodiscard]] Topic* find(std::string_view name) const;
  [[nodiscard]] const PushStats& stats() const { return stats_; }
  [[nodiscard]] std::vector<net::PeerId> peers() const;
  // Whether it was sent everything that is published of what it follows.
  [[nodiscard]] bool is_level(net::PeerId peer) const;
  // For each topic that was just sent to somebody.
  void on_sent(std::function<void(Topic&)> on_sent) { on_sent_ = std::move(on_sent); }

 private:
  struct Client {
    std::uint64_t round = 0;  // in which is_clear was found out
    bool is_clear = false;    // its socket has taken everything
    std::vector<std::string> topics;
  };
  struct Follower {
    net::PeerId peer;
    std::uint64_t seq = 0;
    bool has_snapshot = false;
  };
  struct Followed {
    std::unique_ptr<Topic> topic;
    std::vector<Follower> followers;
    bool has_waiting = false;      // somebody is behind
    std::uint64_t seq_before = 0;  // before the last publication
    std::int64_t left_ns = 0;      // when the last follower went
    // The messages at the present number, by the number they go on from.
    std::vector<std::pair<std::uint64_t, std::string>> encoded;
    std::string snapshot;
  };

  void refuse(net::PeerId peer, std::string_view why, std::string_view topic);
  void subscribe(net::PeerId peer, const StreamRequest& request, const std::string& name);
  void unsubscribe(net::PeerId peer, const std::string& name);
  Result<Followed*> followed(const std::string& name);
  [[nodiscard]] bool is_clear(net::PeerId peer);
  void forget_left(std::int64_t now_ns);
  std::size_t send_all(Followed& followed);
  bool send(Followed& followed, Follower& follower);
  const std::string& snapshot_of(Followed& followed);
  const std::string& update_of(Followed& followed, std::uint64_t since);

  std::string epoch_;
  Outlet& outlet_;
  MakeTopic make_;
  std::function<void(Topic&)> on_sent_;
  std::map<net::PeerId, Client> clients_;
  std::map<std::string, Followed, std::less<>> topics_;
  std::uint64_t round_ = 0;
  std::uint64_t seq_max_ = 0;  // of topics that are gone
  std::int64_t now_ns_ = 0;
  PushStats stats_;
};

}  // namespace tapeline::serve
