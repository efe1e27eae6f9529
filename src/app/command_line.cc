// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "app/values/nearest.h"
#include "app/values/text.h"

namespace tapeline::app {
namespace {

constexpr std::array<std::string_view, 2> kCommands{"replay", "check"};
constexpr std::array<std::string_view, 5> kGlobalOptions{"--config", "--set", "--quiet", "--help",
                                                         "--version"};

tl::unexpected<std::string> wrong(std::string text) { return tl::make_unexpected(std::move(text)); }
constexpr std::array<std::string_view, 4> kFlags{"--quiet", "--help", "--version", "--show"};

// CLI11 finds which word belongs to which option; rules and sentences are ours, so nothing is
// required there, and inputs and everything unknown are left over. What follows "--" it never sees:
// it would forget the mark behind the first input.
class Parser {
 public:
  Parser() : app_("", "tapeline"), texts_(replay_option_table().size()) {
    app_.set_help_flag();
    app_.allow_extras();
    app_.require_subcommand(0, 1);
    app_.add_flag("-h,--help", line_.help);
    app_.add_flag("--version", line_.version);
    app_.add_flag("--quiet", line_.quiet);
    add_list(app_, "--config", configs_);
    add_list(app_, "--set", line_.sets);
    // Global options may stand behind the command too.
    replay_ = app_.add_subcommand("replay")->fallthrough();
    check_ = app_.add_subcommand("check")->fallthrough();
    check_->add_flag("--show", line_.show);
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      const OptionRow& row = replay_option_table()[i];
      const std::string names = row.short_name.empty()
                                    ? std::string(row.name)
                                    : std::string(row.short_name) + "," + std::string(row.name);
      add_list(*replay_, names, texts_[i]);
    }
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
    if (replay_->parsed()) line_.command = Command::kReplay;
    if (check_->parsed()) line_.command = Command::kCheck;
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
  // One value each time the option is given: a second word is the next input.
  static void add_list(CLI::App& app, const std::string& names, std::vector<std::string>& texts) {
    app.add_option(names, texts)->allow_extra_args(false);
  }

  // `--output= x` would take the next word, and `--quiet=5` would count.
  static std::string equals_mistake(const std::vector<std::string>& words) {
    for (const std::string& arg : words) {
      const std::size_t equals = arg.find('=');
      if (!arg.starts_with("--") || equals == std::string::npos) continue;
      const std::string name = arg.substr(0, equals);
      if (std::find(kFlags.begin(), kFlags.end(), name) != kFlags.end()) {
        return name + ": takes no value";
      }
      if (equals + 1 == arg.size()) return values::printable(name) + ": needs a value";
    }
    return {};
  }

  // A word that belongs to no option. CLI11 must not know the inputs: it would split "[a,b]".
  std::string take_word(const std::string& word) {
    switch (line_.command) {
      case Command::kReplay:
        line_.inputs.push_back(word);
        return {};
      case Command::kCheck:
        return "unexpected argument " + values::quoted(word);
      case Command::kNone:
        break;
    }
    const std::string hint = values::did_you_mean(word, kCommands);
    return "unknown command " + values::quoted(word) +
           (hint.empty() ? " (known: replay, check)" : hint);
  }

  [[nodiscard]] std::string unknown_option(const std::string& word) const {
    std::vector<std::string_view> names(kGlobalOptions.begin(), kGlobalOptions.end());
    if (line_.command == Command::kCheck) names.emplace_back("--show");
    if (line_.command == Command::kReplay) {
      for (const OptionRow& row : replay_option_table()) names.push_back(row.name);
    }
    // "-quiet" is near "--quiet", while "-x" is near everything.
    const std::string hint = word.size() > 2 ? values::did_you_mean(word, names) : std::string();
    const std::string_view page =
        line_.command == Command::kReplay  ? " (see tapeline replay --help)"
        : line_.command == Command::kCheck ? " (see tapeline check --help)"
                                           : " (see tapeline --help)";
    return "unknown option " + values::quoted(word) + (hint.empty() ? std::string(page) : hint);
  }

  tl::expected<CommandLine, std::string> finish() {
    if (configs_.size() > 1) return wrong("--config: given more than once");
    if (!configs_.empty()) {
      line_.config_file = configs_.front();
      if (line_.config_file.empty()) return wrong("--config: needs a path");
    }
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      if (texts_[i].empty()) continue;
      const OptionRow& row = replay_option_table()[i];
      if (row.times == Times::kOnce && texts_[i].size() > 1) {
        return wrong(std::string(row.name) + ": given more than once");
      }
      line_.options.push_back({&row, std::move(texts_[i])});
    }
    return std::move(line_);
  }

  CommandLine line_;
  CLI::App app_;
  CLI::App* replay_ = nullptr;
  CLI::App* check_ = nullptr;
  std::vector<std::string> configs_;
  std::vector<std::vector<std::string>> texts_;  // one for each row of the table
};

}  // namespace

tl::expected<CommandLine, std::string> parse_command_line(const std::vector<std::string>& args) {
  return Parser().run(args);
}

}  // namespace tapeline::app
