// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.h"

#include <fmt/ranges.h>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <string_view>
#include <utility>

#include "app/command_table.h"
#include "app/global_options.h"
#include "app/values/nearest.h"
#include "app/values/text.h"
#include "app/values/values.h"

namespace tapeline::app {
namespace {

tl::unexpected<std::string> wrong(std::string text) { return tl::make_unexpected(std::move(text)); }

bool is_flag(std::string_view name) {
  const auto globals = global_options();
  if (std::any_of(globals.begin(), globals.end(), [&](const GlobalOption& option) {
        return option.is_flag() && option.name == name;
      })) {
    return true;
  }
  const auto rows = command_table();
  return std::any_of(rows.begin(), rows.end(), [&](const CommandRow& command) {
    const auto options = command.options();
    return std::any_of(options.begin(), options.end(),
                       [&](const OptionRow& row) { return row.is_flag() && row.name == name; });
  });
}

// "journal import" of its group and verb.
std::string joined(std::string_view group, std::string_view word) {
  return group.empty() ? std::string(word) : fmt::format("{} {}", group, word);
}

// CLI11 finds which word belongs to which option; rules and sentences are ours, so nothing is
// required there, and inputs and everything unknown are left over. What follows "--" it never sees:
// it would forget the mark behind the first input.
class Parser {
 public:
  Parser() : app_("", "tapeline") {
    app_.set_help_flag();
    app_.allow_extras();
    app_.require_subcommand(0, 1);
    app_.add_flag("-h,--help", line_.help);
    app_.add_flag("--version", line_.version);
    app_.add_flag("--quiet", line_.quiet);
    add_list(app_, "--config", configs_);
    add_list(app_, "--data-dir", data_dirs_);
    add_list(app_, "--log-level", log_levels_);
    add_list(app_, "--log-format", log_formats_);
    add_list(app_, "--set", line_.sets);
    for (const CommandRow& row : command_table()) add_command(row);
  }

  tl::expected<CommandLine, std::string> run(const std::vector<std::string>& args) {
    const auto end = std::find(args.begin(), args.end(), "--");
    const std::vector<std::string> words(args.begin(), end);
    if (auto mistake = equals_mistake(words); !mistake.empty()) return wrong(std::move(mistake));
    try {
      app_.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // taken from the back
    } catch (const CLI::ArgumentMismatch& e) {
      const std::string_view text = e.what();  // "--config: 1 required TEXT missing"
      return wrong(std::string(text.substr(0, text.find(':'))) + ": needs a value");
    } catch (const CLI::ParseError& e) {
      return wrong(e.what());
    }
    for (const auto& [group, app] : groups_) {
      if (app->parsed()) line_.group = group;
    }
    for (const Added& added : added_) {
      if (added.app->parsed()) line_.command = added.row;
    }
    for (const std::string& word : app_.remaining(true)) {
      if (word.size() > 1 && word.front() == '-') {
        return wrong(unknown_option(word.substr(0, word.find('='))));
      }
      if (auto mistake = take_word(word); !mistake.empty()) return wrong(std::move(mistake));
    }
    for (auto word = end == args.end() ? end : end + 1; word != args.end(); ++word) {
      if (auto mistake = take_word(*word); !mistake.empty()) return wrong(std::move(mistake));
    }
    return finish();
  }

 private:
  struct Added {
    const CommandRow* row = nullptr;
    CLI::App* app = nullptr;
    std::vector<std::vector<std::string>> texts;  // of each option
    std::vector<std::size_t> flags;               // how often each was given
  };

  // One value each time the option is given: a second word is the next input.
  static void add_list(CLI::App& app, const std::string& names, std::vector<std::string>& texts) {
    app.add_option(names, texts)->allow_extra_args(false);
  }

  void add_command(const CommandRow& row) {
    CLI::App* parent = &app_;
    if (const std::string group(row.group()); !group.empty()) {
      CLI::App*& known = groups_[group];
      // Global options may stand behind the command too.
      if (known == nullptr) {
        known = app_.add_subcommand(group)->fallthrough();
        known->require_subcommand(0, 1);
      }
      parent = known;
    }
    Added& added = added_.emplace_back();
    added.row = &row;
    added.app = parent->add_subcommand(std::string(row.verb()))->fallthrough();
    added.app->require_subcommand(0, 0);
    const auto options = row.options();
    added.texts.resize(options.size());
    added.flags.resize(options.size());
    for (std::size_t i = 0; i < options.size(); ++i) {
      const std::string name(options[i].name);
      const std::string names =
          options[i].short_name.empty() ? name : std::string(options[i].short_name) + "," + name;
      if (options[i].is_flag()) {
        added.app->add_flag(names, added.flags[i]);
      } else {
        add_list(*added.app, names, added.texts[i]);
      }
    }
  }

