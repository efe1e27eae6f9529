// SPDX-License-Identifier: Apache-2.0
#include "app/config/schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/config/keys.h"

namespace tapeline::app::config {
namespace {

constexpr Key kDataDir =
    Key{.path = "data_dir",
        .type = "a path",
        .allowed = "any text",
        .help = "the folder of journal and store",
        .take = [](std::string_view t, Place p) { return store_text(t, p.config.data_dir); },
        .show = [](const Config& c, std::size_t) { return c.data_dir; }};

std::vector<Key> all_keys() {
  std::vector<Key> keys{kDataDir};
  for (const auto group : {feed_keys(), journal_keys(), stream_keys(), server_keys()}) {
    keys.insert(keys.end(), group.begin(), group.end());
  }
  return keys;
}

}  // namespace

std::string store_text(std::string_view text, std::string& to) {
  if (text.empty()) return "must not be empty";
  if (text.size() > kTextSizeMax) return fmt::format("longer than {} bytes", kTextSizeMax);
  if (text.find('\0') != std::string_view::npos) return "must not hold a NUL byte";
  to = text;
  return {};
}

std::string home_of(Place place) {
  const auto& variable = place.surroundings.variable;
  return variable ? variable("HOME") : std::string();
}

values::Value<std::optional<std::uint64_t>> read_size_unless(std::string_view word,
                                                             std::string_view text,
                                                             values::SizeRange range) {
  return values::read_unless(
      word, text, [range](std::string_view size) { return values::read_size(size, range); });
}

std::string show_texts(const std::vector<std::string>& texts) {
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string show_text(const std::string& text) { return text.empty() ? "\"\"" : text; }

std::string show_size(std::optional<std::uint64_t> bytes, std::string_view otherwise) {
  return bytes ? values::format_size(*bytes) : std::string(otherwise);
}

std::string show_secret(const Secret& secret) {
  return secret.empty() ? "\"\"" : fmt::to_string(secret);
}

std::span<const Key> schema() {
  static const std::vector<Key> keys = all_keys();
  return keys;
}

const Key* find_key(std::string_view path) {
  for (const Key& key : schema()) {
    if (key.path == path) return &key;
  }
  return nullptr;
}

std::string_view name_of(const Key& key) {
  const std::size_t dot = key.path.rfind('.');
  return dot == std::string_view::npos ? key.path : key.path.substr(dot + 1);
}

std::string_view group_of(const Key& key) {
  const std::size_t dot = key.path.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : key.path.substr(0, dot);
}

std::vector<std::string_view> names_in(std::string_view group) {
  std::vector<std::string_view> names;
  for (const Key& key : schema()) {
    if (group_of(key) == group) names.push_back(name_of(key));
  }
  return names;
}

}  // namespace tapeline::app::config
