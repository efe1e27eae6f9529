// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/command_table.h"

namespace tapeline::app {

// Each returns the exit status of the process.
int run_audit(const Invocation& invocation);
int run_check(const Invocation& invocation);
int run_completion(const Invocation& invocation);
int run_demo(const Invocation& invocation);
int run_explain(const Invocation& invocation);
int run_init(const Invocation& invocation);
int run_instruments(const Invocation& invocation);
int run_journal_cat(const Invocation& invocation);
int run_journal_check(const Invocation& invocation);
int run_journal_import(const Invocation& invocation);
int run_journal_ls(const Invocation& invocation);
int run_journal_seal(const Invocation& invocation);
int run_man(const Invocation& invocation);
int run_record(const Invocation& invocation);
int run_replay(const Invocation& invocation);
int run_run(const Invocation& invocation);
int run_sim(const Invocation& invocation);
int run_sql(const Invocation& invocation);
int run_status(const Invocation& invocation);
int run_verify(const Invocation& invocation);
int run_watch(const Invocation& invocation);

// What `man` writes.
std::string man_page();

// What the file, the environment and the command line say by now.
config::Checked read_config(const CommandLine& line, const Environment& env);

// What is wrong with the inputs that a command was given, a sentence each: none, unreadable,
// standard input twice. `is_folder_fine`: a folder may be one.
std::vector<std::string> check_inputs(const CommandLine& line, bool is_folder_fine);
// What is wrong with the options that say how to read them.
std::vector<std::string> check_reading(const replay::Options& options,
                                       const std::vector<std::string>& venues);

// The demos that run, and how to ask them; empty where none does.
std::string demos_hint(const Environment& env, const std::string& command);
// What a command says that only a running process answers.
Error nobody_runs(const std::string& data_dir, const Environment& env, const std::string& command);

// Say on stderr what is wrong, a line each, and give the exit status.
int say_mistakes(const std::vector<std::string>& mistakes, const Environment& env);
int say_failure(const Error& error, const Environment& env);

}  // namespace tapeline::app
