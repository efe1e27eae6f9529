// SPDX-License-Identifier: Apache-2.0
#include "app/config/keys.h"

#include <array>
#include <utility>

#include "app/values/address.h"

namespace tapeline::app::config {
namespace {

constexpr std::array<std::pair<std::string_view, StoreKind>, 1> kStores{
    {{"duckdb", StoreKind::kDuckdb}}};

// A wrong range in the texts below fails the test that compares them with values.h.
constexpr std::array kServerKeys{
    Key{.path = "checkpoint",
        .shape = Shape::kGroup,
        .type = "a group of keys",
        .allowed = "every, keep",
        .help = "snapshots of the state, from which a restart goes on"},
    Key{.path = "checkpoint.every",
        .type = "a duration",
        .allowed = "100ms to 1h",
        .help = "how often one is written",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_duration(t, values::kCheckpointEveryRange),
                           p.config.checkpoint.every);
            },
        .show = [](const Config& c, std::size_t) { return format_duration(c.checkpoint.every); }},
    Key{.path = "checkpoint.keep",
        .type = "a number",
        .allowed = "1 to 100",
        .help = "how many are kept; the journal is kept back to the oldest",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_number(t, values::kCheckpointsKeptMax),
                           p.config.checkpoint.keep);
            },
        .show = [](const Config& c, std::size_t) { return std::to_string(c.checkpoint.keep); }},
    Key{.path = "store",
        .shape = Shape::kGroup,
        .type = "a group of keys",
        .allowed = "kind",
        .help = "where trades, quotes and bars go"},
    Key{.path = "store.kind",
        .type = "a word",
        .allowed = "duckdb",
        .help = "which store; duckdb is a file of the data folder",
        .take = [](std::string_view t,
                   Place p) { return store(values::read_word(t, kStores), p.config.store.kind); },
        .show = [](const Config& c, std::size_t) { return show_word(c.store.kind, kStores); }},
    Key{.path = "serve",
        .shape = Shape::kGroup,
        .type = "a group of keys",
        .allowed = "listen",
        .help = "what others may ask"},
    Key{.path = "serve.listen",
        .type = "an address",
        .allowed = "HOST:PORT",
        .help = "where the server listens; port 0 is any that is free",
        .take = [](std::string_view t,
                   Place p) { return store(values::read_listen(t), p.config.serve.listen); },
        .show = [](const Config& c, std::size_t) { return c.serve.listen; }},
};

}  // namespace

std::span<const Key> server_keys() { return kServerKeys; }

}  // namespace tapeline::app::config
