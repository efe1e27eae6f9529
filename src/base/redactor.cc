// SPDX-License-Identifier: Apache-2.0
#include "base/redactor.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/percent.h"

namespace tapeline {
namespace {

// Not string_view's find(), which would stop at each first letter.
std::size_t find_form(std::string_view text, std::string_view form, std::size_t from) {
  const void* const at = ::memmem(text.data() + from, text.size() - from, form.data(), form.size());
  if (at == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}

std::string escaped(std::string_view text, std::string_view which) {
  std::string out;
  for (const char c : text) {
    if (which.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

// The hex digits of each %XX in small letters.
std::string with_small_hex(std::string text) {
  for (std::size_t at = text.find('%'); at != std::string::npos; at = text.find('%', at + 1)) {
    for (const std::size_t digit : {at + 1, at + 2}) {
      if (text[digit] >= 'A' && text[digit] <= 'F') {
        text[digit] = static_cast<char>(text[digit] - 'A' + 'a');
      }
    }
  }
  return text;
}

}  // namespace

Redactor::Redactor(const Secret& secret) {
  const std::string& plain = secret.reveal();
  if (plain.size() < kSizeMin) return;
  const std::string percent = percent_encoded(plain);
  forms_ = {plain, percent, with_small_hex(percent), escaped(plain, R"("\)"),
            escaped(plain, R"("\/)")};
  std::sort(forms_.begin(), forms_.end(), [](const auto& a, const auto& b) {
    return std::pair(b.size(), std::string_view(b)) < std::pair(a.size(), std::string_view(a));
  });
  forms_.erase(std::unique(forms_.begin(), forms_.end()), forms_.end());
}

std::string Redactor::text(std::string_view text) const {
  std::string out(text);
  for (const std::string& form : forms_) {
    const std::string_view head = std::string_view(form).substr(0, kSizeMin);
    for (std::size_t at = find_form(out, head, 0); at != std::string::npos;) {
      std::size_t size = head.size();
      while (size < form.size() && at + size < out.size() && out[at + size] == form[size]) ++size;
      out.replace(at, size, Secret::kShown);
      at = find_form(out, head, at + Secret::kShown.size());
    }
  }
  return out;
}

std::optional<std::string> Redactor::bytes(std::string_view bytes) const {
  std::optional<std::string> out;
  for (const std::string& form : forms_) {
    std::size_t at = find_form(out ? *out : bytes, form, 0);
    for (; at != std::string::npos; at = find_form(*out, form, at + form.size())) {
      if (!out) out.emplace(bytes);
      out->replace(at, form.size(), form.size(), '*');
    }
  }
  return out;
}

}  // namespace tapeline
