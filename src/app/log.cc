// SPDX-License-Identifier: Apache-2.0
#include "app/log.h"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>

#include <iterator>
#include <mutex>
#include <span>
#include <string>

#include "app/repeat_limit.h"
#include "base/json_text.h"

namespace tapeline::app {
namespace {

std::string_view name_of(LogLevel level) {
  return kLogLevels[static_cast<std::size_t>(level)].first;
}

spdlog::level::level_enum severity_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      return spdlog::level::off;
  }
  return spdlog::level::off;
}

std::string_view colour_of(LogLevel level) {
  switch (level) {
    case LogLevel::kWarn:
      return "\x1b[33m";
    case LogLevel::kError:
      return "\x1b[31m";
    default:
      return "\x1b[2m";
  }
}

std::string cut(std::string_view text) {
  if (text.size() <= kLogTextBytesMax) return std::string(text);
  return std::string(text.substr(0, kLogTextBytesMax)) + "...";
}

// Everything that is no printable ASCII as \xNN: a terminal obeys more than the C0 characters.
void append_escaped(std::string& out, std::string_view text, std::string_view also_escaped) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7e) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      if (also_escaped.find(c) != std::string_view::npos) out.push_back('\\');
      out.push_back(c);
    }
  }
}

void append_value(std::string& out, std::string_view text) {
  const auto is_plain = [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; };
  bool is_word = !text.empty() && text.find('=') == std::string_view::npos;
  for (const char c : text) is_word = is_word && is_plain(c);
  if (is_word) {
    out += text;
    return;
  }
  out.push_back('"');
  append_escaped(out, text, "\"\\");
  out.push_back('"');
}

// JSON itself allows U+007F to U+009F as they are.
void append_json(std::string& out, std::string_view text) {
  std::string quoted;
  append_json_text(quoted, text);
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    const auto byte = static_cast<unsigned char>(quoted[i]);
    const unsigned next = i + 1 < quoted.size() ? static_cast<unsigned char>(quoted[i + 1]) : 0;
    if (byte == 0x7f) {
      out += "\\u007f";
    } else if (byte == 0xc2 && next < 0xa0) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", next);
      ++i;
    } else {
      out.push_back(quoted[i]);
    }
  }
}

class SpdLog final : public Log {
 public:
  SpdLog(std::ostream& to, const Clock& clock, const LogOptions& options)
      : to_(to),
        clock_(clock),
        options_(options),
        logger_("", std::make_shared<spdlog::sinks::ostream_sink_st>(to, true)) {
    logger_.set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
    logger_.set_level(severity_of(options.level));
    logger_.set_error_handler([](const std::string& /*why*/) {});
  }

  ~SpdLog() override { tell_withheld(clock_.monotonic_ns() + RepeatLimit::kWindow.count()); }
  SpdLog(const SpdLog&) = delete;
  SpdLog& operator=(const SpdLog&) = delete;

  void write(LogLevel level, std::string_view message, std::span<const LogField> fields) override {
    if (!logger_.should_log(severity_of(level)) || level == LogLevel::kOff) return;
    const std::lock_guard lock(mutex_);
    const std::int64_t now_ns = clock_.monotonic_ns();
    tell_withheld(now_ns);
    if (limit_.admits(level, message, now_ns)) put(level, message, fields);
  }

 private:
  void tell_withheld(std::int64_t now_ns) {
    for (const RepeatLimit::Withheld& withheld : limit_.take_ended(now_ns)) {
      const LogField count("repeated", withheld.count);
      put(withheld.level, withheld.message, {&count, 1});
    }
  }

  void put(LogLevel level, std::string_view message, std::span<const LogField> fields) {
    const std::string line = options_.format == LogFormat::kJson
                                 ? json_line(level, message, fields)
                                 : text_line(level, message, fields);
    to_.clear();  // one line that could not be written must not lose all that follow
    logger_.log(severity_of(level), spdlog::string_view_t(line.data(), line.size()));
  }

  [[nodiscard]] std::string text_line(LogLevel level, std::string_view message,
                                      std::span<const LogField> fields) const {
    std::string line = format_rfc3339(clock_.wall().unix_ns());
    line += ' ';
    if (options_.has_colour) line += colour_of(level);
    line += name_of(level);
    if (options_.has_colour) line += "\x1b[0m";
    line += ' ';
    append_escaped(line, cut(message), "");
    for (const LogField& field : fields) {
      line.append(" ").append(field.key()).append("=");
      append_value(line, cut(field.text()));
    }
    return line;
  }

  [[nodiscard]] std::string json_line(LogLevel level, std::string_view message,
                                      std::span<const LogField> fields) const {
    std::string line = fmt::format(R"({{"time":"{}","level":"{}","message":)",
                                   format_rfc3339(clock_.wall().unix_ns()), name_of(level));
    append_json(line, cut(message));
    for (const LogField& field : fields) {
      line += ',';
      append_json(line, field.key());
      line += ':';
      if (field.is_bare()) {
        line += field.text();
      } else {
        append_json(line, cut(field.text()));
      }
    }
    line += '}';
    return line;
  }

  std::ostream& to_;
  const Clock& clock_;
  const LogOptions options_;
  std::mutex mutex_;
  RepeatLimit limit_;      // guarded by mutex_
  spdlog::logger logger_;  // likewise, but for its level
};

}  // namespace

std::unique_ptr<Log> make_log(std::ostream& to, const Clock& clock, const LogOptions& options) {
  return std::make_unique<SpdLog>(to, clock, options);
}

}  // namespace tapeline::app
