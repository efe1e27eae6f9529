// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/client_message.h"

#include <gtest/gtest.h>

#include "sim/dialect/dialect_fixture.h"

namespace tapeline::sim {
namespace {

TEST(ClientMessage, channels_have_their_own_products_or_those_of_the_message) {
  const auto message = read_coinbase_message(
      R"({"type":"subscribe","product_ids":["A-B"],"channels":["x",{"name":"y","product_ids":)"
      R"(["C-D","E-F"]},{"name":"z"}],"signature":"s"})");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, "subscribe");
  ASSERT_EQ(message->channels.size(), 3U);
  EXPECT_EQ(message->channels[0].name, "x");
  EXPECT_EQ(message->channels[0].products, (Texts{"A-B"}));
  EXPECT_EQ(message->channels[1].products, (Texts{"C-D", "E-F"}));
  EXPECT_EQ(message->channels[2].products, (Texts{"A-B"}));
}

TEST(ClientMessage, what_is_no_such_message_is_none) {
  for (const char* text :
       {"", "{", "[]", "7", R"({"type":7})", R"({"channels":[]})",
        R"({"type":"subscribe","product_ids":"A"})", R"({"type":"subscribe","channels":[7]})",
        R"({"type":"subscribe","channels":[{"nome":"x"}]})"}) {
    EXPECT_FALSE(read_coinbase_message(text)) << text;
  }
  for (const char* text :
       {"", "[]", R"({"method":7})", R"({"params":[]})", R"({"method":"S","params":7})",
        R"({"method":"S","params":[7]})", R"({"method":"S","id":[1]})"}) {
    EXPECT_FALSE(read_binance_message(text)) << text;
  }
}

TEST(ClientMessage, ids_are_numbers_words_or_null) {
  EXPECT_EQ(read_binance_message(R"({"method":"S","id":-9})")->id, "-9");
  EXPECT_EQ(read_binance_message(R"({"method":"S","id":"a\"b"})")->id, R"("a\"b")");
  EXPECT_EQ(read_binance_message(R"({"method":"S","id":null})")->id, "null");
  EXPECT_EQ(read_binance_message(R"({"method":"S"})")->id, "null");
  EXPECT_EQ(read_binance_message(R"({"method":"S","params":["a@trade"]})")->params,
            (Texts{"a@trade"}));
}

TEST(ClientMessage, of_kraken_asks_for_symbols_of_one_channel) {
  const auto message = read_kraken_message(
      R"({"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD","ETH/USD"],)"
      R"("snapshot":true},"req_id":7})");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->method, "subscribe");
  EXPECT_EQ(message->channel, "trade");
  EXPECT_EQ(message->symbols, (std::vector<std::string>{"BTC/USD", "ETH/USD"}));
  EXPECT_TRUE(message->wants_snapshot);
  EXPECT_EQ(message->id, "7");
  EXPECT_EQ(read_kraken_message(R"({"method":"ping"})")->id, "");
  for (const char* bad :
       {"", "[]", "ping", R"({"params":{}})", R"({"method":"subscribe","params":{"channel":1}})",
        R"({"method":"subscribe","params":{"channel":"x","symbol":"BTC/USD"}})"}) {
    EXPECT_FALSE(read_kraken_message(bad)) << bad;
  }
}

TEST(ClientMessage, of_okx_has_an_arg_for_each_stream) {
  const auto message = read_okx_message(
      R"({"id":"7","op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT"}]})");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->op, "subscribe");
  EXPECT_EQ(message->id, "7");
  ASSERT_EQ(message->args.size(), 1U);
  EXPECT_EQ(message->args[0].channel, "trades");
  EXPECT_EQ(message->args[0].instrument, "BTC-USDT");
  for (const char* bad :
       {"", "[]", "ping", R"({"args":[]})", R"({"op":"subscribe","args":[1]})",
        R"({"op":"subscribe","args":[{"channel":"trades"}]})", R"({"op":"subscribe","id":7})"}) {
    EXPECT_FALSE(read_okx_message(bad)) << bad;
  }
}

TEST(ClientMessage, of_bybit_has_topics) {
  const auto message =
      read_bybit_message(R"({"req_id":"7","op":"subscribe","args":["publicTrade.BTCUSDT"]})");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->op, "subscribe");
  EXPECT_EQ(message->id, "7");
  EXPECT_EQ(message->topics, (std::vector<std::string>{"publicTrade.BTCUSDT"}));
  for (const char* bad : {"", "[]", "ping", R"({"args":[]})", R"({"op":"subscribe","args":[1]})",
                          R"({"op":"subscribe","req_id":7})"}) {
    EXPECT_FALSE(read_bybit_message(bad)) << bad;
  }
}

}  // namespace
}  // namespace tapeline::sim
