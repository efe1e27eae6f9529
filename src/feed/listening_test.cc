// SPDX-License-Identifier: Apache-2.0
#include "feed/listening.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/padding.h"
#include "decode/history_record.h"
#include "decode/source.h"
#include "decode/venue_table.h"

namespace tapeline::feed {
namespace {

using journal::RecordType;

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr const char* kA = "bybit:A-USDT";
constexpr const char* kB = "bybit:B-USDT";

EventTime second(int s) { return EventTime(s * kSecondNs); }

// Bybit with two streams. Times are seconds.
class ListeningTest : public testing::Test {
 protected:
  ListeningTest() {
    add(kA, "bybit", {"AUSDT", "publicTrade"});
    add(kB, "bybit", {"BUSDT", "publicTrade"});
  }

  void add(const char* instrument, const char* venue, const venue::Subscription& wire) {
    listening_.add(instrument, *decode::venue_table()[*decode::find_venue(venue)], wire);
  }

  void pass(RecordType type, int at, std::uint32_t connection, std::string bytes) {
    const std::size_t size = bytes.size();
    bytes.append(kReadPadding, '\0');
    journal::Record record;
    record.type = type;
    record.connection = ConnectionId(connection);
    record.ts_recv = RecvTime(at * kSecondNs);
    record.bytes = std::string_view(bytes).substr(0, size);
    listening_.pass(record);
  }
  void open(int at, std::uint32_t connection, const std::string& venue = "bybit") {
    decode::Source source;
    source.venue = venue;
    pass(RecordType::kOpen, at, connection, decode::encode_source(source));
  }
  void ask(int at, std::uint32_t connection, const std::string& word = "subscribe",
           const std::string& topics = R"("publicTrade.AUSDT","publicTrade.BUSDT")") {
    pass(RecordType::kSent, at, connection,
         fmt::format(R"({{"req_id":"7","op":"{}","args":[{}]}})", word, topics));
  }
  void ack(int at, std::uint32_t connection) {
    pass(RecordType::kFrame, at, connection,
         R"({"success":true,"ret_msg":"","conn_id":"c","req_id":"7","op":"subscribe"})");
  }
  void trade(int at, std::uint32_t connection, const std::string& symbol) {
    pass(RecordType::kFrame, at, connection,
         fmt::format(R"({{"topic":"publicTrade.{}","type":"snapshot","ts":1,"data":[]}})", symbol));
  }
  void close(int at, std::uint32_t connection, const std::string& reason = "lost") {
    pass(RecordType::kClose, at, connection, fmt::format("reason: {}\ntext: why\n", reason));
  }
  // At 1 s on, granted at 2 s.
  void start(std::uint32_t connection, int at = 1) {
    open(at, connection);
    ask(at, connection);
    ack(at + 1, connection);
  }
  void history(int at, int from, int to, int oldest) {
    decode::HistoryAnswer answer;
    answer.question.venue = "bybit";
    answer.question.wish = {.symbol = "AUSDT", .from_time = second(from), .to_time = second(to)};
    answer.status = 200;
    const std::string body = fmt::format(
        R"({{"retCode":0,"retMsg":"OK","result":{{"category":"spot","list":[{{"execId":"1",)"
        R"("symbol":"AUSDT","price":"1","size":"1","side":"Buy","time":"{}","seq":"1"}}]}}}})",
        std::int64_t{oldest} * 1000);
    answer.body = body;
    pass(RecordType::kAnswer, at, 9, decode::encode_history_answer(answer));
  }

  // "3..8", with ! where nobody listens again and + where the history has it.
  std::string said(const char* instrument) const {
    std::string text;
    for (const Listening::Absence& absence : listening_.absences(instrument)) {
      text += fmt::format("{}{}..{}{}{}", text.empty() ? "" : " ",
                          absence.span.from.unix_ns() / kSecondNs,
                          absence.span.to.unix_ns() / kSecondNs, absence.is_last ? "!" : "",
                          absence.is_refilled ? "+" : "");
    }
    return text;
  }

