// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/ids.h"
#include "base/result.h"
#include "store/reader.h"
#include "store/reconcile.h"
#include "store/rows.h"

namespace tapeline::store {

// What kind of data a store holds; fixed when it is founded, and the other kind is refused.
enum class DataKind : std::uint8_t { kReal, kSimulated };

const char* name_of(DataKind kind);

// The only writer of a store: rows and the position they lead to, in one transaction. One thread.
class Writer {
 public:
  Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  virtual ~Writer() = default;

  // Stores all rows of the batch and the position, or nothing. Rows at or before the committed
  // position are there already and are passed over, so the same commit may be repeated whatever an
  // earlier attempt came to, and a restart may replay from before. Rows beyond `position` are a
  // bug. The first commit binds the store to a journal; another journal's position is refused.
  // After an Error that says kAfterBackoff (a full disk) the same commit may be tried again.
  [[nodiscard]] virtual Result<void> commit(const Batch& batch, Position position) = 0;

  // None before the first commit.
  [[nodiscard]] virtual std::optional<Position> position() const = 0;

  // Adds what was found of these days, whatever of them is recorded already; all of it or nothing,
  // and no position moves. Before the first commit there is nothing to be found: a bug.
  [[nodiscard]] virtual Result<void> record(const Reconciliation& found) = 0;

  // A reader beside this writer, for one other thread (or this one); it sees what is committed when
  // each of its calls begins, and must go before the writer.
  [[nodiscard]] virtual std::unique_ptr<Reader> open_reader() = 0;
};

}  // namespace tapeline::store
