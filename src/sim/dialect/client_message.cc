// SPDX-License-Identifier: Apache-2.0
#include "sim/dialect/client_message.h"

#include "sim/market/text.h"
#include "venue/json.h"  // simdjson, as all of the project compiles it

namespace tapeline::sim {
namespace {

namespace dom = simdjson::dom;

bool read_text(const dom::element& element, std::string& out) {
  std::string_view text;
  if (element.get_string().get(text) != simdjson::SUCCESS) return false;
  out = text;
  return true;
}

bool read_texts(const dom::element& element, std::vector<std::string>& out) {
  dom::array array;
  if (element.get_array().get(array) != simdjson::SUCCESS) return false;
  for (const dom::element item : array) {
    if (!read_text(item, out.emplace_back())) return false;
  }
  return true;
}

// A list that may be left out.
bool read_list(const dom::element& object, std::string_view key, std::vector<std::string>& out) {
  dom::element list;
  return object[key].get(list) != simdjson::SUCCESS || read_texts(list, out);
}

bool read_channel(const dom::element& element, CoinbaseMessage::Channel& out) {
  if (element.is_string()) return read_text(element, out.name);
  dom::element name;
  if (!element.is_object() || element["name"].get(name) != simdjson::SUCCESS) return false;
  std::vector<std::string> own;
  if (!read_text(name, out.name) || !read_list(element, "product_ids", own)) return false;
  if (!own.empty()) out.products = std::move(own);
  return true;
}

}  // namespace

std::optional<CoinbaseMessage> read_coinbase_message(std::string_view text) {
  dom::parser parser;
  dom::element root;
  dom::element type;
  dom::array channels;
  CoinbaseMessage message;
  std::vector<std::string> products;
  if (parser.parse(text).get(root) != simdjson::SUCCESS || !root.is_object() ||
      root["type"].get(type) != simdjson::SUCCESS || !read_text(type, message.type) ||
      !read_list(root, "product_ids", products)) {
    return std::nullopt;
  }
  if (root["channels"].get_array().get(channels) != simdjson::SUCCESS) return message;
  for (const dom::element channel : channels) {
    message.channels.push_back({.products = products});
    if (!read_channel(channel, message.channels.back())) return std::nullopt;
  }
  return message;
}

std::optional<BinanceMessage> read_binance_message(std::string_view text) {
  dom::parser parser;
  dom::element root;
  dom::element method;
  dom::element id;
  BinanceMessage message;
  if (parser.parse(text).get(root) != simdjson::SUCCESS || !root.is_object() ||
      root["method"].get(method) != simdjson::SUCCESS || !read_text(method, message.method) ||
      !read_list(root, "params", message.params)) {
    return std::nullopt;
  }
  if (root["id"].get(id) != simdjson::SUCCESS || id.is_null()) return message;
  std::int64_t number = 0;
  std::string word;
  if (id.get_int64().get(number) == simdjson::SUCCESS) {
    message.id = std::to_string(number);
  } else if (read_text(id, word)) {
    message.id = "\"";
    append_json_text(message.id, word);
    message.id += '"';
  } else {
    return std::nullopt;
  }
  return message;
}

std::optional<KrakenMessage> read_kraken_message(std::string_view text) {
  dom::parser parser;
  dom::element root;
  dom::element method;
  dom::element params;
  dom::element channel;
  std::int64_t id = 0;
  KrakenMessage message;
  if (parser.parse(text).get(root) != simdjson::SUCCESS || !root.is_object() ||
      root["method"].get(method) != simdjson::SUCCESS || !read_text(method, message.method)) {
    return std::nullopt;
  }
  if (root["req_id"].get_int64().get(id) == simdjson::SUCCESS) message.id = std::to_string(id);
  if (root["params"].get(params) != simdjson::SUCCESS) return message;
  if (!params.is_object() || params["channel"].get(channel) != simdjson::SUCCESS ||
      !read_text(channel, message.channel) || !read_list(params, "symbol", message.symbols)) {
    return std::nullopt;
  }
  bool wants_snapshot = false;
  message.wants_snapshot =
      params["snapshot"].get_bool().get(wants_snapshot) == simdjson::SUCCESS && wants_snapshot;
  return message;
}

std::optional<OkxMessage> read_okx_message(std::string_view text) {
  dom::parser parser;
  dom::element root;
  dom::element op;
  dom::element id;
  dom::array args;
  OkxMessage message;
  if (parser.parse(text).get(root) != simdjson::SUCCESS || !root.is_object() ||
      root["op"].get(op) != simdjson::SUCCESS || !read_text(op, message.op)) {
    return std::nullopt;
  }
  if (root["id"].get(id) == simdjson::SUCCESS && !read_text(id, message.id)) return std::nullopt;
  if (root["args"].get_array().get(args) != simdjson::SUCCESS) return message;
  for (const dom::element arg : args) {
    dom::element channel;
    dom::element instrument;
    OkxMessage::Arg& read = message.args.emplace_back();
    if (!arg.is_object() || arg["channel"].get(channel) != simdjson::SUCCESS ||
        arg["instId"].get(instrument) != simdjson::SUCCESS || !read_text(channel, read.channel) ||
        !read_text(instrument, read.instrument)) {
      return std::nullopt;
    }
  }
  return message;
}

std::optional<BybitMessage> read_bybit_message(std::string_view text) {
  dom::parser parser;
  dom::element root;
  dom::element op;
  dom::element id;
  BybitMessage message;
  if (parser.parse(text).get(root) != simdjson::SUCCESS || !root.is_object() ||
      root["op"].get(op) != simdjson::SUCCESS || !read_text(op, message.op) ||
      !read_list(root, "args", message.topics)) {
    return std::nullopt;
  }
  if (root["req_id"].get(id) == simdjson::SUCCESS && !read_text(id, message.id)) {
    return std::nullopt;
  }
  return message;
}

}  // namespace tapeline::sim
