// SPDX-License-Identifier: Apache-2.0
// Scripts that complete the command line, made from the tables of commands and options.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/commands.h"
#include "app/values/values.h"

namespace tapeline::app {
namespace {

constexpr std::string_view kGlobalFlags = "--quiet --help";
constexpr std::string_view kGlobalValued = "--config --set --data-dir";
constexpr std::string_view kShells = "bash zsh fish";

enum class Shell : std::uint8_t { kBash, kZsh, kFish };

// What may stand at one place of the command line.
struct Candidates {
  std::string words;
  bool files = false;
};

std::span<const OptionRow> options_of(const CommandRow& row) {
  return row.options == nullptr ? std::span<const OptionRow>() : row.options();
}

std::string words_at(std::string_view group) {
  return fmt::format("{}", fmt::join(words_in(group), " "));
}

std::vector<std::string_view> groups() {
  std::vector<std::string_view> out;
  for (const CommandRow& row : command_table()) {
    const std::string_view group = row.group();
    if (!group.empty() && std::find(out.begin(), out.end(), group) == out.end())
      out.push_back(group);
  }
  return out;
}

// Every option that takes the next word.
std::string valued_options() {
  std::vector<std::string_view> names;
  for (const CommandRow& row : command_table()) {
    for (const OptionRow& option : options_of(row)) {
      if (option.is_flag()) continue;
      for (const std::string_view name : {option.name, option.short_name}) {
        if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
          names.push_back(name);
      }
    }
  }
  return fmt::format("{} {}", kGlobalValued, fmt::join(names, " "));
}

Candidates at_command(const CommandRow& row) {
  Candidates out;
  for (const OptionRow& option : options_of(row)) out.words += std::string(option.name) + ' ';
  out.words += fmt::format("{} {}", kGlobalValued, kGlobalFlags);
  if (row.name == "completion") out.words = fmt::format("{} {}", kShells, out.words);
  out.files = row.arguments.starts_with("INPUT");
  return out;
}

Candidates at_value(const OptionRow& option) {
  const bool is_path = option.placeholder == "FILE" || option.placeholder == "DIR";
  return {std::string(option.words), is_path};
}

// `say(path, option, candidates)` for each place: the words of the command so far, and the option
// whose value comes next, if one does.
template <typename Say>
void for_each_place(Say say) {
  say("", "", Candidates{fmt::format("{} --version {} {}", words_at({}), kGlobalValued, kGlobalFlags)});
  for (const std::string_view group : groups()) {
    say(group, "", Candidates{fmt::format("{} {} {}", words_at(group), kGlobalValued, kGlobalFlags)});
  }
  for (const CommandRow& row : command_table()) {
    say(row.name, "", at_command(row));
    for (const OptionRow& option : options_of(row)) {
      if (option.is_flag()) continue;
      say(row.name, option.name, at_value(option));
      if (!option.short_name.empty()) say(row.name, option.short_name, at_value(option));
    }
  }
}

// Bash and zsh: a function that walks over the words and ends in one table.
std::string posix_script(bool is_zsh) {
  std::string cases;
  for_each_place([&](std::string_view path, std::string_view option, const Candidates& candidates) {
    fmt::format_to(std::back_inserter(cases), "    '{}|{}') list='{}' files={} ;;\n", path, option,
                   candidates.words, candidates.files ? 1 : 0);
  });
  std::string valued = valued_options();
  std::replace(valued.begin(), valued.end(), ' ', '|');
  std::string script = fmt::format(
      "{}_tapeline() {{\n"
      "  local i word path='' option='' list='' files=0\n"
      "  for ((i = {}; i < {}; ++i)); do\n"
      "    word=\"{}\"\n"
      "    case \"$option\" in ?*) option=''; continue ;; esac\n"
      "    case \"$word\" in\n"
      "      {}) option=\"$word\" ;;\n"
      "      -*) ;;\n"
      "      *)\n"
      "        case \"$path\" in\n"
      "          '') path=\"$word\" ;;\n"
      "          {}) path=\"$path $word\" ;;\n"
      "        esac ;;\n"
      "    esac\n"
      "  done\n"
      "  case \"$path|$option\" in\n"
      "{}"
      "    *'|--config' | *'|--data-dir') files=1 ;;\n"
      "  esac\n",
      is_zsh ? "#compdef tapeline\n" : "", is_zsh ? 2 : 1, is_zsh ? "CURRENT" : "COMP_CWORD",
      is_zsh ? "${line[i]}" : "${COMP_WORDS[i]}", valued, fmt::join(groups(), " | "), cases);
  if (is_zsh) {
    const std::size_t at = script.find("  local i");
    script.insert(at, "  local -a line=(\"${words[@]}\")\n");
    script +=
        "  compadd -- ${=list}\n"
        "  ((files)) && _files\n"
        "  return 0\n"
        "}\n"
        "compdef _tapeline tapeline\n";
    return script;
  }
  script +=
      "  mapfile -t COMPREPLY < <(\n"
      "    compgen -W \"$list\" -- \"${COMP_WORDS[COMP_CWORD]}\"\n"
      "    ((files)) && compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\"\n"
      "  )\n"
      "}\n"
      "complete -o filenames -F _tapeline tapeline\n";
  return script;
}

std::string fish_script() {
  std::string out = fmt::format(
      "function __tapeline_place\n"
      "  set -l path\n"
      "  set -l option\n"
      "  for word in (commandline -opc)[2..-1]\n"
      "    if test -n \"$option\"\n"
      "      set option\n"
      "      continue\n"
      "    end\n"
      "    switch $word\n"
      "      case {}\n"
      "        set option $word\n"
      "      case '-*'\n"
      "      case '*'\n"
      "        switch \"$path\"\n"
      "          case ''\n"
      "            set path $word\n"
      "          case {}\n"
      "            set path \"$path $word\"\n"
      "        end\n"
      "    end\n"
      "  end\n"
      "  echo \"$path|$option\"\n"
      "end\n"
      "complete -c tapeline -f\n",
      valued_options(), fmt::join(groups(), " "));
  const auto add = [&](std::string_view place, const Candidates& candidates) {
    if (candidates.words.empty() && !candidates.files) return;
    fmt::format_to(std::back_inserter(out), "complete -c tapeline -n 'test \"$(__tapeline_place)\" = \"{}\"'", place);
    if (candidates.files) out += " -F";
    if (!candidates.words.empty()) fmt::format_to(std::back_inserter(out), " -a '{}'", candidates.words);
    out += '\n';
  };
  for_each_place([&](std::string_view path, std::string_view option, const Candidates& candidates) {
    add(fmt::format("{}|{}", path, option), candidates);
    if (!option.empty()) return;
    for (const std::string_view global : {"--config", "--data-dir"}) {
      add(fmt::format("{}|{}", path, global), {{}, true});
    }
  });
  return out;
}

}  // namespace

int run_completion(const Invocation& invocation) {
  constexpr std::array<std::pair<std::string_view, Shell>, 3> kTable{
      {{"bash", Shell::kBash}, {"zsh", Shell::kZsh}, {"fish", Shell::kFish}}};
  const auto& [line, checked, settings, env] = invocation;
  if (line.inputs.size() != 1) {
    return say_mistakes({"completion: say for which shell: bash, zsh or fish"}, env);
  }
  const auto shell = values::read_word(line.inputs.front(), kTable);
  if (!shell) return say_mistakes({"completion: " + shell.error()}, env);
  env.out << (*shell == Shell::kFish ? fish_script() : posix_script(*shell == Shell::kZsh));
  return kExitDone;
}

}  // namespace tapeline::app
