// SPDX-License-Identifier: Apache-2.0
// The man page, from the same tables as the help.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "app/command_table.h"
#include "app/commands.h"
#include "app/config/schema.h"
#include "app/global_options.h"
#include "app/version.h"

namespace tapeline::app {
namespace {

// Text as man(7) shows it: a backslash, a hyphen that is to be copied, and no line that begins like
// a request.
std::string escaped(std::string_view text) {
  std::string out;
  bool is_line_begin = true;
  for (const char c : text) {
    if (is_line_begin && (c == '.' || c == '\'')) out += "\\&";
    is_line_begin = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

void add_text(std::string& out, std::string_view text) {
  if (text.empty()) return;
  out += escaped(text);
  if (!text.ends_with('\n')) out += '\n';
}

// Lines as they are, without the two blanks that the help has before them.
void add_examples(std::string& out, std::string_view examples) {
  out += ".PP\n.EX\n";
  while (!examples.empty()) {
    const std::size_t end = examples.find('\n');
    std::string_view row = examples.substr(0, end);
    row.remove_prefix(std::min(row.find_first_not_of(' '), row.size()));
    add_text(out, row);
    examples.remove_prefix(end == std::string_view::npos ? examples.size() : end + 1);
  }
  out += ".EE\n";
}

template <typename Option>
void add_option(std::string& out, const Option& option) {
  out += ".TP\n";
  if (!option.short_name.empty()) {
    fmt::format_to(std::back_inserter(out), "\\fB{}\\fR, ", escaped(option.short_name));
  }
  fmt::format_to(std::back_inserter(out), "\\fB{}\\fR", escaped(option.name));
  if (!option.is_flag()) {
    fmt::format_to(std::back_inserter(out), " \\fI{}\\fR", escaped(option.placeholder));
  }
  out += '\n';
  add_text(out, option.help);
}

void add_command(std::string& out, const CommandRow& row) {
  fmt::format_to(std::back_inserter(out), ".SS tapeline {}{}{}\n", escaped(row.name),
                 row.arguments.empty() ? "" : " ", escaped(row.arguments));
  add_text(out, row.about);
  for (const OptionRow& option : row.options()) add_option(out, option);
  if (!row.notes.empty()) {
    out += ".PP\n";
    add_text(out, row.notes);
  }
  add_examples(out, row.examples);
}

void add_list(std::string& out, std::string_view term, std::string_view text) {
  fmt::format_to(std::back_inserter(out), ".TP\n\\fB{}\\fR\n", escaped(term));
  add_text(out, text);
}

void add_world(std::string& out) {
  out += ".SH EXIT STATUS\n";
  add_list(out, "0", "done");
  add_list(out, "1", "it failed while running");
  add_list(out, "2", "wrong use or configuration");
  add_list(out, "3", "a check, comparison or verification found something");
  add_list(
      out, "130",
      "interrupted; for run, record, sim and demo without --duration a signal is the ordinary end, "
      "and they leave with 0");
  out += ".SH ENVIRONMENT\n";
  add_list(out, "TAPELINE_DATA", "the data folder, where --data-dir says none");
  add_list(out, "NO_COLOR", "no colours, whatever its value");
  add_list(out, "TMPDIR", "where a demo makes its temporary data folder (default: /tmp)");
  out += ".SH FILES\n";
  add_list(out, "~/.local/share/tapeline", "the data folder unless another one is given");
}

}  // namespace

std::string man_page() {
  std::string out = fmt::format(
      ".TH TAPELINE 1 \"\" \"Tapeline {}\" \"User Commands\"\n"
      ".SH NAME\n"
      "tapeline \\- a market\\-data pipeline that knows what it missed\n"
      ".SH SYNOPSIS\n"
      "\\fBtapeline\\fR [\\fIOPTION\\fR]... \\fICOMMAND\\fR [\\fIARGUMENT\\fR]...\n"
      ".SH DESCRIPTION\n"
      "Tapeline records the trade feeds of exchanges, makes exact bars of them by event time, "
      "knows\n"
      "which trades it missed, and can prove what it stores.\n"
      ".SH OPTIONS\n"
      "For every command.\n",
      escaped(version_number()));
  for (const GlobalOption& option : global_options()) add_option(out, option);
  out += ".SH COMMANDS\n";
  for (const CommandRow& row : command_table()) add_command(out, row);
  out +=
      ".SH CONFIGURATION\nThe keys of the file that --config names; `tapeline init` writes one.\n";
  for (const config::Key& key : config::schema()) {
    add_list(out, key.path, fmt::format("{} ({})", key.help, key.allowed));
  }
  add_world(out);
  return out;
}

int run_man(const Invocation& invocation) {
  invocation.env.out << man_page();
  return kExitDone;
}

}  // namespace tapeline::app