  Listening listening_;
};

TEST_F(ListeningTest, without_an_end_nothing_is_unheard) {
  EXPECT_EQ(said(kA), "");
  start(1);
  trade(5, 1, "AUSDT");
  pass(RecordType::kTick, 90, 0, "");
  EXPECT_EQ(said(kA), "");
  EXPECT_EQ(said(kB), "");
}

TEST_F(ListeningTest, a_lost_connection_is_unheard_from_its_last_frame_to_the_next_grant) {
  start(1);
  trade(5, 1, "AUSDT");
  close(8, 1);
  EXPECT_EQ(said(kA), "5..8!");
  open(10, 2);
  ask(10, 2);
  EXPECT_EQ(said(kA), "5..10!");
  ack(11, 2);
  EXPECT_EQ(said(kA), "5..11");
  EXPECT_EQ(said(kB), "5..11");  // the other's frame shows that the connection stood
}

TEST_F(ListeningTest, a_connection_that_was_granted_nothing_ends_no_span) {
  start(1);
  trade(5, 1, "AUSDT");
  close(8, 1);
  open(9, 2);
  ask(9, 2);
  close(12, 2);
  open(13, 3);
  ask(13, 3);
  ack(14, 3);
  EXPECT_EQ(said(kA), "5..14");
}

TEST_F(ListeningTest, what_another_connection_hears_is_not_unheard) {
  start(1);
  start(2, 3);
  trade(5, 1, "AUSDT");
  close(8, 1);
  trade(9, 2, "AUSDT");
  EXPECT_EQ(said(kA), "");
  close(12, 2, "silent");
  start(3, 14);
  EXPECT_EQ(said(kA), "9..15");
}

TEST_F(ListeningTest, a_stop_is_a_loss_once_somebody_listens_again) {
  start(1);
  trade(5, 1, "AUSDT");
  close(8, 1, "stopped");
  pass(RecordType::kTick, 9, 0, "");
  EXPECT_EQ(said(kA), "");
  pass(RecordType::kEpoch, 100, 0, "");
  start(2, 101);
  EXPECT_EQ(said(kA), "5..102");
}

TEST_F(ListeningTest, a_process_that_begins_ends_what_the_one_before_left_open) {
  start(1);
  trade(5, 1, "AUSDT");
  pass(RecordType::kEpoch, 100, 0, "");
  start(2, 101);
  EXPECT_EQ(said(kA), "5..102");
}

TEST_F(ListeningTest, a_segment_that_goes_on_ends_nothing) {
  start(1);
  trade(5, 1, "AUSDT");
  pass(RecordType::kEpoch, 50, 0, "");
  open(50, 1);
  trade(51, 1, "BUSDT");
  EXPECT_EQ(said(kA), "");
  close(53, 1);
  EXPECT_EQ(said(kA), "51..53!");
}

TEST_F(ListeningTest, of_a_journal_that_begins_amidst_a_connection_data_tells) {
  pass(RecordType::kEpoch, 50, 0, "");
  open(50, 1);
  trade(51, 1, "AUSDT");
  trade(52, 1, "AUSDT");
  close(53, 1);
  start(2, 60);
  EXPECT_EQ(said(kA), "52..61");
  EXPECT_EQ(said(kB), "");  // nobody knows of it before the 61st second
}

TEST_F(ListeningTest, a_stream_that_is_given_up_is_unheard_until_it_is_wanted_again) {
  start(1);
  trade(5, 1, "AUSDT");
  ask(6, 1, "unsubscribe", R"("publicTrade.AUSDT")");
  trade(7, 1, "AUSDT");  // was on its way
  trade(20, 1, "BUSDT");
  ask(30, 1, "subscribe", R"("publicTrade.AUSDT")");
  ack(31, 1);
  EXPECT_EQ(said(kA), "5..31");
  EXPECT_EQ(said(kB), "");
}

TEST_F(ListeningTest, history_that_reaches_back_refills_and_other_history_does_not) {
  start(1);
  trade(20, 1, "AUSDT");
  close(22, 1);
  start(2, 29);
  history(31, 15, 35, 16);  // the page begins behind the loss
  EXPECT_EQ(said(kA), "20..30");
  history(31, 15, 25, 10);  // asked for less
  EXPECT_EQ(said(kA), "20..30");
  history(29, 15, 35, 10);  // answered before somebody listened
  EXPECT_EQ(said(kA), "20..30");
  history(31, 15, 35, 14);
  EXPECT_EQ(said(kA), "20..30+");
  EXPECT_EQ(said(kB), "20..30");
}

TEST_F(ListeningTest, an_answer_that_names_a_stream_grants_that_one) {
  add("bitstamp:A-USD", "bitstamp", {"ausd", "live_trades"});
  add("bitstamp:B-USD", "bitstamp", {"busd", "live_trades"});
  const auto each = [&](std::uint32_t connection, int at) {
    open(at, connection, "bitstamp");
    for (const char* pair : {"ausd", "busd"}) {
      pass(RecordType::kSent, at, connection,
           fmt::format(R"({{"event":"bts:subscribe","data":{{"channel":"live_trades_{}"}}}})",
                       pair));
      pass(RecordType::kFrame, ++at, connection,
           fmt::format(R"({{"event":"bts:subscription_succeeded","channel":"live_trades_{}",)"
                       R"("data":{{}}}})",
                       pair));
    }
  };
  each(1, 1);
  pass(RecordType::kFrame, 9, 1, R"({"event":"bts:heartbeat","channel":"","data":""})");
  close(10, 1);
  each(2, 20);
  EXPECT_EQ(said("bitstamp:A-USD"), "9..21");
  EXPECT_EQ(said("bitstamp:B-USD"), "9..22");
}

TEST_F(ListeningTest, where_nothing_is_acknowledged_the_request_counts_unless_it_is_refused) {
  add("finnhub:A", "finnhub", {"A", "trade"});
  add("finnhub:B", "finnhub", {"B", "trade"});
  const auto both = [&](std::uint32_t connection, int at, const char* kind) {
    open(at, connection, "finnhub");
    for (const char* symbol : {"A", "B"}) {
      pass(RecordType::kSent, at, connection,
           fmt::format(R"({{"type":"{}","symbol":"{}"}})", kind, symbol));
    }
  };
  both(1, 1, "subscribe");
  pass(RecordType::kFrame, 5, 1, R"({"type":"ping"})");
  close(6, 1);
  both(2, 10, "subscribe-news");
  pass(RecordType::kFrame, 12, 2, R"({"type":"ping"})");
  EXPECT_EQ(said("finnhub:A"), "5..12!");
  both(3, 20, "subscribe");
  EXPECT_EQ(said("finnhub:A"), "5..20");
  EXPECT_EQ(said("finnhub:B"), "5..20");
  pass(RecordType::kFrame, 21, 3, R"({"type":"error","msg":"Too many requests, try again"})");
  EXPECT_EQ(said("finnhub:A"), "5..20");
  EXPECT_EQ(said("finnhub:B"), "5..21!");
}

TEST_F(ListeningTest, every_venue_whose_ids_do_not_count_is_understood) {
  for (const venue::Venue* venue : decode::venue_table()) {
    if (venue->contiguous_ids) continue;
    SCOPED_TRACE(venue->name);
    const std::string name(venue->name);
    const venue::SessionFacts& facts = venue->session;
    const venue::Subscription wire{"aausd", std::string(facts.stream_channel("trades"))};
    const std::string instrument = name + ":X";
    add(instrument.c_str(), name.c_str(), wire);
    open(1, 7, name);
    pass(RecordType::kSent, 1, 7, facts.subscribe({wire}, 3).text);
    if (facts.acknowledges) {
      for (const char* ack :
           {R"({"success":true,"ret_msg":"","conn_id":"c","req_id":"3","op":"subscribe"})",
            R"({"event":"bts:subscription_succeeded","channel":"live_trades_aausd","data":{}})",
            R"({"event":"subscribe-status","status":"ok","success":[],"fails":null})"}) {
        pass(RecordType::kFrame, 2, 7, ack);
      }
    }
    pass(RecordType::kFrame, 5, 7, "{}");
    close(6, 7);
    EXPECT_EQ(said(instrument.c_str()), "5..6!");
    listening_ = Listening();
  }
}

TEST_F(ListeningTest, of_very_many_spans_the_oldest_are_said_as_one) {
  constexpr int kMore = 5;
  const auto spans = static_cast<int>(Listening::kSpansMax) + kMore;
  for (int i = 0; i <= spans; ++i) {
    start(1, 10 * i);
    trade(10 * i + 3, 1, "AUSDT");
    close(10 * i + 4, 1, "stopped");
  }
  const auto absences = listening_.absences(kA);
  EXPECT_EQ(absences.size(), Listening::kSpansMax - 1);
  EXPECT_EQ(absences.front().span.from, second(3));
  EXPECT_EQ(absences.back().span.from, second(10 * (spans - 1) + 3));
}

}  // namespace
}  // namespace tapeline::feed
