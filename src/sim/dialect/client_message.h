// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What clients send, read from their JSON. Nothing where it is none of that form.
namespace tapeline::sim {

// {"type":"subscribe","product_ids":["BTC-USD"],"channels":["matches",{"name":"ticker",
// "product_ids":["ETH-USD"]}]}
struct CoinbaseMessage {
  struct Channel {
    std::string name{};
    std::vector<std::string> products{};  // its own, or those of the message
  };
  std::string type{};
  std::vector<Channel> channels{};
};
std::optional<CoinbaseMessage> read_coinbase_message(std::string_view text);

// {"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}
struct BinanceMessage {
  std::string method{};
  std::vector<std::string> params{};
  std::string id = "null";  // as JSON
};
std::optional<BinanceMessage> read_binance_message(std::string_view text);

// {"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD"],"snapshot":true},
// "req_id":1}
struct KrakenMessage {
  std::string method{};
  std::string channel{};
  std::vector<std::string> symbols{};
  bool wants_snapshot = false;
  std::string id{};  // as JSON; empty: none
};
std::optional<KrakenMessage> read_kraken_message(std::string_view text);

// {"id":"1","op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT"}]}
struct OkxMessage {
  struct Arg {
    std::string channel{};
    std::string instrument{};
  };
  std::string op{};
  std::vector<Arg> args{};
  std::string id{};  // empty: none
};
std::optional<OkxMessage> read_okx_message(std::string_view text);

// {"req_id":"1","op":"subscribe","args":["publicTrade.BTCUSDT"]}
struct BybitMessage {
  std::string op{};
  std::vector<std::string> topics{};
  std::string id{};  // empty: none
};
std::optional<BybitMessage> read_bybit_message(std::string_view text);

}  // namespace tapeline::sim
