// SPDX-License-Identifier: Apache-2.0
#include "codec/avro.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "base/overloaded.h"

namespace tapeline::codec {
namespace {

constexpr std::size_t kFrameHead = 5;

void append_long(std::string& out, std::int64_t value) {
  std::uint64_t left =
      static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  for (; left >= 0x80; left >>= 7) out.push_back(static_cast<char>((left & 0x7F) | 0x80));
  out.push_back(static_cast<char>(left));
}

void append_bytes(std::string& out, std::string_view bytes) {
  append_long(out, static_cast<std::int64_t>(bytes.size()));
  out.append(bytes);
}

// The shortest two's complement, the highest byte first.
void append_decimal_bytes(std::string& out, Int128 value) {
  std::array<char, sizeof(value)> bytes;
  std::size_t first = bytes.size();
  for (;;) {
    bytes[--first] = static_cast<char>(value & 0xFF);
    const bool negative = (static_cast<unsigned char>(bytes[first]) & 0x80) != 0;
    value >>= 8;
    if (value == (negative ? -1 : 0)) break;
  }
  append_bytes(out, {bytes.data() + first, bytes.size() - first});
}

bool fits(Int128 value, const Field& field) { return magnitude(value) < kPow10[field.precision]; }

template <typename T>
const T& value_of(const Cell& cell, const Field& field) {
  const T* value = std::get_if<T>(&cell);
  TAPELINE_CHECK(value != nullptr, field.name.c_str());
  return *value;
}

void append_value(std::string& out, const Field& field, const Cell& cell) {
  switch (field.type) {
    case Type::kBoolean:
      out.push_back(value_of<bool>(cell, field) ? '\1' : '\0');
      return;
    case Type::kInt:
    case Type::kLong:
    case Type::kTimeNanos: {
      const std::int64_t value = value_of<std::int64_t>(cell, field);
      TAPELINE_CHECK(field.type != Type::kInt || static_cast<std::int32_t>(value) == value,
                     field.name.c_str());
      return append_long(out, value);
    }
    case Type::kString:
    case Type::kBytes:
      return append_bytes(out, value_of<std::string_view>(cell, field));
    case Type::kDecimal: {
      const Int128 value = value_of<Int128>(cell, field);
      TAPELINE_CHECK(fits(value, field), field.name.c_str());
      return append_decimal_bytes(out, value);
    }
  }
}

// Takes values off the front of a message; what is wrong first stays.
class Input {
 public:
  explicit Input(std::string_view bytes) : left_(bytes) {}

  std::int64_t integer() {
    std::uint64_t bits = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint64_t byte = next();
      bits |= (byte & 0x7F) << shift;
      if (byte < 0x80) {
        if (shift == 63 && byte > 1) break;
        return static_cast<std::int64_t>(bits >> 1 ^ (std::uint64_t{0} - (bits & 1)));
      }
    }
    refuse("a number is too large");
    return 0;
  }

  std::string_view text() {
    const std::int64_t size = integer();
    if (size < 0 || static_cast<std::uint64_t>(size) > left_.size()) {
      refuse("a text is longer than the message");
      return {};
    }
    const std::string_view out = left_.substr(0, static_cast<std::size_t>(size));
    left_.remove_prefix(out.size());
    return out;
  }

  Int128 decimal(const Field& field) {
    const std::string_view bytes = text();
    if (bytes.empty() || bytes.size() > sizeof(Int128)) {
      refuse("a decimal has no bytes, or more than 16");
      return 0;
    }
    Uint128 bits = static_cast<unsigned char>(bytes[0]) >= 0x80 ? ~Uint128{0} : Uint128{0};
    for (const char byte : bytes) bits = bits << 8 | static_cast<unsigned char>(byte);
    const auto value = static_cast<Int128>(bits);
    if (!fits(value, field)) refuse("a decimal has more digits than its type");
    return value;
  }

  // One of two.
  bool choice(const char* what) {
    const std::int64_t value = integer();
    if (value != 0 && value != 1) refuse(what);
    return value == 1;
  }

  std::uint64_t next() {
    if (left_.empty()) {
      refuse("it ends too early");
      return 0;
    }
    const auto byte = static_cast<unsigned char>(left_.front());
    left_.remove_prefix(1);
    return byte;
  }

  void refuse(const char* why) {
    if (why_ == nullptr) why_ = why;
  }
  [[nodiscard]] const char* why() const { return why_; }
  [[nodiscard]] bool empty() const { return left_.empty(); }

