// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "feed/probe.h"
#include "feed/rest_answer.h"
#include "feed/surroundings.h"
#include "net/backoff.h"
#include "net/http.h"
#include "venue/venue.h"

namespace tapeline::feed {

struct CandlesOptions {
  const venue::Venue* venue = nullptr;  // with candles
  std::string rest{};                   // base of its REST interface
  net::Trust trust{};
  Duration every{};    // so often, in UTC, it is asked for what there is since
  Duration history{};  // so far back it is asked at the beginning
};

// Asks a venue by and by for its own candles of each symbol, a page at a time and no faster than it
// allows: at the beginning, and whenever a whole `every` of UTC is over, for every minute that is
// over since the last time. What does not come is asked for again next time. Answers go through the
// journal like everything else. The network's thread.
class Candles {
 public:
  static constexpr int kTriesMax = 5;  // of one page, in one round
  // A minute is asked for when it is over for so long: the venue may still change it.
  static constexpr Duration kSettled = std::chrono::minutes(1);

  Candles(CandlesOptions options, const Surroundings& around);

  // The venue's symbols, and no others; those that are known go on where they are.
  void set_symbols(const std::vector<std::string>& symbols);
  std::size_t do_work(std::int64_t now_ns);

 private:
  struct Stream {
    std::string symbol;
    EventTime next;  // everything before it was asked for
  };

  // Null: nobody wants it.
  [[nodiscard]] Stream* find(std::string_view symbol);
  void begin_round(std::int64_t now_ns);
  [[nodiscard]] std::optional<venue::CandleWish> next_wish();
  void ask(std::int64_t now_ns);
  void on_answer(const Result<net::HttpResponse>& answer);
  [[nodiscard]] std::optional<PageFailure> take(const Result<net::HttpResponse>& answer);

  const CandlesOptions options_;
  const venue::CandleFacts& facts_;
  const Surroundings around_;
  RestRecords records_;
  std::vector<Stream> streams_;
  std::size_t stream_ = 0;  // of this round; all of them: it is over
  EventTime until_;         // likewise
  std::optional<venue::CandleWish> wish_;
  int tries_ = 0;
  bool is_asking_ = false;
  std::int64_t next_round_ns_ = INT64_MIN;
  std::int64_t not_before_ns_ = INT64_MIN;
  net::Backoff backoff_;
  // Its only other holders are answers under way, which come to nothing once this is gone.
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
};

}  // namespace tapeline::feed
