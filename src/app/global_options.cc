// SPDX-License-Identifier: Apache-2.0
#include "app/global_options.h"

#include <array>

namespace tapeline::app {
namespace {

constexpr std::array kRows{
    GlobalOption{.name = "--config",
                 .short_name = {},
                 .placeholder = "FILE",
                 .help = "read this YAML file first; the command line wins (default: tapeline.yaml "
                         "where the current folder has it)"},
    GlobalOption{.name = "--set",
                 .short_name = {},
                 .placeholder = "KEY=VALUE",
                 .help = "change a key of the configuration; repeatable"},
    GlobalOption{.name = "--data-dir",
                 .short_name = {},
                 .placeholder = "DIR",
                 .help = "the folder of journal and store (default: $TAPELINE_DATA, or the "
                         "configuration's data_dir)"},
    GlobalOption{.name = "--log-level",
                 .short_name = {},
                 .placeholder = "LEVEL",
                 .help = "the least that is logged on stderr: debug, info, warn, error or off "
                         "(default: info)",
                 .words = "debug info warn error off"},
    GlobalOption{.name = "--log-format",
                 .short_name = {},
                 .placeholder = "FORMAT",
                 .help = "of the log: text or json, an object a line (default: text)",
                 .words = "text json"},
    GlobalOption{.name = "--quiet",
                 .short_name = {},
                 .placeholder = {},
                 .help = "no progress and no summary on stderr"},
    GlobalOption{.name = "--help", .short_name = "-h", .placeholder = {}, .help = "this page"},
    GlobalOption{.name = "--version",
                 .short_name = {},
                 .placeholder = {},
                 .help = "version, commit, compiler, build type and optional parts",
                 .needs_no_command = true},
};

}  // namespace

std::span<const GlobalOption> global_options() { return kRows; }

}  // namespace tapeline::app
