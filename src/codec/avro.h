// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/schema.h"

namespace tapeline::codec {

// Appends the row as Avro binary. A cell for each field, of the field's type; anything else is a
// bug. Allocates only while `out` grows.
void append_avro(std::string& out, const Schema& schema, std::span<const Cell> row);

// Reads rows that one schema wrote as another one sees them: fields are found by name, what the
// reader does not know is passed over, what the writer did not know has its default. Of many
// threads, once made.
class AvroReader {
 public:
  // Refused where a field has changed its type, or is new without a default.
  static Result<AvroReader> create(const Schema& writer, Schema reader);

  // All of `bytes`, one cell for each field of the reader's schema; texts are views into `bytes`
  // or into this reader. What is damaged is refused, and reads no byte beyond the end.
  Result<void> read(std::string_view bytes, std::span<Cell> row) const;

  [[nodiscard]] const Schema& schema() const { return reader_; }

 private:
  struct Step {
    Field field;               // as the writer had it
    std::size_t to = kNobody;  // of the reader's row
    bool needs_value = false;  // the reader's is not optional
  };
  static constexpr std::size_t kNobody = SIZE_MAX;

  std::vector<Step> steps_;
  std::vector<std::size_t> defaults_;  // the reader's fields that the writer did not know
  Schema reader_;
};

// The Schema Registry's frame around a message: a zero byte, the id of its schema as four bytes,
// the highest first, and the message.
struct Framed {
  std::uint32_t schema_id = 0;
  std::string_view message;
};

void append_frame_head(std::string& out, std::uint32_t schema_id);
// Nothing when it is no such frame.
std::optional<Framed> read_frame(std::string_view bytes);

}  // namespace tapeline::codec
