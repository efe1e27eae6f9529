// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace tapeline::serve {

// Something that clients follow. Its changes are numbered when they are published, so that whoever
// has a number can be given everything behind it: nobody's messages are queued. Numbers begin
// behind those of every topic that is gone, and one below floor() means a snapshot.
class Topic {
 public:
  Topic(std::string name, std::uint64_t first_seq)
      : name_(std::move(name)), first_seq_(first_seq), seq_(first_seq), floor_(first_seq) {}
  Topic(const Topic&) = delete;
  Topic& operator=(const Topic&) = delete;
  virtual ~Topic() = default;

  [[nodiscard]] const std::string& name() const { return name_; }
  // No other topic of this server begins there.
  [[nodiscard]] std::uint64_t first_seq() const { return first_seq_; }
  [[nodiscard]] std::uint64_t seq() const { return seq_; }
  [[nodiscard]] bool remembers(std::uint64_t seq) const { return seq >= floor_ && seq <= seq_; }

  // Nobody followed it until now.
  virtual void on_first_follower() {}
  // Whether a snapshot can be given by now.
  [[nodiscard]] virtual bool is_ready() const { return true; }
  // Numbers what has changed, where it is due; whether anything was.
  virtual bool publish(std::int64_t now_ns) = 0;
  // Append `"data":...`, and what stands beside it.
  virtual void append_snapshot(std::string& out) const = 0;
  virtual void append_changes(std::string& out, std::uint64_t since) const = 0;

 protected:
  std::uint64_t next_seq() { return ++seq_; }
  void skip(std::uint64_t changes) { seq_ += changes; }
  // What came before cannot be told any more.
  void forget_until(std::uint64_t seq) {
    if (seq > floor_) floor_ = seq;
  }

 private:
  std::string name_;
  std::uint64_t first_seq_;
  std::uint64_t seq_;
  std::uint64_t floor_;
};

}  // namespace tapeline::serve
