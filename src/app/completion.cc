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
#include "app/global_options.h"
#include "app/values/values.h"

namespace tapeline::app {
namespace {

constexpr std::string_view kShells = "bash zsh fish";

enum class Shell : std::uint8_t { kBash, kZsh, kFish };

// What may stand at one place of the command line.
struct Candidates {
  std::string words;
  bool files = false;
};

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

// The options of every command.
std::vector<std::string_view> anywhere() {
  std::vector<std::string_view> names;
  for (const GlobalOption& option : global_options()) {
    if (!option.needs_no_command) names.push_back(option.name);
  }
  return names;
}

// Every option that takes the next word.
std::string valued_options() {
  std::vector<std::string_view> names;
  for (const GlobalOption& option : global_options()) {
    if (!option.is_flag()) names.push_back(option.name);
  }
  for (const CommandRow& row : command_table()) {
    for (const OptionRow& option : row.options()) {
      if (option.is_flag()) continue;
      for (const std::string_view name : {option.name, option.short_name}) {
        if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
          names.push_back(name);
      }
    }
  }
  return fmt::format("{}", fmt::join(names, " "));
}

Candidates at_command(const CommandRow& row) {
  Candidates out;
  for (const OptionRow& option : row.options()) out.words += std::string(option.name) + ' ';
  out.words += fmt::format("{}", fmt::join(anywhere(), " "));
  if (row.name == "completion") out.words = fmt::format("{} {}", kShells, out.words);
  out.files = row.arguments.starts_with("INPUT");
  return out;
}

Candidates at_value(const OptionRow& option, const std::vector<std::string>& venues) {
  if (option.placeholder == "VENUE") return {fmt::format("{}", fmt::join(venues, " ")), false};
  const bool is_path = option.placeholder == "FILE" || option.placeholder == "DIR";
  return {std::string(option.words), is_path};
}

Candidates at_value(const GlobalOption& option) {
  return {std::string(option.words), option.is_path()};
}

// `say(path, option, candidates)` for each place: the words of the command so far, and the option
// whose value comes next, if one does.
template <typename Say>
void for_each_place(const std::vector<std::string>& venues, Say say) {
  say("", "", Candidates{fmt::format("{} --version {}", words_at({}), fmt::join(anywhere(), " "))});
  for (const std::string_view group : groups()) {
    say(group, "", Candidates{fmt::format("{} {}", words_at(group), fmt::join(anywhere(), " "))});
  }
  for (const CommandRow& row : command_table()) {
    say(row.name, "", at_command(row));
    for (const OptionRow& option : row.options()) {
      if (option.is_flag()) continue;
      say(row.name, option.name, at_value(option, venues));
      if (!option.short_name.empty()) say(row.name, option.short_name, at_value(option, venues));
    }
  }
}

// Bash and zsh: a function that walks over the words and ends in one table.
std::string posix_script(bool is_zsh, const std::vector<std::string>& venues) {
  std::string cases;
  for_each_place(venues,
                 [&](std::string_view path, std::string_view option, const Candidates& candidates) {
                   fmt::format_to(std::back_inserter(cases), "    '{}|{}') list='{}' files={} ;;\n",
                                  path, option, candidates.words, candidates.files ? 1 : 0);
                 });
  for (const GlobalOption& option : global_options()) {
    if (option.is_flag()) continue;
    const Candidates candidates = at_value(option);
    fmt::format_to(std::back_inserter(cases), "    *'|{}') list='{}' files={} ;;\n", option.name,
                   candidates.words, candidates.files ? 1 : 0);
  }
  std::string valued = valued_options();
  std::replace(valued.begin(), valued.end(), ' ', '|');
  std::string script = fmt::format(
      "{}_tapeline() {{\n"
      "  local i word place='' option='' list='' files=0\n"
      "  for ((i = {}; i < ${{#line[@]}}{}; ++i)); do\n"
      "    word=\"${{line[i]}}\"\n"
      "    case \"$option\" in ?*) option=''; continue ;; esac\n"
      "    case \"$word\" in\n"
      "      {}) option=\"$word\" ;;\n"
      "      -*) ;;\n"
      "      *)\n"
      "        case \"$place\" in\n"
      "          '') place=\"$word\" ;;\n"
      "          {}) place=\"$place $word\" ;;\n"
      "        esac ;;\n"
      "    esac\n"
      "  done\n"
      "  case \"$current\" in --*=*) option=\"${{current%%=*}}\" current=\"${{current#*=}}\" ;; "
      "esac\n"
      "  case \"$place|$option\" in\n"
      "{}"
      "  esac\n",
      is_zsh ? "#compdef tapeline\n" : "", is_zsh ? 2 : 1, is_zsh ? "" : " - 1", valued,
      fmt::join(groups(), " | "), cases);
  if (is_zsh) {
    script.insert(script.find("  local i"),
                  "  local current=\"${words[CURRENT]}\"\n"
                  "  local -a line=(\"${(@)words[1,CURRENT]}\")\n");
    script +=
        "  case \"${words[CURRENT]}\" in --*=*) compset -P '*=' ;; esac\n"
        "  compadd -- ${=list}\n"
        "  ((files)) && _files\n"
        "  return 0\n"
        "}\n"
        "compdef _tapeline tapeline\n";
    return script;
  }
  // Bash cuts words at = and : too; the line says where the blanks are.
  script.insert(script.find("  local i"),
                "  local typed=\"${COMP_LINE:0:COMP_POINT}\" current\n"
                "  local -a line\n"
                "  read -ra line <<<\"$typed\"\n"
                "  case \"$typed\" in *[[:blank:]]) line+=('') ;; esac\n"
                "  current=\"${line[-1]}\"\n");
  script +=
      "  mapfile -t COMPREPLY < <(\n"
      "    compgen -W \"$list\" -- \"$current\"\n"
      "    ((files)) && compgen -f -- \"$current\"\n"
      "  )\n"
      "}\n"
      "complete -o filenames -F _tapeline tapeline\n";
  return script;
}

std::string fish_script(const std::vector<std::string>& venues) {
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
    fmt::format_to(std::back_inserter(out),
                   "complete -c tapeline -n 'test \"$(__tapeline_place)\" = \"{}\"'", place);
    if (candidates.files) out += " -F";
    if (!candidates.words.empty())
      fmt::format_to(std::back_inserter(out), " -a '{}'", candidates.words);
    out += '\n';
  };
  for_each_place(venues,
                 [&](std::string_view path, std::string_view option, const Candidates& candidates) {
                   add(fmt::format("{}|{}", path, option), candidates);
                   if (!option.empty()) return;
                   for (const GlobalOption& global : global_options()) {
                     if (!global.is_flag()) {
                       add(fmt::format("{}|{}", path, global.name), at_value(global));
                     }
                   }
                 });
  return out;
}

}  // namespace

int run_completion(const Invocation& invocation) {
  constexpr std::array<std::pair<std::string_view, Shell>, 3> kTable{
      {{"bash", Shell::kBash}, {"zsh", Shell::kZsh}, {"fish", Shell::kFish}}};
  const auto& [line, checked, settings, env, log] = invocation;
  if (line.inputs.size() != 1) {
    return say_mistakes({"completion: say for which shell: bash, zsh or fish"}, env);
  }
  const auto shell = values::read_word(line.inputs.front(), kTable);
  if (!shell) return say_mistakes({"completion: " + shell.error()}, env);
  env.out << (*shell == Shell::kFish ? fish_script(env.venues)
                                     : posix_script(*shell == Shell::kZsh, env.venues));
  return kExitDone;
}

}  // namespace tapeline::app
