// SPDX-License-Identifier: Apache-2.0
#include "store/commit.h"

#include <fmt/format.h>

namespace tapeline::store {

const char* name_of(DataKind kind) { return kind == DataKind::kReal ? "real" : "simulated"; }

Result<void> check_journal(std::optional<Position> committed, Position position) {
  if (!committed || committed->journal == position.journal) return {};
  return fail(Fault::kCaller,
              fmt::format("was filled from journal {:016x}, and this is journal {:016x}; give "
                          "each journal a data folder of its own, or move the store away: it is "
                          "filled again from the journal",
                          committed->journal.value(), position.journal.value()));
}

Result<void> check_kind(DataKind held, DataKind wanted) {
  if (held == wanted) return {};
  return fail(Fault::kCaller,
              fmt::format("holds {} data, and this is {} data, which never share a folder; "
                          "choose another --data-dir",
                          name_of(held), name_of(wanted)));
}

}  // namespace tapeline::store