  // `--output= x` would take the next word, and `--quiet=5` would count.
  static std::string equals_mistake(const std::vector<std::string>& words) {
    for (const std::string& arg : words) {
      const std::size_t equals = arg.find('=');
      if (!arg.starts_with("--") || equals == std::string::npos) continue;
      const std::string name = arg.substr(0, equals);
      if (is_flag(name)) return name + ": takes no value";
      if (equals + 1 == arg.size()) return values::printable(name) + ": needs a value";
    }
    return {};
  }

  // A word that belongs to no option. CLI11 must not know the inputs: it would split "[a,b]".
  std::string take_word(const std::string& word) {
    if (line_.command != nullptr) {
      if (line_.command->arguments.empty()) return "unexpected argument " + values::quoted(word);
      line_.inputs.push_back(word);
      return {};
    }
    if (word == "help") {
      line_.help = true;
      return {};
    }
    const auto known = words_in(line_.group);
    const std::string hint = values::did_you_mean(word, known);
    return "unknown command " + values::quoted(joined(line_.group, word)) +
           (hint.empty() ? fmt::format(" (known: {})", fmt::join(known, ", ")) : hint);
  }

  [[nodiscard]] std::string unknown_option(const std::string& word) const {
    std::vector<std::string_view> names;
    for (const GlobalOption& option : global_options()) names.push_back(option.name);
    std::string page = joined(line_.group, "--help");
    if (line_.command != nullptr) {
      for (const OptionRow& row : line_.command->options()) names.push_back(row.name);
      page = joined(line_.command->name, "--help");
    }
    // "-quiet" is near "--quiet", while "-x" is near everything.
    const std::string hint = word.size() > 2 ? values::did_you_mean(word, names) : std::string();
    return "unknown option " + values::quoted(word) +
           (hint.empty() ? fmt::format(" (see tapeline {})", page) : hint);
  }

  // The one value of an option that takes a path.
  static std::string take_path(std::string_view name, std::vector<std::string>& texts,
                               std::string& to) {
    if (texts.empty()) return {};
    if (texts.size() > 1) return fmt::format("{}: given more than once", name);
    to = std::move(texts.front());
    return to.empty() ? fmt::format("{}: needs a path", name) : std::string();
  }

  // The same of an option that takes a word of a table.
  template <typename Table, typename T>
  static std::string take_word_of(const Table& table, std::string_view name,
                                  const std::vector<std::string>& texts, T& to) {
    if (texts.empty()) return {};
    if (texts.size() > 1) return fmt::format("{}: given more than once", name);
    const auto value = values::read_word(texts.front(), table);
    if (!value) return fmt::format("{}: {}", name, value.error());
    to = *value;
    return {};
  }

  tl::expected<CommandLine, std::string> finish() {
    std::string mistake = take_path("--config", configs_, line_.config_file);
    if (mistake.empty()) mistake = take_path("--data-dir", data_dirs_, line_.data_dir);
    if (mistake.empty()) {
      mistake = take_word_of(kLogLevels, "--log-level", log_levels_, line_.log_level);
    }
    if (mistake.empty()) {
      mistake = take_word_of(kLogFormats, "--log-format", log_formats_, line_.log_format);
    }
    if (!mistake.empty()) return wrong(std::move(mistake));
    for (Added& added : added_) {
      const auto options = added.row->options();
      for (std::size_t i = 0; i < options.size(); ++i) {
        const OptionRow& row = options[i];
        if (added.flags[i] > 0) line_.options.push_back({&row, {""}});
        if (added.texts[i].empty()) continue;
        if (row.times == Times::kOnce && added.texts[i].size() > 1) {
          return wrong(std::string(row.name) + ": given more than once");
        }
        line_.options.push_back({&row, std::move(added.texts[i])});
      }
    }
    return std::move(line_);
  }

  CommandLine line_;
  CLI::App app_;
  std::map<std::string, CLI::App*> groups_;
  std::deque<Added> added_;  // CLI11 keeps references into it
  std::vector<std::string> configs_;
  std::vector<std::string> data_dirs_;
  std::vector<std::string> log_levels_;
  std::vector<std::string> log_formats_;
};

}  // namespace

tl::expected<CommandLine, std::string> parse_command_line(const std::vector<std::string>& args) {
  return Parser().run(args);
}

}  // namespace tapeline::app
