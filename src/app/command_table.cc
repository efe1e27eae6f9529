// SPDX-License-Identifier: Apache-2.0
#include "app/command_table.h"

#include <algorithm>
#include <array>

#include "app/commands.h"

namespace tapeline::app {
namespace {

constexpr std::array kCommandRows{
    CommandRow{
        .name = "demo",
        .arguments = "",
        .summary = "simulated venues, the whole pipeline and the page, in one command",
        .about = "Simulates Coinbase and Binance over TLS on this machine, runs the whole pipeline "
                 "on them and serves\n"
                 "the page; it needs no network, no key and no other server. With --duration it "
                 "ends by itself and\n"
                 "holds every stored bar against what the simulator knows: exit 3 when one is "
                 "wrong or says what is\n"
                 "not so. Its data folder is a temporary one; with --data-dir it stays.\n",
        .notes = "Faults are those of `tapeline sim --help`. The log goes to demo.log in the data "
                 "folder.\n"
                 "TAPELINE_DEMO_WAIT=FILE in the environment lets the comparison wait as long as "
                 "FILE is there: to see\n"
                 "that it fails when somebody changes the store meanwhile.\n",
        .examples = "  tapeline demo\n"
                    "  tapeline demo --duration 60s --faults mild --seed 2\n"
                    "  tapeline demo --venue coinbase --faults storm --port 9000\n",
        .option_rows = demo_options,
        .run = run_demo,
        .reads_config = false},
    CommandRow{
        .name = "replay",
        .arguments = "INPUT...",
        .summary = "recorded input through the same path as live data",
        .about = "Reads recordings, or the journal of a data folder, and writes trades, quotes, "
                 "bars, gaps\n"
                 "or coverage. INPUT may end in .zst, .xz or .gz; - is standard input.\n",
        .notes = "Durations are like 500ms, 2s, 5m, 1h or 1d; times like 2021-04-17T16:43:37Z. "
                 "From --config\n"
                 "come stream.intervals, disorder, idle_timeout, conditions and shards, and the "
                 "venue of an\nonly feed.\n",
        .examples = "  tapeline replay COINBASE.ws.zst --venue coinbase --emit trades -i "
                    "coinbase:BTC-USD\n"
                    "  tapeline replay trades.csv --input-format trades-csv --venue binance "
                    "--interval 1m,1h\n"
                    "  tapeline replay ./data --input-format journal --emit gaps --format jsonl\n",
        .option_rows = replay_options,
        .run = run_replay},
    CommandRow{
        .name = "run",
        .summary = "live feeds into journal and store",
        .about = "Connects to the configured feeds, records every frame, makes trades, quotes and "
                 "bars of them\n"
                 "and stores these exactly once. With no configuration: Coinbase BTC-USD and "
                 "ETH-USD. SIGINT or\n"
                 "SIGTERM closes the connections, stores what is left and leaves; a second one "
                 "leaves at once.\n",
        .notes =
            "SIGHUP reads the configuration anew: feeds, symbols and channels change at once, one "
            "with a\n"
            "mistake is refused whole, and the keys that wait for a restart are named in the "
            "log.\n\n"
            "A feed whose endpoint is on this machine is a simulator: its data never shares a "
            "data folder\n"
            "with a real venue's. The page and the API are at serve.listen; where that port is\n"
            "taken, choose another one: --set serve.listen=127.0.0.1:0.\n\n"
            "With --history the venues' own candles of that time are asked for first, where a "
            "venue tells them\n"
            "without a key (all but finnhub and twelvedata; kraken's of 12h). They are never made "
            "into bars.\n"
            "An empty folder begins with trades of that time too: of each instrument the newest "
            "that its venue's\n"
            "history has, as many as come within 30s (about 5,000 at most), and their bars. What "
            "is older than\n"
            "stream.lateness, less a minute, is left out; with backfill: false all of them are.\n",
        .examples = "  tapeline run\n"
                    "  tapeline run --history 1d\n"
                    "  tapeline --data-dir ./data run -i coinbase:BTC-USD --duration 10m\n",
        .option_rows = run_options,
        .run = run_run},
    CommandRow{
        .name = "record",
        .summary = "live feeds into the journal only",
        .about = "Connects to the configured feeds and records every frame in the journal of "
                 "the data folder;\n"
                 "`tapeline run` or `tapeline replay` makes something of them later. SIGHUP reads "
                 "the configuration\n"
                 "anew, as of `tapeline run`.\n",
        .examples = "  tapeline --data-dir ./data record -i 'binance:*-USDT'\n",
        .option_rows = run_options,
        .run = run_record},
    CommandRow{.name = "status",
               .summary = "health of the running process",
               .about = "Shows feeds, journal, store and counters of the process that runs in the "
                        "data folder: exit 3\n"
                        "when something needs a person (marked !).\n",
               .examples = "  tapeline --data-dir ./data status\n",
               .option_rows = nullptr,
               .run = run_status},
    CommandRow{.name = "watch",
               .arguments = "",
               .summary = "live prices and bars in the terminal",
               .about = "Shows what the running process sends to its page: on a terminal a table, "
                        "else a line for every\n"
                        "new price and every bar that is final.\n",
               .notes = "",
               .examples = "  tapeline watch -i 'coinbase:*'\n"
                           "  tapeline watch --address 127.0.0.1:8081 --interval 5s\n",
               .option_rows = watch_options,
               .run = run_watch},
    CommandRow{.name = "verify",
               .summary = "whether the store is what the journal says",
               .about = "Replays the journal of the data folder up to the position that the store "
                        "has committed and\n"
                        "compares every stored row; names the first that differ and exits 3 then. "
                        "Beside a running\n"
                        "process too. Begins at the oldest snapshot where older journal was "
                        "removed, and says since when.\n",
               .examples = "  tapeline --data-dir ./data verify\n",
               .option_rows = rows_options,
               .run = run_verify},
    CommandRow{
        .name = "audit",
        .summary = "what is missing, by instrument",
        .about =
            "Shows the ledger: ids received, missing and repaired, coverage in percent, and "
            "every hole; ids that\n"
            "the venue's history no longer holds are unrecoverable. Exit 3 while anything "
            "is missing.\n"
            "With --repair the running process first asks the venues for all of it again, "
            "late ids too; that\n"
            "goes without --instrument, --from and --to.\n"
            "Of venues whose ids do not count it says that nobody can know, and lists the times "
            "in which nobody\n"
            "listened, from the journal; these are no holes.\n"
            "With --reconcile it holds every stored minute against what the venue itself "
            "tells of it, and names\n"
            "both values where they differ; exit 3 when a bar that claims to be right "
            "does.\n",
        .examples = "  tapeline --data-dir ./data audit -i 'coinbase:*'\n"
                    "  tapeline --data-dir ./data audit --reconcile --from 2026-01-31T00:00:00Z\n"
                    "  tapeline --data-dir ./data audit --repair\n",
        .option_rows = audit_options,
        .run = run_audit},
    CommandRow{.name = "explain",
               .arguments = "INSTRUMENT INTERVAL START",
               .summary = "one bar: its revisions, and the trades behind it",
               .about = "Shows every revision of a stored bar, the trades it was made of, late and "
                        "missing ones, and\n"
                        "where in the journal they stand.\n",
               .examples = "  tapeline explain coinbase:BTC-USD 1m 2021-04-17T16:43:00Z --frames\n",
               .option_rows = explain_options,
               .run = run_explain},
    CommandRow{.name = "instruments",
               .arguments = "[PATTERN]...",
               .summary = "what the venues list, with tick and lot size and status",
               .about = "Shows what the venues' instrument lists say, by now or as of a time: "
                        "assets, steps of price and\n"
                        "size, the least order, and whether it is traded. A PATTERN is "
                        "VENUE:SYMBOL or a symbol, with * for\n"
                        "any text; without one all are shown.\n",
               .notes = "status is trading, restricted (some kinds of order only), halted, "
                        "pending, delisted (the venue says\n"
                        "so), vanished (from the venue's list) or unknown (it does not say). "
                        "docs/instruments.md\n"
                        "tells which word of which venue means which.\n",
               .examples = "  tapeline instruments --base BTC\n"
                           "  tapeline instruments 'coinbase:*-USD' --as-of "
                           "2026-01-31T00:00:00Z --format csv\n"
                           "  tapeline instruments BTC-USDT --history\n",
               .option_rows = instruments_options,
               .run = run_instruments},
    CommandRow{
        .name = "sql",
        .arguments = "STATEMENT",
        .summary = "a question to the store in SQL",
        .about = "Answers one SELECT (or DESCRIBE, SHOW, SUMMARIZE, EXPLAIN) of DuckDB's SQL over "
                 "trades, quotes,\n"
                 "bars, bar_revisions, gaps, coverage, venue_candles, candle_comparisons, "
                 "candle_differences,\n"
                 "reconciliations, reconciled_differences, instruments, instrument_history, "
                 "rejected, late\n"
                 "and store,\n"
                 "and changes nothing: from the process that runs in the data folder, or from its "
                 "files where none\n"
                 "runs; stderr says which.\n",
        .notes = "Decimals are exact, times RFC 3339 with nine digits. Where no value is, csv and "
                 "table are empty and\n"
                 "jsonl has null; whole numbers beyond 2^53 are text in jsonl.\n"
                 "What cannot be told to stop is refused, as `x -> ...` over the elements of a "
                 "list: unnest()\n"
                 "makes rows of them. A running process answers two statements at a time, each "
                 "within a minute\n"
                 "or --timeout. Files are read until somebody runs in the folder; then ask "
                 "again.\n",
        .examples = "  tapeline sql 'SHOW TABLES'\n"
                    "  tapeline sql \"SELECT start, close FROM bars WHERE interval = '1m' ORDER BY "
                    "start\" --format csv\n",
        .option_rows = sql_options,
        .run = run_sql},
    CommandRow{.name = "check",
               .summary = "validate the configuration, and try what it names",
               .about =
                   "Validates the configuration and names every mistake with file, line and key. "
                   "With --connect it\n"
                   "also tries what the configuration names: exit 3 when something cannot be "
                   "reached. It says\nwhich stream.disorder would do for what a running "
                   "process has measured, else for the\nnewest trades that are stored.\n",
               .examples = "  tapeline --set stream.disorder=5s check --show\n"
                           "  tapeline --config live.yaml check --connect\n",
               .option_rows = check_options,
               .run = run_check},
    CommandRow{.name = "init",
               .summary = "a commented tapeline.yaml",
               .about = "Writes tapeline.yaml in the current folder, or the file of --config, with "
                        "every key, what it is\n"
                        "for, what is allowed and its default. A file that is there stays as it "
                        "is. Commands that are\n"
                        "called in that folder read it.\n",
               .examples = "  tapeline init\n"
                           "  tapeline --config live.yaml init --force\n",
               .option_rows = init_options,
               .run = run_init,
               .reads_config = false},
    CommandRow{
        .name = "sim",
        .summary = "a simulated venue with known truth, and faults",
        .about = "Serves a market that never was, as a real venue serves "
                 "theirs: WebSockets over\n"
                 "TLS and the history over REST. What really happened is at /truth/trades and "
                 "/truth/bars, what was\n"
                 "done to it on the way at /sim/stats; POST /sim/faults SPEC and /sim/drop change "
                 "it.\n",
        .notes = "Faults are a list of (P: a chance like 0.1%; D: a duration; T: a time since the "
                 "start):\n"
                 "  of a frame        lose=P dup=P swap=P bad_frame=P delay=D:P slow=D:P, and of "
                 "all reorder=D\n"
                 "  of a connection   drop=D halfopen=D silent_channel=D (on average so long after "
                 "its opening), or\n"
                 "                    drop@T halfopen@T silent_channel@T; accept_then_close\n"
                 "  of the history    rest=P rest_429=P rest_500=P rest_html=P rate_limit "
                 "history=N rest_lag=D\n"
                 "  of the list       relist=D\n"
                 "  of the clock      skew=+D or skew=-D\n"
                 "A name changes by what follows: mild,drop=5s. docs/simulator.md says what each "
                 "does.\n",
        .examples = "  tapeline sim --venue coinbase --listen 127.0.0.1:8443 --ca-out ca.pem\n"
                    "  tapeline sim --venue binance --faults mild,drop=5s --seed 7 --duration 1m "
                    "--ca-out ca.pem\n",
        .option_rows = sim_options,
        .run = run_sim,
        .reads_config = false},
    CommandRow{.name = "journal import",
               .arguments = "INPUT...",
               .summary = "recordings into the data folder's journal",
               .about = "Appends recordings to the journal of the data folder, as the records that "
                        "a recorder would\n"
                        "have written; several inputs merge as replay merges them. `tapeline "
                        "replay DATA_DIR\n"
                        "--input-format journal` then gives what replaying them would have "
                        "given.\n",
               .notes = "From --config come data_dir, journal.fsync and journal.segment_bytes. "
                        "What is imported becomes\n"
                        "durable by up to 4,096 records at a time, also with journal.fsync: "
                        "always, and at the end.\n",
               .examples = "  tapeline --data-dir ./data journal import COINBASE.ws.zst --venue "
                           "coinbase\n",
               .option_rows = import_options,
               .run = run_journal_import},
    CommandRow{.name = "journal ls",
               .summary = "the segments of the journal",
               .about = "Lists the segments of the data folder's journal in their order.\n",
               .examples = "  tapeline --data-dir ./data journal ls\n",
               .option_rows = ls_options,
               .run = run_journal_ls},
    CommandRow{.name = "journal cat",
               .summary = "the records of the journal",
               .about =
                   "Writes the records of the data folder's journal in their order, each as it "
                   "was recorded.\n",
               .examples = "  tapeline --data-dir ./data journal cat --type frame,row --limit 10\n",
               .option_rows = cat_options,
               .run = run_journal_cat},
    CommandRow{.name = "journal seal",
               .summary = "compress what is no longer written",
               .about =
                   "Compresses every segment of the data folder's journal but the last, also "
                   "while another process\n"
                   "writes: each is read back and compared before the plain one goes. "
                   "Positions stay, and every\n"
                   "command reads sealed segments as they are; `zstd -d --rm` makes plain ones "
                   "of them again.\n",
               .examples = "  tapeline --data-dir ./data journal seal\n",
               .option_rows = nullptr,
               .run = run_journal_seal},
    CommandRow{.name = "journal check",
               .summary = "whether every record of the journal is whole",
               .about = "Reads every record of the data folder's journal and names what is "
                        "damaged: exit 3 when\n"
                        "something is. What a crash left behind the last whole record is no "
                        "damage.\n",
               .examples = "  tapeline --data-dir ./data journal check\n",
               .option_rows = nullptr,
               .run = run_journal_check},
    CommandRow{.name = "man",
               .arguments = "",
               .summary = "the man page",
               .about = "Writes the man page: every command, option and key of the "
                        "configuration.\n",
               .notes = "",
               .examples = "  tapeline man | man -l -\n"
                           "  tapeline man > ~/.local/share/man/man1/tapeline.1\n",
               .option_rows = nullptr,
               .run = run_man,
               .reads_config = false},
    CommandRow{.name = "completion",
               .arguments = "SHELL",
               .summary = "a script that completes commands in bash, zsh or fish",
               .about =
                   "Writes a script for bash, zsh or fish that completes commands, options and "
                   "their values.\n",
               .examples = "  source <(tapeline completion bash)      # in ~/.bashrc\n"
                           "  source <(tapeline completion zsh)       # in ~/.zshrc, after "
                           "compinit\n"
                           "  tapeline completion fish | source       # in "
                           "~/.config/fish/config.fish\n",
               .option_rows = nullptr,
               .run = run_completion,
               .reads_config = false},
};

}  // namespace

std::string_view CommandRow::group() const {
  const std::size_t space = name.find(' ');
  return space == std::string_view::npos ? std::string_view() : name.substr(0, space);
}

std::string_view CommandRow::verb() const {
  const std::size_t space = name.find(' ');
  return space == std::string_view::npos ? name : name.substr(space + 1);
}

std::span<const CommandRow> command_table() { return kCommandRows; }

std::vector<std::string_view> words_in(std::string_view group) {
  std::vector<std::string_view> words;
  for (const CommandRow& row : kCommandRows) {
    const std::string_view word = !group.empty()        ? row.verb()
                                  : row.group().empty() ? row.name
                                                        : row.group();
    if (!group.empty() && row.group() != group) continue;
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  return words;
}

}  // namespace tapeline::app
