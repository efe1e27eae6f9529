// SPDX-License-Identifier: Apache-2.0
#include "reference/json_reference.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace tapeline::reference {
namespace {

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) -> std::uint32_t {
      return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0;
    };
    std::size_t length = 1;
    std::uint32_t code = byte(0);
    std::uint32_t least = 0;
    if (code >= 0xF0 && code < 0xF8) {
      length = 4, code &= 0x07, least = 0x10000;
    } else if (code >= 0xE0 && code < 0xF0) {
      length = 3, code &= 0x0F, least = 0x800;
    } else if (code >= 0xC0 && code < 0xE0) {
      length = 2, code &= 0x1F, least = 0x80;
    } else if (code >= 0x80) {
      return false;
    }
    for (std::size_t i = 1; i < length; ++i) {
      if ((byte(i) & 0xC0) != 0x80) return false;
      code = (code << 6) | (byte(i) & 0x3F);
    }
    if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
    at += length;
  }
  return true;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
    return;
  }
  if (code < 0x800) {
    put(0xC0 | (code >> 6));
  } else {
    if (code < 0x10000) {
      put(0xE0 | (code >> 12));
    } else {
      put(0xF0 | (code >> 18));
      put(0x80 | ((code >> 12) & 0x3F));
    }
    put(0x80 | ((code >> 6) & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

class JsonText {
 public:
  explicit JsonText(std::string_view text) : text_(text) {}

  std::optional<Json> document() {
    auto value = this->value(0);
    skip_blanks();
    if (!value || at_ != text_.size()) return std::nullopt;
    return value;
  }

 private:
  [[nodiscard]] char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void skip_blanks() {
    while (take(' ') || take('\t') || take('\n') || take('\r')) {
    }
  }

  std::optional<Json> value(int depth) {
    skip_blanks();
    if (depth > kReferenceDepthMax) return std::nullopt;
    if (next() == '{') return object(depth);
    if (next() == '[') return array(depth);
    if (next() == '"') return string();
    Json word;
    if (take("null")) return word;
    word.kind = JsonKind::kTrue;
    if (take("true")) return word;
    word.kind = JsonKind::kFalse;
    if (take("false")) return word;
    return number();
  }

  std::optional<Json> object(int depth) {
    Json out;
    out.kind = JsonKind::kObject;
    take('{');
    skip_blanks();
    if (take('}')) return out;
    do {
      skip_blanks();
      auto name = string();
      skip_blanks();
      if (!name || !take(':')) return std::nullopt;
      auto inner = value(depth + 1);
      if (!inner) return std::nullopt;
      out.depth = std::max(out.depth, inner->depth + 1);
      out.names.push_back(std::move(name->text));
      out.elements.push_back(std::move(*inner));
      skip_blanks();
    } while (take(','));
    if (!take('}')) return std::nullopt;
    return out;
  }

  std::optional<Json> array(int depth) {
    Json out;
    out.kind = JsonKind::kArray;
    take('[');
    skip_blanks();
    if (take(']')) return out;
    do {
      auto inner = value(depth + 1);
      if (!inner) return std::nullopt;
      out.depth = std::max(out.depth, inner->depth + 1);
      out.elements.push_back(std::move(*inner));
      skip_blanks();
    } while (take(','));
    if (!take(']')) return std::nullopt;
    return out;
  }

  bool digits() {
    const std::size_t start = at_;
    while (next() >= '0' && next() <= '9') ++at_;
    return at_ != start;
  }

  std::optional<Json> number() {
    const std::size_t start = at_;
    take('-');
    if (!take('0') && !digits()) return std::nullopt;
    if (take('.') && !digits()) return std::nullopt;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!digits()) return std::nullopt;
    }
    Json out;
    out.kind = JsonKind::kNumber;
    out.text = text_.substr(start, at_ - start);
    return out;
  }

  std::optional<Json> string() {
    if (!take('"')) return std::nullopt;
    Json out;
    out.kind = JsonKind::kString;
    while (!take('"')) {
      if (at_ >= text_.size() || static_cast<unsigned char>(next()) < 0x20) return std::nullopt;
      if (!take('\\')) {
        out.text += text_[at_++];
      } else if (!escape(out.text)) {
        return std::nullopt;
      }
    }
    return out;
  }

  bool escape(std::string& out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    if (take('u')) return unicode(out);
    const auto which = kNames.find(next());
    if (at_ >= text_.size() || which == std::string_view::npos) return false;
    ++at_;
    out += kMeant[which];
    return true;
  }

  bool unicode(std::string& out) {
    auto code = hex();
    if (!code || (*code >= 0xDC00 && *code <= 0xDFFF)) return false;
    if (*code >= 0xD800 && *code <= 0xDBFF) {
      if (!take("\\u")) return false;
      const auto low = hex();
      if (!low || *low < 0xDC00 || *low > 0xDFFF) return false;
      code = 0x10000 + (*code - 0xD800) * 0x400 + (*low - 0xDC00);
    }
    append_utf8(out, *code);
    return true;
  }

  std::optional<std::uint32_t> hex() {
    constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i) {
      const auto which = kDigits.find(next());
      if (at_ >= text_.size() || which == std::string_view::npos) return std::nullopt;
      ++at_;
      code = code * 16 + static_cast<std::uint32_t>(which < 16 ? which : which - 6);
    }
    return code;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

const Json* Json::find(std::string_view name) const {
  const auto at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? nullptr : &elements[static_cast<std::size_t>(at - names.begin())];
}

std::optional<Json> read_json(std::string_view text) {
  if (!is_utf8(text)) return std::nullopt;
  return JsonText(text).document();
}

}  // namespace tapeline::reference
