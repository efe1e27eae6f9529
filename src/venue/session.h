// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace tapeline::venue {

// What a live session has to know of a venue. All of it is pure: sockets, clocks and retries are
// feed's.

// One stream of a venue: a symbol and a channel, both as its live interface writes them.
struct Subscription {
  std::string symbol;
  std::string channel;

  friend auto operator<=>(const Subscription&, const Subscription&) = default;
};

// One message to the venue.
struct SubscribeRequest {
  std::string text;
  std::vector<Subscription> subscriptions;  // that it asks for, or gives up
};

enum class FrameKind : std::uint8_t {
  kOther,      // of no meaning to the session
  kData,       // of a stream
  kHeartbeat,  // the venue is alive, and tells how far a stream has come
  kAck,        // a request was granted
  kRefusal,    // a request was refused, or the venue complains
  kGoodbye,    // the venue is about to close the connection
  kDenial,     // the venue lets nobody in with this token: nothing can be had, whoever asks
};

// What a frame means to the session that received it. Views point into the frame or into the reader
// that gave it, and live until its next call.
struct FrameMeaning {
  FrameKind kind = FrameKind::kOther;
  // Of data and heartbeats, the stream, where the frame tells; of answers, whom they name.
  std::string_view symbol{};
  std::string_view channel{};
  std::span<const std::string_view> more_symbols{};  // of data, where one frame has several
  // Of trades, the last id; of heartbeats, the last id that the venue's trades have reached. 0: not
  // said.
  std::uint64_t last_id = 0;
  // Of acks and refusals: the request's id; none where the venue answers in order.
  std::optional<std::uint64_t> request{};
  // Of an ack: everything that is subscribed by now, where the venue says so.
  bool lists_subscriptions = false;
  std::vector<Subscription> subscriptions{};
  std::vector<Subscription>
      refused{};  // of an ack: what it does not grant, for the reason in `text`
  // Of a refusal or denial.
  Retry retry = Retry::kNever;
  std::string_view text{};
};

// Tells what frames mean. Pure but for scratch memory; one thread.
class FrameReader {
 public:
  FrameReader() = default;
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;
  virtual ~FrameReader() = default;

  // `frame` has kReadPadding readable bytes behind it. Data is told without allocating.
  virtual void read(std::string_view frame, FrameMeaning& out) = 0;
};

struct SessionFacts {
  std::string_view endpoint;     // of the WebSocket
  std::string_view rest;         // base of its REST interface
  std::string_view instruments;  // what to GET there for the instrument list; empty: it has none
  bool lists_everything = true;  // else what the list lacks may be there all the same
  std::size_t subscriptions_max = 0;  // of one connection
  std::size_t per_request_max = 0;    // subscriptions in one message
  Duration request_every{};           // no more than one message in this time
  Duration lifetime_max{};            // of a connection; zero: no limit is known
  // No more than so many new connections in this time, of one address; 0: no limit is known.
  std::size_t connects_max = 0;
  Duration connects_within{};
  Duration frame_rhythm{};  // a healthy connection is not silent for longer
  std::string_view
      heartbeat_channel{};  // subscribed beside every symbol; empty: the venue has none
  Duration heartbeat_rhythm{};
  bool one_heartbeat = false;  // for the whole connection, and of no symbol
  // Where the endpoint's query carries a token; empty: the venue wants none.
  std::string_view token_parameter{};
  std::string_view token_source{};  // where to get one
  // What the client has to say, and how often, or the venue ends the connection; it is answered
  // each time. Empty: nothing.
  std::string_view client_ping{};
  Duration client_ping_every{};
  // Whether a request may ask for streams of several channels.
  bool mixes_channels = true;
  // Whether a granted request is answered at all, and whether each of its streams is answered
  // apart; else one answer, granting or refusing, is for the whole of it.
  bool acknowledges = true;
  bool answers_each = false;

  // The venue's symbol of a canonical one, where no instrument list says it.
  std::string (*venue_symbol)(std::string_view canonical) = nullptr;
  // How the live interface writes a venue's symbol.
  std::string (*stream_symbol)(std::string_view venue_symbol) = nullptr;
  // The venue's channel of a word of the configuration: trades, quotes or raw:NAME. Empty: it has
  // none such.
  std::string_view (*stream_channel)(std::string_view word) = nullptr;
  // At most per_request_max of them, in one message. `id` is the request's, where the venue wants
  // one.
  SubscribeRequest (*subscribe)(const std::vector<Subscription>& to, std::uint64_t id) = nullptr;
  SubscribeRequest (*unsubscribe)(const std::vector<Subscription>& from,
                                  std::uint64_t id) = nullptr;
  std::unique_ptr<FrameReader> (*make_frame_reader)() = nullptr;
};

// The endpoint with the token in its query: what nobody may see.
std::string endpoint_with_token(const SessionFacts& facts, std::string_view endpoint,
                                std::string_view token);

// The text as a JSON string, with its quotes.
std::string json_string(std::string_view text);

// What stands behind `key` where it first does, if it does so early: a frame may be a book.
std::string_view behind_key(std::string_view frame, std::string_view key);

// Whether an error's text has one of the words, whatever their case: venues give texts, not codes.
bool has_any_word(std::string_view text, std::initializer_list<std::string_view> words);

}  // namespace tapeline::venue
