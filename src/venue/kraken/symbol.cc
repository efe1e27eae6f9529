// SPDX-License-Identifier: Apache-2.0
#include "venue/kraken/symbol.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tapeline::venue::kraken {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kNames{
    {{"XBT", "BTC"}, {"XDG", "DOGE"}}};

// What it calls by a name that means another asset elsewhere.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kOwnNames{
    {{"LUNA", "LUNC"}, {"LUNA2", "LUNA"}, {"UST", "USTC"}}};

std::string_view to_stream(std::string_view asset) {
  for (const auto& [rest, stream] : kNames) {
    if (asset == rest) return stream;
  }
  return asset;
}

std::string_view to_rest(std::string_view asset) {
  for (const auto& [rest, stream] : kNames) {
    if (asset == stream) return rest;
  }
  return asset;
}

std::string renamed(std::string_view pair, std::string_view (*rename)(std::string_view)) {
  const std::size_t slash = pair.find('/');
  if (slash == std::string_view::npos) return std::string(pair);
  std::string out(rename(pair.substr(0, slash)));
  out += '/';
  out += rename(pair.substr(slash + 1));
  return out;
}

bool is_asset(std::string_view text, std::string_view name) {
  const bool has_mark = text.starts_with('X') || text.starts_with('Z');
  return text == name || (has_mark && text.substr(1) == name);
}

// By either of its names.
bool is_either(std::string_view text, std::string_view stream) {
  return is_asset(text, stream) || is_asset(text, to_rest(stream));
}

}  // namespace

std::string stream_name(std::string_view rest_name) { return renamed(rest_name, to_stream); }

std::string rest_name(std::string_view stream_name) { return renamed(stream_name, to_rest); }

bool is_key_of(std::string_view key, std::string_view stream_name) {
  const std::size_t slash = stream_name.find('/');
  if (slash == std::string_view::npos) return key == stream_name;
  const std::string_view base = stream_name.substr(0, slash);
  const std::string_view quote = stream_name.substr(slash + 1);
  for (std::size_t at = 1; at < key.size(); ++at) {
    const std::size_t next = key[at] == '/' ? at + 1 : at;
    if (is_either(key.substr(0, at), base) && is_either(key.substr(next), quote)) return true;
  }
  return false;
}

std::string_view common_asset(std::string_view asset) {
  for (const auto& [its, common] : kOwnNames) {
    if (asset == its) return common;
  }
  return asset;
}

std::string canonical_symbol(std::string_view symbol) {
  std::string out(symbol);
  std::replace(out.begin(), out.end(), '/', '-');
  return out;
}

std::string venue_symbol(std::string_view canonical) {
  std::string out(canonical);
  std::replace(out.begin(), out.end(), '-', '/');
  return out;
}

}  // namespace tapeline::venue::kraken
