// SPDX-License-Identifier: Apache-2.0
#include "feed/candles.h"

#include <algorithm>
#include <utility>

#include "decode/candle_record.h"

namespace tapeline::feed {
namespace {

EventTime whole_minute(EventTime time) {
  return EventTime(time.unix_ns() - time.unix_ns() % venue::kCandleInterval.count());
}

}  // namespace

Candles::Candles(CandlesOptions options, const Surroundings& around)
    : options_(std::move(options)),
      facts_(*options_.venue->candles),
      around_(around),
      records_(around),
      backoff_({.first = std::chrono::milliseconds(500), .max = std::chrono::seconds(30)}) {}

void Candles::set_symbols(const std::vector<std::string>& symbols) {
  const Duration back =
      facts_.depth == Duration() ? options_.history : std::min(options_.history, facts_.depth);
  const EventTime from = whole_minute(EventTime(around_.clock.wall().unix_ns()) - back);
  std::vector<Stream> streams;
  for (const std::string& symbol : symbols) {
    const Stream* known = find(symbol);
    streams.push_back({symbol, known != nullptr ? known->next : from});
  }
  streams_ = std::move(streams);
  stream_ = 0;
}

Candles::Stream* Candles::find(std::string_view symbol) {
  const auto at = std::find_if(streams_.begin(), streams_.end(),
                               [&](const Stream& stream) { return stream.symbol == symbol; });
  return at != streams_.end() ? &*at : nullptr;
}

std::size_t Candles::do_work(std::int64_t now_ns) {
  if (is_asking_ || now_ns < not_before_ns_ || streams_.empty()) return 0;
  if (!around_.outlet.is_clear() || !around_.outlet.is_open()) return 0;
  if (now_ns >= next_round_ns_) begin_round(now_ns);
  if (!wish_) wish_ = next_wish();
  if (!wish_) return 0;
  ask(now_ns);
  return 1;
}

void Candles::begin_round(std::int64_t now_ns) {
  // Sooner where the venue would have forgotten meanwhile.
  const bool is_deep = facts_.depth == Duration() || options_.every < facts_.depth;
  const std::int64_t every_ns = (is_deep ? options_.every : facts_.depth / 2).count();
  const EventTime settled = EventTime(around_.clock.wall().unix_ns()) - kSettled;
  // When a whole one of UTC is over: so a day's are there soon after its end.
  next_round_ns_ = now_ns + every_ns - settled.unix_ns() % every_ns;
  until_ = whole_minute(settled);
  stream_ = 0;
  wish_.reset();
}

std::optional<venue::CandleWish> Candles::next_wish() {
  for (; stream_ < streams_.size(); ++stream_) {
    const Stream& stream = streams_[stream_];
    if (stream.next >= until_) continue;
    tries_ = 0;
    const auto minutes = static_cast<std::int64_t>(facts_.rows_max);
    return venue::CandleWish{
        .symbol = stream.symbol,
        .from = stream.next,
        .to = std::min(until_, stream.next + minutes * venue::kCandleInterval)};
  }
  return std::nullopt;
}

void Candles::ask(std::int64_t now_ns) {
  is_asking_ = true;
  not_before_ns_ = now_ns + facts_.request_every.count();
  const std::string target = facts_.target(*wish_);
  records_.add_question(around_.clock.wall(),
                        decode::encode_candle_request(options_.venue->name, *wish_, target));
  around_.probe.candle_requests.add();
  net::HttpRequest request;
  request.url = options_.rest + target;
  request.trust = options_.trust;
  request.body_bytes_max = kPageBytesMax;
  around_.network.fetch(std::move(request),
                        [this, alive = std::weak_ptr<bool>(is_alive_)](const auto& answer) {
                          if (!alive.expired()) on_answer(answer);
                        });
}

void Candles::on_answer(const Result<net::HttpResponse>& answer) {
  is_asking_ = false;
  const auto failure = take(answer);
  if (!failure) {
    backoff_.reset();
    if (Stream* stream = find(wish_->symbol)) stream->next = wish_->to;
    wish_.reset();
    return;
  }
  around_.probe.candle_failures(*failure).add();
  const bool is_hopeless = *failure == PageFailure::kRefused || *failure == PageFailure::kTooLong;
  if (is_hopeless || ++tries_ >= kTriesMax) {
    if (stream_ < streams_.size() && streams_[stream_].symbol == wish_->symbol) ++stream_;
    wish_.reset();
  }
  const Duration pause =
      std::max(backoff_.next(around_.random()), retry_after(answer).value_or(Duration(0)));
  not_before_ns_ = std::max(not_before_ns_, around_.clock.monotonic_ns() + pause.count());
}

// Records the answer whatever it is; gives what is wrong with it.
std::optional<PageFailure> Candles::take(const Result<net::HttpResponse>& answer) {
  const auto body = records_.take(answer, [this](int status, std::string error, auto bytes) {
    return decode::encode_candle_answer(
        {std::string(options_.venue->name), *wish_, status, std::move(error), bytes});
  });
  if (!body) return body.error();
  const auto candles = venue::read_candles(facts_.format, *body);
  return candles ? std::nullopt : std::optional(PageFailure::kNoPage);
}

}  // namespace tapeline::feed
