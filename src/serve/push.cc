// SPDX-License-Identifier: Apache-2.0
#include "serve/push.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/json_text.h"

namespace tapeline::serve {
namespace {

void append_head(std::string& out, std::string_view type, const Topic& topic) {
  fmt::format_to(std::back_inserter(out), R"({{"type":"{}","topic":)", type);
  append_json_text(out, topic.name());
  fmt::format_to(std::back_inserter(out), R"(,"seq":{},)", topic.seq());
}

}  // namespace

bool Push::add(net::PeerId peer) {
  if (clients_.size() >= kClientsMax) return false;
  clients_.try_emplace(peer);
  stats_.clients = clients_.size();
  return true;
}

void Push::remove(net::PeerId peer) {
  const auto client = clients_.find(peer);
  if (client == clients_.end()) return;
  const std::vector<std::string> topics = client->second.topics;
  for (const std::string& name : topics) unsubscribe(peer, name);
  clients_.erase(client);
  stats_.clients = clients_.size();
}

std::vector<net::PeerId> Push::peers() const {
  std::vector<net::PeerId> out;
  for (const auto& [peer, client] : clients_) out.push_back(peer);
  return out;
}

bool Push::is_level(net::PeerId peer) const {
  const auto client = clients_.find(peer);
  if (client == clients_.end()) return true;
  const auto has_all = [&](const std::string& name) {
    const Followed& followed = topics_.find(name)->second;
    const auto follower = std::find_if(followed.followers.begin(), followed.followers.end(),
                                       [&](const Follower& f) { return f.peer == peer; });
    return follower->has_snapshot && follower->seq == followed.topic->seq();
  };
  return std::all_of(client->second.topics.begin(), client->second.topics.end(), has_all);
}

void Push::refuse(net::PeerId peer, std::string_view why, std::string_view topic) {
  std::string out = R"({"type":"error","error":)";
  append_json_text(out, why);
  out += R"(,"topic":)";
  if (topic.empty()) {
    out += "null";
  } else {
    append_json_text(out, topic);
  }
  out += "}";
  // Who asks without end and reads nothing is told nothing any more.
  if (outlet_.outbox_bytes(peer) < StreamRequest::kBytesMax) {
    static_cast<void>(outlet_.send(peer, out));
  }
}

void Push::on_message(net::PeerId peer, std::string_view message) {
  const auto request = parse_stream_request(message);
  if (!request) return refuse(peer, request.error().text, "");
  for (const std::string& name : request->topics) {
    if (request->subscribes) {
      subscribe(peer, *request, name);
    } else {
      unsubscribe(peer, name);
    }
  }
}

Result<Push::Followed*> Push::followed(const std::string& name) {
  const auto known = topics_.find(name);
  if (known != topics_.end()) return &known->second;
  if (topics_.size() >= kTopicsMax) {
    return fail(Fault::kCaller, "too many topics are followed: try again later");
  }
  // Numbers that were given out once mean nothing of another topic of the same name.
  auto topic = make_(name, seq_max_ + 1);
  if (!topic) return tl::make_unexpected(topic.error());
  Followed& followed = topics_[name];
  followed.topic = std::move(*topic);
  followed.left_ns = now_ns_;
  return &followed;
}

void Push::subscribe(net::PeerId peer, const StreamRequest& request, const std::string& name) {
  const auto client = clients_.find(peer);
  if (client == clients_.end()) return;
  auto& topics = client->second.topics;
  const bool follows = std::find(topics.begin(), topics.end(), name) != topics.end();
  if (!follows && topics.size() >= StreamRequest::kTopicsMax) {
    return refuse(peer, fmt::format("at most {} topics", StreamRequest::kTopicsMax), name);
  }
  const auto found = followed(name);
  if (!found) return refuse(peer, found.error().text, name);
  Followed& followed = **found;
  if (!follows) {
    topics.push_back(name);
    if (followed.followers.empty()) followed.topic->on_first_follower();
    followed.followers.push_back({.peer = peer});
  }
  const auto follower = std::find_if(followed.followers.begin(), followed.followers.end(),
                                     [&](const Follower& f) { return f.peer == peer; });
  const auto resumed = request.seq.find(name);
  follower->has_snapshot = request.epoch == epoch_ && resumed != request.seq.end() &&
                           followed.topic->remembers(resumed->second);
  follower->seq = follower->has_snapshot ? resumed->second : 0;
  followed.has_waiting = true;
}

void Push::unsubscribe(net::PeerId peer, const std::string& name) {
  const auto found = topics_.find(name);
  const auto client = clients_.find(peer);
  if (found == topics_.end() || client == clients_.end()) return;
  std::erase_if(found->second.followers, [&](const Follower& f) { return f.peer == peer; });
  std::erase(client->second.topics, name);
  found->second.left_ns = now_ns_;
}

Topic* Push::find(std::string_view name) const {
  const auto found = topics_.find(name);
  return found != topics_.end() ? found->second.topic.get() : nullptr;
}

void Push::forget_left(std::int64_t now_ns) {
  for (auto at = topics_.begin(); at != topics_.end();) {
    const Followed& followed = at->second;
    const bool is_left =
        followed.followers.empty() && now_ns - followed.left_ns > kRemembered.count();
    if (is_left) seq_max_ = std::max(seq_max_, followed.topic->seq());
    at = is_left ? topics_.erase(at) : std::next(at);
  }
}

std::size_t Push::run(std::int64_t now_ns) {
  now_ns_ = now_ns;
  ++round_;
  std::size_t sent = 0;
  bool any_left = false;
  for (auto& [name, followed] : topics_) {
    if (followed.followers.empty()) {
      any_left = true;
      continue;
    }
    const std::uint64_t before = followed.topic->seq();
    if (followed.topic->publish(now_ns)) {
      followed.seq_before = before;
      followed.has_waiting = true;
      followed.encoded.clear();
      followed.snapshot.clear();
    }
    if (followed.has_waiting && followed.topic->is_ready()) sent += send_all(followed);
  }
  if (any_left) forget_left(now_ns);
  stats_.messages += sent;
  return sent;
}

// Found out once in a round: what a client is sent in it does not count against it.
bool Push::is_clear(net::PeerId peer) {
  Client& client = clients_.at(peer);
  if (client.round != round_) {
    client.round = round_;
    client.is_clear = outlet_.outbox_bytes(peer) == 0;
  }
  return client.is_clear;
}

std::size_t Push::send_all(Followed& followed) {
  std::size_t sent = 0;
  followed.has_waiting = false;
  const std::uint64_t seq = followed.topic->seq();
  for (Follower& follower : followed.followers) {
    if (follower.has_snapshot && follower.seq == seq) continue;
    if (is_clear(follower.peer) && send(followed, follower)) {
      ++sent;
    } else {
      followed.has_waiting = true;
    }
  }
  if (sent > 0 && on_sent_) on_sent_(*followed.topic);
  return sent;
}

bool Push::send(Followed& followed, Follower& follower) {
  const Topic& topic = *followed.topic;
  const bool goes_on = follower.has_snapshot && topic.remembers(follower.seq);
  const std::string& text = goes_on ? update_of(followed, follower.seq) : snapshot_of(followed);
  if (outlet_.send(follower.peer, text) != net::Sent::kYes) return false;
  if (goes_on && follower.seq < followed.seq_before) ++stats_.conflated;
  follower.has_snapshot = true;
  follower.seq = topic.seq();
  return true;
}

const std::string& Push::snapshot_of(Followed& followed) {
  if (followed.snapshot.empty()) {
    append_head(followed.snapshot, "snapshot", *followed.topic);
    followed.topic->append_snapshot(followed.snapshot);
    followed.snapshot += "}";
  }
  return followed.snapshot;
}

const std::string& Push::update_of(Followed& followed, std::uint64_t since) {
  constexpr std::size_t kEncodedMax = 8;  // clients that are behind may stand anywhere
  for (const auto& [from, text] : followed.encoded) {
    if (from == since) return text;
  }
  if (followed.encoded.size() >= kEncodedMax) followed.encoded.pop_back();
  std::string& text = followed.encoded.emplace_back(since, std::string()).second;
  append_head(text, "update", *followed.topic);
  fmt::format_to(std::back_inserter(text), R"("prev":{},)", since);
  followed.topic->append_changes(text, since);
  text += "}";
  return text;
}

}  // namespace tapeline::serve
