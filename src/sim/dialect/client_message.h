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

}  // namespace tapeline::sim