 private:
  std::string_view left_;
  const char* why_ = nullptr;
};

Cell read_value(Input& in, const Field& field) {
  if (field.optional && in.choice("a union has no such branch") != field.null_first) return {};
  switch (field.type) {
    case Type::kBoolean: {
      const std::uint64_t byte = in.next();
      if (byte > 1) in.refuse("a boolean is neither true nor false");
      return byte == 1;
    }
    case Type::kInt:
    case Type::kLong:
    case Type::kTimeNanos: {
      const std::int64_t value = in.integer();
      if (field.type == Type::kInt && static_cast<std::int32_t>(value) != value) {
        in.refuse("an int has more than 32 bits");
      }
      return value;
    }
    case Type::kString:
    case Type::kBytes:
      return in.text();
    case Type::kDecimal:
      return in.decimal(field);
  }
  return {};
}

Cell default_cell(const Field& field) {
  return std::visit(
      Overloaded{[](NoDefault) { return Cell(); },  // create() refused it
                 [](NullDefault) { return Cell(); }, [](bool value) { return Cell(value); },
                 [](std::int64_t value) { return Cell(value); },
                 [](const std::string& text) { return Cell(std::string_view(text)); }},
      field.fallback);
}

bool is_readable_as(const Field& writer, const Field& reader) {
  if (writer.type == Type::kDecimal || reader.type == Type::kDecimal) {
    return writer.type == reader.type && writer.scale == reader.scale &&
           writer.precision <= reader.precision;
  }
  if (writer.type == reader.type) return true;
  const auto is_text = [](Type type) { return type == Type::kString || type == Type::kBytes; };
  return (writer.type == Type::kInt && reader.type == Type::kLong) ||
         (is_text(writer.type) && is_text(reader.type));
}

}  // namespace

void append_avro(std::string& out, const Schema& schema, std::span<const Cell> row) {
  TAPELINE_CHECK(row.size() == schema.fields.size(), "a cell for each field");
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Field& field = schema.fields[i];
    if (field.optional) {
      const bool is_null = std::holds_alternative<std::monostate>(row[i]);
      append_long(out, is_null == field.null_first ? 0 : 1);
      if (is_null) continue;
    }
    append_value(out, field, row[i]);
  }
}

Result<AvroReader> AvroReader::create(const Schema& writer, Schema reader) {
  if (writer.name != reader.name) {
    return fail(Fault::kTheirs, "the record is '" + writer.name + "', not '" + reader.name + "'");
  }
  const auto find = [](const Schema& schema, const std::string& name) {
    return std::find_if(schema.fields.begin(), schema.fields.end(),
                        [&](const Field& field) { return field.name == name; });
  };
  AvroReader made;
  for (const Field& field : writer.fields) {
    Step step{.field = field};
    const auto to = find(reader, field.name);
    if (to != reader.fields.end()) {
      if (!is_readable_as(field, *to)) {
        return fail(Fault::kTheirs, "field '" + field.name + "' of '" + writer.name +
                                        "' was written as another type than it is read");
      }
      step.to = static_cast<std::size_t>(to - reader.fields.begin());
      step.needs_value = !to->optional;
    }
    made.steps_.push_back(std::move(step));
  }
  for (std::size_t i = 0; i < reader.fields.size(); ++i) {
    const Field& field = reader.fields[i];
    if (find(writer, field.name) != writer.fields.end()) continue;
    if (std::holds_alternative<NoDefault>(field.fallback)) {
      return fail(Fault::kTheirs, "field '" + field.name + "' of '" + writer.name +
                                      "' was not written and has no default");
    }
    made.defaults_.push_back(i);
  }
  made.reader_ = std::move(reader);
  return made;
}

Result<void> AvroReader::read(std::string_view bytes, std::span<Cell> row) const {
  TAPELINE_CHECK(row.size() == reader_.fields.size(), "a cell for each field");
  Input in(bytes);
  for (const Step& step : steps_) {
    const Cell cell = read_value(in, step.field);
    if (step.to != kNobody) {
      if (step.needs_value && std::holds_alternative<std::monostate>(cell)) {
        in.refuse("it is null, and may not be");
      }
      row[step.to] = cell;
    }
    if (in.why() != nullptr) {
      return fail(Fault::kTheirs, reader_.name + "." + step.field.name + ": " + in.why());
    }
  }
  if (!in.empty()) return fail(Fault::kTheirs, reader_.name + ": bytes follow its last field");
  for (const std::size_t i : defaults_) row[i] = default_cell(reader_.fields[i]);
  return {};
}

void append_frame_head(std::string& out, std::uint32_t schema_id) {
  out.push_back('\0');
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(schema_id >> shift & 0xFF));
  }
}

std::optional<Framed> read_frame(std::string_view bytes) {
  if (bytes.size() < kFrameHead || bytes[0] != '\0') return std::nullopt;
  Framed frame{.message = bytes.substr(kFrameHead)};
  for (std::size_t i = 1; i < kFrameHead; ++i) {
    frame.schema_id = frame.schema_id << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return frame;
}

}  // namespace tapeline::codec
