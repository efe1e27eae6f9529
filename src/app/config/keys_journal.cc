// SPDX-License-Identifier: Apache-2.0
#include "app/config/keys.h"

#include <array>
#include <utility>

namespace tapeline::app::config {
namespace {

constexpr std::array<std::pair<std::string_view, journal::SyncPolicy>, 3> kSyncs{
    {{"batch", journal::SyncPolicy::kBatch},
     {"always", journal::SyncPolicy::kAlways},
     {"os", journal::SyncPolicy::kOs}}};

// A wrong range in the texts below fails the test that compares them with values.h.
constexpr std::array kJournalKeys{
    Key{.path = "journal",
        .shape = Shape::kGroup,
        .type = "a group of keys",
        .allowed = "fsync, segment_bytes, retain, reserve_bytes",
        .help = "what is recorded"},
    Key{.path = "journal.fsync",
        .type = "a word",
        .allowed = "batch, always, os",
        .help = "when records are made durable: some 50 ms later, at once, or when the system "
                "likes (5 s at most)",
        .take = [](std::string_view t,
                   Place p) { return store(values::read_word(t, kSyncs), p.config.journal.fsync); },
        .show = [](const Config& c, std::size_t) { return show_word(c.journal.fsync, kSyncs); }},
    Key{.path = "journal.segment_bytes",
        .type = "a size",
        .allowed = "1MiB to 4GiB",
        .help = "how large a file of the journal becomes",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_size(t, values::kSegmentBytesRange),
                           p.config.journal.segment_bytes);
            },
        .show = [](const Config& c,
                   std::size_t) { return values::format_size(c.journal.segment_bytes); }},
    Key{.path = "journal.retain",
        .shape = Shape::kGroup,
        .type = "a group of keys",
        .allowed = "age, bytes",
        .help = "how much of it is kept; what the store still needs stays anyway"},
    Key{.path = "journal.retain.age",
        .type = "a duration",
        .allowed = "1m to 36500d, or off",
        .help = "what was received longer ago is removed",
        .take =
            [](std::string_view t, Place p) {
              return store(values::read_unless("off", t,
                                               [](std::string_view text) {
                                                 return values::read_duration(
                                                     text, values::kRetainAgeRange);
                                               }),
                           p.config.journal.retain.age);
            },
        .show =
            [](const Config& c, std::size_t) {
              const auto& age = c.journal.retain.age;
              return age ? format_duration(*age) : std::string("off");
            }},
    Key{.path = "journal.retain.bytes",
        .type = "a size",
        .allowed = "1MiB to 1024TiB, or off",
        .help = "beyond this the oldest is removed",
        .take =
            [](std::string_view t, Place p) {
              return store(read_size_unless("off", t, values::kRetainBytesRange),
                           p.config.journal.retain.bytes);
            },
        .show = [](const Config& c,
                   std::size_t) { return show_size(c.journal.retain.bytes, "off"); }},
    Key{.path = "journal.reserve_bytes",
        .type = "a size",
        .allowed = "0B to 1024TiB, or auto",
        .help = "free space of the disk that capture leaves; auto is 1GiB or 5 % of the disk, "
                "whichever is less",
        .take =
            [](std::string_view t, Place p) {
              return store(read_size_unless("auto", t, values::kReserveBytesRange),
                           p.config.journal.reserve_bytes);
            },
        .show = [](const Config& c,
                   std::size_t) { return show_size(c.journal.reserve_bytes, "auto"); }},
};

}  // namespace

std::span<const Key> journal_keys() { return kJournalKeys; }

}  // namespace tapeline::app::config
