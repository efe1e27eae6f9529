// SPDX-License-Identifier: Apache-2.0
#include "feed/link.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "decode/source.h"

namespace tapeline::feed {
namespace {

// A venue that leaves so many of our pings unanswered is not there.
constexpr int kPingsMissedMax = 2;

// The only blank of a close record's text is the space.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return text;
}

}  // namespace

std::string public_url(std::string_view url) {
  url = url.substr(0, url.find('?'));
  const std::size_t host = url.find("://");
  const std::size_t path = host == std::string_view::npos ? 0 : url.find('/', host + 3);
  const std::size_t user = url.substr(0, path).rfind('@');
  if (host == std::string_view::npos || user == std::string_view::npos) return std::string(url);
  return std::string(url.substr(0, host + 3)) + std::string(url.substr(user + 1));
}

Link::Link(const SessionOptions& options, Streams& streams, const Surroundings& around)
    : options_(options),
      facts_(options.venue->session),
      streams_(streams),
      around_(around),
      subscriber_(facts_, streams),
      reader_(facts_.make_frame_reader()),
      now_ns_(around.clock.monotonic_ns()),
      opened_ns_(now_ns_),
      heard_ns_(now_ns_),
      pinged_ns_(now_ns_) {
  net::WebSocketOptions socket{.url = options.endpoint, .trust = options.trust};
  socket.message_bytes_max = std::min(socket.message_bytes_max, around.outlet.record_bytes_max());
  socket_ = around.network.open(socket, *this);
}

void Link::record(journal::RecordType type, RecvTime ts_recv, std::string_view bytes) {
  journal::Record record;
  record.type = type;
  record.connection = id_;
  record.ts_recv = ts_recv;
  record.bytes = bytes;
  around_.outlet.add(record);
}

void Link::on_open() {
  id_ = around_.outlet.take_connection();
  is_open_ = true;
  now_ns_ = opened_ns_ = heard_ns_ = pinged_ns_ = around_.clock.monotonic_ns();
  const RecvTime now = around_.clock.wall();
  decode::Source source;
  source.venue = options_.venue->name;
  source.name = public_url(options_.endpoint);
  source.is_record_only = options_.is_record_only;
  if (options_.line > 0) source.name += fmt::format(" (line {})", options_.line + 1);
  record(journal::RecordType::kOpen, now, decode::encode_source(source));
  around_.probe.connections_opened.add();
  subscriber_.ask_for_all(now);
  send_requests();
}

net::Taken Link::on_message(std::string_view message, RecvTime ts_recv) {
  // A frame that has to wait was heard all the same.
  heard_ns_ = now_ns_;
  journal::Record record;
  record.connection = id_;
  record.ts_recv = ts_recv;
  record.bytes = message;
  if (!around_.outlet.offer(record)) {
    if (!std::exchange(is_deferred_, true)) around_.probe.frames_deferred.add();
    return net::Taken::kLater;
  }
  is_deferred_ = false;
  around_.probe.frames_received.add();
  around_.probe.bytes_received.add(message.size());
  read(message, ts_recv);
  return net::Taken::kYes;
}

void Link::read(std::string_view message, RecvTime ts_recv) {
  reader_->read(message, meaning_);
  streams_.on_frame(meaning_, ts_recv, now_ns_);
  switch (meaning_.kind) {
    case venue::FrameKind::kData:
      has_data_ = true;
      break;
    case venue::FrameKind::kAck:
      subscriber_.on_ack(meaning_, ts_recv, now_ns_);
      break;
    case venue::FrameKind::kRefusal:
      around_.probe.requests_refused.add();
      if (!subscriber_.on_refusal(meaning_, ts_recv, now_ns_)) complaint_ = meaning_.text;
      break;
    case venue::FrameKind::kDenial:
      around_.probe.requests_refused.add();
      complaint_ = meaning_.text;
      streams_.refuse_all(ts_recv, meaning_.text);
      close(CloseReason::kNothingWanted);
      break;
    case venue::FrameKind::kGoodbye:
      is_leaving_ = true;
      break;
    case venue::FrameKind::kHeartbeat:
    case venue::FrameKind::kOther:
      break;
  }
}

void Link::ask_for(const std::vector<Streams::Index>& streams) {
  if (is_open_) subscriber_.ask_for(streams, around_.clock.wall());
}

void Link::give_up(const std::vector<Streams::Index>& streams) {
  if (is_open_) subscriber_.give_up(streams);
}

void Link::do_work(std::int64_t now_ns) {
  now_ns_ = now_ns;
  if (!is_open_ || is_closed() || is_closing()) return;
  send_requests();
  send_ping();
  watch();
}

void Link::send_requests() {
  while (around_.outlet.is_clear() && !is_closing()) {
    const auto text = subscriber_.next(now_ns_);
    if (!text || socket_ == nullptr || socket_->send(*text) != net::Sent::kYes) return;
    record(journal::RecordType::kSent, around_.clock.wall(), *text);
    around_.probe.requests_sent.add();
    subscriber_.sent(around_.clock.wall(), now_ns_);
  }
}

// Whether or not the recorder keeps up: the venue would take silence for our end.
void Link::send_ping() {
  const std::string_view ping = facts_.client_ping;
  if (ping.empty() || is_closing() || now_ns_ - pinged_ns_ < facts_.client_ping_every.count()) {
    return;
  }
  pinged_ns_ = now_ns_;
  if (socket_->send(ping) != net::Sent::kYes) return;
  record(journal::RecordType::kSent, around_.clock.wall(), ping);
}

void Link::watch() {
  const Duration silent(now_ns_ - heard_ns_);
  Duration silent_max = facts_.frame_rhythm * options_.times.rhythms_missed_max;
  if (!facts_.client_ping.empty()) {
    silent_max = std::min(silent_max, facts_.client_ping_every * kPingsMissedMax);
  }
  if (silent > silent_max) {
    drop(CloseReason::kSilent, fmt::format("nothing came for {}", format_duration(silent_max)));
  } else if (subscriber_.owed(now_ns_) > options_.times.ack_within) {
    drop(CloseReason::kUnacknowledged, fmt::format("no answer to a request within {}",
                                                   format_duration(options_.times.ack_within)));
  }
}

void Link::close(CloseReason reason) {
  if (is_closed() || is_closing()) return;
  reason_ = reason;
  socket_->close();
}

void Link::drop(CloseReason reason, std::string text) {
  reason_ = reason;
  socket_.reset();
  end({Fault::kTheirs, Retry::kAfterBackoff, std::move(text)});
}

void Link::on_close(const Error& why) {
  if (!reason_) reason_ = is_open_ ? CloseReason::kLost : CloseReason::kNotOpened;
  end(why);
}

void Link::end(const Error& why) {
  if (is_open_) {
    const std::string text =
        fmt::format("reason: {}\ntext: {}\n", name_of(*reason_), one_line(why.text));
    record(journal::RecordType::kClose, around_.clock.wall(), text);
  }
  around_.probe.connections_closed(*reason_).add();
  is_open_ = false;
  closed_ = why;
}

}  // namespace tapeline::feed
