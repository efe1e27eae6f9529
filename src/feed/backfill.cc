// SPDX-License-Identifier: Apache-2.0
#include "feed/backfill.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>
namespace tapeline::feed {
namespace {

WishList::Patience patience_with(PageFailure failure) {
  switch (failure) {
    case PageFailure::kRefused:
    case PageFailure::kTooLong:
      return WishList::Patience::kNone;
    case PageFailure::kNoPage:
      return WishList::Patience::kCounted;
    default:
      return WishList::Patience::kEndless;
  }
}

}  // namespace

Backfill::Backfill(BackfillOptions options, const Surroundings& around)
    : options_(std::move(options)),
      facts_(*options_.venue->history),
      around_(around),
      records_(around),
      parser_(facts_.make_parser()),
      backoff_({.first = std::chrono::milliseconds(500), .max = std::chrono::seconds(30)}) {}

std::size_t Backfill::do_work(std::int64_t now_ns) {
  look_at_board(now_ns);
  if (is_asking_ || now_ns < not_before_ns_) return 0;
  if (!around_.outlet.is_clear() || !around_.outlet.is_open()) return 0;
  if (!job_) {
    if (!warm_start_.is_empty() && !was_warm_) job_ = next_warm_job(now_ns);
    if (!job_ && now_ns >= wishes_.next_due_ns()) job_ = next_job(now_ns);
    if (!job_ && was_warm_) job_ = next_warm_job(now_ns);
  }
  if (!job_) return 0;
  was_warm_ = job_->is_warm;
  ask(now_ns);
  return 1;
}

void Backfill::add_span(const StreamKey& stream, TimeSpan span) {
  const std::size_t before = wishes_.given_up();
  wishes_.add_span(stream, span, around_.clock.monotonic_ns());
  if (wishes_.given_up() > before) around_.probe.history_given_up.add();
}

void Backfill::begin_with(const StreamKey& stream, TimeSpan span) {
  if (!facts_.has_channel(stream.second)) return;
  venue::HistoryWish wish{.channel = stream.second,
                          .from_time = span.from,
                          .to_time = span.to,
                          .cursor = std::string(venue::kNewest)};
  warm_start_.add(stream, std::move(wish), around_.clock.monotonic_ns());
}

void Backfill::look_at_board(std::int64_t now_ns) {
  const HoleBoard& board = *options_.holes;
  if (board.has_changed_since(seen_version_)) {
    for (const HoleBoard::Shown& shown : board.changes_since(seen_version_)) {
      if (!facts_.has_channel(shown.stream.second)) continue;
      if (options_.symbol_of(shown.stream.first)) wishes_.show(shown, now_ns);
    }
    set_status({});
  }
  if (const std::uint64_t repairs = board.repairs(); repairs != seen_repairs_) {
    seen_repairs_ = repairs;
    wishes_.repair(now_ns);
    set_status({});
  }
}

std::optional<Backfill::Job> Backfill::next_job(std::int64_t now_ns) {
  auto wish = wishes_.next(facts_.rows_max, now_ns);
  if (!wish) return std::nullopt;
  Job job{.whole = *wish,
          .question = {.venue = std::string(options_.venue->name),
                       .wish = wish->wish,
                       .is_repair = wish->is_repair,
                       .is_final = wish->is_final}};
  job.question.wish.symbol = options_.symbol_of(wish->stream.first).value_or(std::string());
  return job;
}

// What is here soon is never all that there is, and so no answer is final.
std::optional<Backfill::Job> Backfill::next_warm_job(std::int64_t now_ns) {
  auto turn = warm_start_.next(now_ns);
  if (const std::size_t left_out = warm_start_.left_out(); left_out != warm_left_out_) {
    warm_left_out_ = left_out;
    set_status(fmt::format("the warm start had no time for all that is newest of {} instrument{}",
                           left_out, left_out == 1 ? "" : "s"));
  }
  if (!turn) return std::nullopt;
  Job job{.whole = {.stream = std::move(turn->stream)},
          .question = {.venue = std::string(options_.venue->name),
                       .wish = std::move(turn->wish),
                       .is_beginning = true},
          .is_warm = true};
  job.question.wish.symbol = options_.symbol_of(job.whole.stream.first).value_or(std::string());
  return job;
}

void Backfill::ask(std::int64_t now_ns) {
  is_asking_ = true;
  not_before_ns_ = now_ns + facts_.request_every.count();
  const RecvTime now = around_.clock.wall();
  const std::string target = facts_.target(job_->question.wish, now);
  records_.add_question(now, decode::encode_history_request(job_->question, target));
  around_.probe.history_requests.add();
  net::HttpRequest request;
  request.url = options_.rest + target;
  request.trust = options_.trust;
  request.body_bytes_max = kPageBytesMax;
  around_.network.fetch(std::move(request),
                        [this, alive = std::weak_ptr<bool>(is_alive_)](const auto& answer) {
                          if (!alive.expired()) on_answer(answer);
                        });
}

void Backfill::on_answer(const Result<net::HttpResponse>& answer) {
  is_asking_ = false;
  const auto page = take(answer);
  if (!page) return fail(page.error(), answer);
  around_.probe.history_answers.add();
  around_.probe.history_trades.add(page->rows);
  backoff_.reset();
  told_when_ = 0;
  ++job_->pages;
  go_on(*page);
  set_status({});
}

void Backfill::go_on(const venue::HistoryPage& page) {
  if (job_->is_warm) {
    warm_start_.answered(page);
    job_.reset();
    return;
  }
  const auto& rest = page.rest;
  const std::int64_t now_ns = around_.clock.monotonic_ns();
  const WishList::Wish& whole = job_->whole;
  const bool is_turn_over = job_->pages % kPagesPerTurn == 0 && venue::ids_of(whole.wish) != 0;
  if (!rest || job_->pages >= kPagesMax) {
    wishes_.done(whole, now_ns);
    job_.reset();
  } else if (is_turn_over && wishes_.is_other_due(whole, now_ns)) {
    wishes_.cut_short(whole, now_ns);
    job_.reset();
  } else {
    job_->question.wish = *rest;
  }
}

tl::expected<venue::HistoryPage, PageFailure> Backfill::take(
    const Result<net::HttpResponse>& answer) {
  const auto body = records_.take(answer, [this](int status, std::string error, auto bytes) {
    return decode::encode_history_answer({job_->question, status, std::move(error), bytes});
  });
  if (!body) return tl::make_unexpected(body.error());
  items_.clear();
  auto page = parser_->parse(job_->question.wish, *body, items_);
  if (!page) return tl::make_unexpected(PageFailure::kNoPage);
  return *page;
}

// What comes may bring the hole nearer to its end: the wish that is tried again is what is left.
void Backfill::fail(PageFailure failure, const Result<net::HttpResponse>& answer) {
  around_.probe.history_failures(failure).add();
  const Duration pause = pause_after(answer);
  const std::int64_t now_ns = around_.clock.monotonic_ns();
  // Who is asked too much says so for everything; otherwise another hole may have more luck.
  if (failure == PageFailure::kRateLimit) not_before_ns_ = now_ns + pause.count();
  if (job_->is_warm) {
    warm_start_.failed(patience_with(failure) == WishList::Patience::kNone, pause, now_ns);
  } else {
    const std::size_t before = wishes_.given_up();
    wishes_.failed(job_->whole, pause, patience_with(failure), now_ns);
    if (wishes_.given_up() > before) around_.probe.history_given_up.add();
  }
  job_.reset();
  set_status(text_of_failure(failure, answer));
}

Duration Backfill::pause_after(const Result<net::HttpResponse>& answer) {
  const auto told = retry_after(answer);
  if (told && *told > Duration() && told_when_++ < kBelievedMax) return *told;
  return std::max(backoff_.next(around_.random()), told.value_or(Duration(0)));
}

void Backfill::set_status(std::string_view error) {
  const std::lock_guard lock(mutex_);
  status_.repairs = wishes_.is_repairing() || job_ ? status_.repairs : seen_repairs_;
  status_.waiting = wishes_.waiting();
  status_.left_out = wishes_.left_out();
  status_.given_up = wishes_.given_up();
  if (!error.empty()) status_.last_error = error;
}

BackfillStatus Backfill::status() const {
  BackfillStatus out;
  {
    const std::lock_guard lock(mutex_);
    out = status_;
  }
  out.is_on = true;
  out.requests = around_.probe.history_requests.value();
  out.answers = around_.probe.history_answers.value();
  out.trades = around_.probe.history_trades.value();
  for (std::size_t i = 0; i < static_cast<std::size_t>(PageFailure::kEnd); ++i) {
    out.failures += around_.probe.history_failures(static_cast<PageFailure>(i)).value();
  }
  return out;
}

}  // namespace tapeline::feed
