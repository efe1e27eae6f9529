// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/config.h"
#include "app/values/values.h"

namespace tapeline::app::config {

enum class Shape : std::uint8_t { kGroup, kGroupList, kValue, kList };

// What a configuration is read against.
struct Surroundings {
  std::vector<std::string> venues{};
  std::vector<std::string> token_venues{};     // those that want a token
  std::vector<std::string> one_line_venues{};  // those whose trades have no ids
  // What the environment says of a name; nothing where it is silent.
  std::function<std::string(const char*)> variable{};
};

// Where a value goes: the configuration, and which of its feeds.
struct Place {
  Config& config;
  std::size_t feed = 0;
  const Surroundings& surroundings;
};

// A key of the file: everything that checking, `check --show` and suggestions know about it. In the
// path of an element of a list stands "[]".
struct Key {
  std::string_view path;
  Shape shape = Shape::kValue;
  std::string_view type;     // "a duration"
  std::string_view allowed;  // "0s to 7d"
  std::string_view help;
  std::string_view example = {};  // of a key that is empty by default
  bool is_secret = false;         // not for the command line; never shown
  bool may_hold_user = false;     // with a password, before an '@': likewise
  std::size_t items_max = 0;      // of a list
  // Says that a list starts: its default goes.
  void (*clear)(Place place) = nullptr;
  // Takes the value, or one item of the list; returns what is wrong with it, or nothing.
  std::string (*take)(std::string_view text, Place place) = nullptr;
  // Looks at a list as a whole, when all its items are taken.
  std::string (*finish)(Place place) = nullptr;
  // The value in force as YAML.
  std::string (*show)(const Config& config, std::size_t feed) = nullptr;
};

// Every key, groups before what is in them.
std::span<const Key> schema();

const Key* find_key(std::string_view path);

// The last part of the path: "disorder" of "stream.disorder".
std::string_view name_of(const Key& key);

// The part before it: "stream"; of a key of the whole file, nothing.
std::string_view group_of(const Key& key);

// The names of the keys directly in a group ("" is the whole file).
std::vector<std::string_view> names_in(std::string_view group);

}  // namespace tapeline::app::config
