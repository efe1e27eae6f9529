// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "feed/feed_options.h"
#include "feed/probe.h"
#include "feed/streams.h"
#include "feed/subscriber.h"
#include "feed/surroundings.h"
#include "journal/record.h"
#include "net/websocket.h"
#include "venue/session.h"
#include "venue/venue.h"

namespace tapeline::feed {

struct SessionOptions {
  const venue::Venue* venue = nullptr;
  std::string endpoint{};
  net::Trust trust{};
  unsigned line = 0;
  bool is_record_only = false;  // nobody reads what comes
  std::vector<WantedStream> streams{};
  SessionTimes times{};
};

// The URL without what might be secret: user, password and query.
std::string public_url(std::string_view url);

// One connection to a venue, from its first attempt to its end: subscribes, stamps nothing itself,
// hands every frame over as it came, and watches whether frames come at all. Its session looks
// after it. The network's thread.
class Link final : public net::WebSocketListener {
 public:
  Link(const SessionOptions& options, Streams& streams, const Surroundings& around);

  // Sends what may be sent, and ends what is silent.
  void do_work(std::int64_t now_ns);
  // Before it is open, everything is asked for when it opens.
  void ask_for(const std::vector<Streams::Index>& streams);
  void give_up(const std::vector<Streams::Index>& streams);
  [[nodiscard]] bool mentions(Streams::Index index) const { return subscriber_.mentions(index); }
  // What fell silent is asked for anew.
  void ask_again(const std::vector<Streams::Index>& silent) { subscriber_.ask_again(silent); }
  // Says good-bye; is_closed() follows. The first reason counts.
  void close(CloseReason reason);

  [[nodiscard]] bool is_open() const { return is_open_; }
  [[nodiscard]] bool is_closed() const { return closed_.has_value(); }
  [[nodiscard]] bool is_closing() const { return reason_.has_value(); }
  [[nodiscard]] bool is_settled() const { return is_open_ && subscriber_.is_settled(); }
  [[nodiscard]] bool has_data() const { return has_data_; }
  // A frame waits until the recorder can take it.
  [[nodiscard]] bool is_deferred() const { return is_deferred_; }
  // The venue says that it will close it.
  [[nodiscard]] bool is_leaving() const { return is_leaving_; }
  [[nodiscard]] Duration age(std::int64_t now_ns) const { return Duration(now_ns - opened_ns_); }
  // What the venue, or the network, said at the end. Once is_closed().
  [[nodiscard]] const Error& why() const { return *closed_; }
  [[nodiscard]] CloseReason reason() const { return reason_.value_or(CloseReason::kLost); }
  // What the venue complained of without a request of ours; taken once.
  [[nodiscard]] std::string take_complaint() { return std::move(complaint_); }

  void on_open() override;
  net::Taken on_message(std::string_view message, RecvTime ts_recv) override;
  void on_close(const Error& why) override;

 private:
  void read(std::string_view message, RecvTime ts_recv);
  void send_requests();
  void send_ping();
  void watch();
  // Ends it here and now: whoever is silent does not answer a good-bye either.
  void drop(CloseReason reason, std::string text);
  void end(const Error& why);
  void record(journal::RecordType type, RecvTime ts_recv, std::string_view bytes);

  const SessionOptions& options_;
  const venue::SessionFacts& facts_;
  Streams& streams_;
  const Surroundings& around_;
  Subscriber subscriber_;
  std::unique_ptr<venue::FrameReader> reader_;
  venue::FrameMeaning meaning_;

  ConnectionId id_;
  bool is_open_ = false;
  bool has_data_ = false;
  bool is_leaving_ = false;
  bool is_deferred_ = false;
  std::int64_t now_ns_;     // of the last do_work()
  std::int64_t opened_ns_;  // until then, when it was begun
  std::int64_t heard_ns_;
  std::int64_t pinged_ns_;             // or when it was opened
  std::optional<CloseReason> reason_;  // ours
  std::optional<Error> closed_;
  std::string complaint_;
  std::unique_ptr<net::WebSocket> socket_;  // last: it may call while it goes
};

}  // namespace tapeline::feed
