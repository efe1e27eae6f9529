// SPDX-License-Identifier: Apache-2.0
#include "pipeline/follower.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace tapeline::pipeline {
namespace {

// To show all bars that are open for each few trades of a flood cost a seventh of the whole.
constexpr Duration kRestPerRecord = std::chrono::microseconds(1);
constexpr Duration kRestMax = std::chrono::milliseconds(100);

}  // namespace

Follower::Follower(std::unique_ptr<journal::Reader> reader, std::uint64_t from, Engine& engine,
                   Sink& sink, const FollowerOptions& options)
    : options_(options),
      reader_(std::move(reader)),
      engine_(engine),
      sink_(sink),
      next_ordinal_(from) {}

Result<std::unique_ptr<Follower>> Follower::open(journal::Disk& disk, const std::string& folder,
                                                 std::uint64_t from, Engine& engine, Sink& sink,
                                                 const FollowerOptions& options) {
  auto reader = journal::Reader::open(disk, folder, from);
  if (!reader) return tl::make_unexpected(reader.error());
  return std::unique_ptr<Follower>(new Follower(std::move(*reader), from, engine, sink, options));
}

// False while a batch waits for room.
bool Follower::offer_closed() {
  while (auto back = sink_.take_back()) engine_.recycle(std::move(back));
  for (;;) {
    if (refused_ == nullptr) refused_ = engine_.take();
    if (refused_ == nullptr) return true;
    if (sink_.offer(refused_) == Offer::kFull) return false;
  }
}

Result<bool> Follower::read_one(std::uint64_t end) {
  if (next_ordinal_ >= end) {
    is_at_end_ = true;
    return false;
  }
  journal::Record record;
  auto more = reader_->next(record);
  if (more && !*more) {
    more = reader_->look_again();
    if (more && *more) more = reader_->next(record);
  }
  is_at_end_ = more && !*more;
  if (!more || !*more) return more;
  next_ordinal_ = record.position.ordinal + 1;
  if (auto done = engine_.read(record); !done) {
    return tl::make_unexpected(
        done.error().within(fmt::format("journal record {}", record.position.ordinal)));
  }
  ++since_tick_;
  if (engine_.is_at_tick()) per_tick_ = std::exchange(since_tick_, 0);
  return true;
}

// A large batch is worth a short wait: for the store a row of it is half the work.
bool Follower::is_due(std::int64_t age_ns) const {
  const std::size_t rows = engine_.open_rows();
  if (rows >= options_.batch_rows) return true;
  if (age_ns < options_.batch_age.count()) return false;
  const auto filling_ns = options_.filling_age.count();
  const double filled = static_cast<double>(rows) / static_cast<double>(options_.batch_rows);
  const double passed = static_cast<double>(age_ns) / static_cast<double>(filling_ns);
  return age_ns == 0 || passed >= 1 || filled < passed;
}

void Follower::close_when_due(std::int64_t monotonic_ns) {
  if (!engine_.is_at_tick()) return;
  if (checkpoints_ != nullptr && !is_closing_ && checkpoints_->is_due(monotonic_ns)) {
    close_batch();
    checkpoints_->take(engine_, monotonic_ns);
    return;
  }
  if (!engine_.has_news()) return;
  if (!has_rows_) {
    has_rows_ = true;
    opened_ns_ = monotonic_ns;
  }
  if (is_due(monotonic_ns - opened_ns_)) close_batch();
}

void Follower::close_batch() {
  engine_.close_batch();
  has_rows_ = false;
}

// Up to date: what is open is worth a look; where very many records come, a rarer one.
void Follower::look_when_due(std::int64_t monotonic_ns) {
  const std::size_t many = per_tick_ - std::min(per_tick_, options_.few_per_tick);
  const Duration rest = std::min(static_cast<Duration::rep>(many) * kRestPerRecord, kRestMax);
  if (!has_unshown_ || monotonic_ns - looked_ns_ < rest.count()) return;
  looked_ns_ = monotonic_ns;
  has_unshown_ = false;
  engine_.look();
}

Result<std::size_t> Follower::do_work(std::int64_t monotonic_ns, std::uint64_t end) {
  std::size_t done = 0;
  is_at_end_ = false;
  engine_.show_said();
  for (; done < options_.records_per_round; ++done) {
    if (engine_.is_at_tick()) {
      shortage_ = engine_.shortage(monotonic_ns);
      if (!offer_closed() || shortage_) break;
    }
    const auto read = read_one(end);
    if (!read) return tl::make_unexpected(read.error());
    if (!*read) break;
    close_when_due(monotonic_ns);
  }
  if (auto failure = engine_.failure()) return tl::make_unexpected(*failure);
  has_unshown_ = has_unshown_ || done > 0;
  if (is_at_end_) look_when_due(monotonic_ns);
  static_cast<void>(offer_closed());  // what finds no room waits for the next round
  return done;
}

void Follower::close(std::int64_t monotonic_ns) {
  is_closing_ = true;
  if (!engine_.is_at_tick()) return;
  const bool is_last =
      is_at_end_ && checkpoints_ != nullptr && !has_last_snapshot_ && checkpoints_->is_idle();
  if (is_last || engine_.has_news()) close_batch();
  if (!is_last) return;
  checkpoints_->take(engine_, monotonic_ns);
  has_last_snapshot_ = true;
}

bool Follower::is_drained() {
  const bool is_written = checkpoints_ == nullptr || checkpoints_->is_idle();
  return is_at_end_ && offer_closed() && !engine_.has_closed() && is_written;
}

}  // namespace tapeline::pipeline
