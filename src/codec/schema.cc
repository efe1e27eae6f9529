// SPDX-License-Identifier: Apache-2.0
#include "codec/schema.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/json_text.h"
#include "base/overloaded.h"

namespace tapeline::codec {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::uint64_t kPrecisionMax = 38;

tl::unexpected<Error> refuse(std::string_view field, std::string_view why) {
  return fail(Fault::kTheirs, fmt::format("field '{}': {}", field, why));
}

std::string_view text_at(object from, std::string_view key) {
  std::string_view text;
  return from[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::optional<Type> primitive(std::string_view name) {
  if (name == "boolean") return Type::kBoolean;
  if (name == "int") return Type::kInt;
  if (name == "long") return Type::kLong;
  if (name == "string") return Type::kString;
  if (name == "bytes") return Type::kBytes;
  return std::nullopt;
}

// {"type": "bytes", "logicalType": "decimal", ...} and its like.
Result<void> read_logical(object type, Field& field) {
  const auto base = primitive(text_at(type, "type"));
  if (!base) return refuse(field.name, "its type is not one that is read here");
  field.type = *base;
  const std::string_view logical = text_at(type, "logicalType");
  if (logical == "timestamp-nanos" && *base == Type::kLong) {
    field.type = Type::kTimeNanos;
  } else if (logical.starts_with("timestamp") || logical.starts_with("local-timestamp")) {
    return refuse(field.name, "a time that does not count nanoseconds since 1970");
  } else if (logical == "decimal" && *base == Type::kBytes) {
    std::uint64_t precision = 0;
    std::uint64_t scale = 0;
    if (type["precision"].get(precision) != simdjson::SUCCESS || precision == 0 ||
        precision > kPrecisionMax) {
      return refuse(field.name, "the precision of its decimal is not 1 to 38");
    }
    const auto given = type["scale"];
    if (given.error() != simdjson::NO_SUCH_FIELD &&
        (given.get(scale) != simdjson::SUCCESS || scale > precision)) {
      return refuse(field.name, "the scale of its decimal is not 0 to its precision");
    }
    field.type = Type::kDecimal;
    field.precision = static_cast<std::uint8_t>(precision);
    field.scale = static_cast<std::uint8_t>(scale);
  }
  return {};
}

Result<void> read_plain_type(element type, Field& field) {
  object complex;
  if (type.get(complex) == simdjson::SUCCESS) return read_logical(complex, field);
  std::string_view name;
  const bool is_text = type.get(name) == simdjson::SUCCESS;
  const auto base = is_text ? primitive(name) : std::nullopt;
  if (!base) return refuse(field.name, "its type is not one that is read here");
  field.type = *base;
  return {};
}

bool is_null(element type) {
  std::string_view name;
  return type.get(name) == simdjson::SUCCESS && name == "null";
}

Result<void> read_type(element type, Field& field) {
  array branches;
  if (type.get(branches) != simdjson::SUCCESS) return read_plain_type(type, field);
  if (branches.size() != 2 || is_null(branches.at(0)) == is_null(branches.at(1))) {
    return refuse(field.name, "a union of other than null and one type");
  }
  field.optional = true;
  field.null_first = is_null(branches.at(0));
  return read_plain_type(branches.at(field.null_first ? 1 : 0), field);
}

// A union's default is of its first branch.
Result<void> read_default(element value, Field& field) {
  bool flag = false;
  std::int64_t number = 0;
  std::string_view text;
  if (field.optional && field.null_first) {
    if (value.is_null()) field.fallback = NullDefault{};
  } else if (field.type == Type::kBoolean) {
    if (value.get(flag) == simdjson::SUCCESS) field.fallback = flag;
  } else if (field.type == Type::kInt || field.type == Type::kLong ||
             field.type == Type::kTimeNanos) {
    const bool fits = value.get(number) == simdjson::SUCCESS &&
                      (field.type != Type::kInt || static_cast<std::int32_t>(number) == number);
    if (fits) field.fallback = number;
  } else if (field.type == Type::kString) {
    if (value.get(text) == simdjson::SUCCESS) field.fallback = std::string(text);
  }
  if (!std::holds_alternative<NoDefault>(field.fallback)) return {};
  return refuse(field.name, "its default is not of its type, or is one of bytes");
}

Result<Field> read_field(element json) {
  Field field;
  object from;
  if (json.get(from) != simdjson::SUCCESS) return refuse("", "it is no object");
  field.name = text_at(from, "name");
  if (field.name.empty()) return refuse("", "it has no name");
  element type;
  if (from["type"].get(type) != simdjson::SUCCESS) return refuse(field.name, "it has no type");
  if (auto read = read_type(type, field); !read) return tl::make_unexpected(read.error());
  element fallback;
  if (from["default"].get(fallback) == simdjson::SUCCESS) {
    if (auto read = read_default(fallback, field); !read) {
      return tl::make_unexpected(read.error());
    }
  }
  return field;
}

Result<void> read_fields(array fields, Schema& schema) {
  if (fields.size() > kFieldsMax) {
    return fail(Fault::kTheirs, fmt::format("a schema of more than {} fields", kFieldsMax));
  }
  for (const element json : fields) {
    auto field = read_field(json);
    if (!field) return tl::make_unexpected(field.error());
    const auto same = [&](const Field& other) { return other.name == field->name; };
    if (std::any_of(schema.fields.begin(), schema.fields.end(), same)) {
      return refuse(field->name, "it is there twice");
    }
    schema.fields.push_back(std::move(*field));
  }
  return {};
}

std::string type_text(const Field& field) {
  switch (field.type) {
    case Type::kBoolean:
      return R"("boolean")";
    case Type::kInt:
      return R"("int")";
    case Type::kLong:
      return R"("long")";
    case Type::kTimeNanos:
      return R"({"type": "long", "logicalType": "timestamp-nanos"})";
    case Type::kString:
      return R"("string")";
    case Type::kBytes:
      return R"("bytes")";
    case Type::kDecimal:
      return fmt::format(
          R"({{"type": "bytes", "logicalType": "decimal", "precision": {}, "scale": {}}})",
          field.precision, field.scale);
  }
  return {};
}

std::string in_quotes(std::string_view text) {
  std::string out;
  append_json_text(out, text);
  return out;
}

std::string default_text(const Field& field) {
  return std::visit(
      Overloaded{[](NoDefault) { return std::string(); },
                 [](NullDefault) { return std::string(R"(, "default": null)"); },
                 [](bool value) { return fmt::format(R"(, "default": {})", value); },
                 [](std::int64_t value) { return fmt::format(R"(, "default": {})", value); },
                 [](const std::string& text) { return R"(, "default": )" + in_quotes(text); }},
      field.fallback);
}

}  // namespace

Result<Schema> parse_schema(std::string_view json) {
  if (json.size() > kSchemaBytesMax) {
    return fail(Fault::kTheirs, fmt::format("a schema of more than {} bytes", kSchemaBytesMax));
  }
  simdjson::dom::parser parser;
  object record;
  if (parser.parse(json.data(), json.size()).get(record) != simdjson::SUCCESS) {
    return fail(Fault::kTheirs, "a schema that is no JSON object");
  }
  array fields;
  Schema schema;
  std::string_view full_name = text_at(record, "name");
  schema.space = text_at(record, "namespace");
  // A name with dots brings its own namespace.
  if (const auto dot = full_name.rfind('.'); dot != std::string_view::npos) {
    schema.space = full_name.substr(0, dot);
    full_name.remove_prefix(dot + 1);
  }
  schema.name = full_name;
  if (text_at(record, "type") != "record" || schema.name.empty() ||
      record["fields"].get(fields) != simdjson::SUCCESS) {
    return fail(Fault::kTheirs, "a schema that is no record with a name and fields");
  }
  if (auto read = read_fields(fields, schema); !read) return tl::make_unexpected(read.error());
  return schema;
}

std::string schema_text(const Schema& schema) {
  std::string out = "{\n  \"type\": \"record\",\n";
  if (!schema.space.empty()) out += "  \"namespace\": " + in_quotes(schema.space) + ",\n";
  out += "  \"name\": " + in_quotes(schema.name) + ",\n  \"fields\": [";
  const char* separator = "\n";
  for (const Field& field : schema.fields) {
    std::string type = type_text(field);
    if (field.optional) {
      type = field.null_first ? "[\"null\", " + type + "]" : "[" + type + ", \"null\"]";
    }
    fmt::format_to(std::back_inserter(out), "{}    {{\"name\": {}, \"type\": {}{}}}", separator,
                   in_quotes(field.name), type, default_text(field));
    separator = ",\n";
  }
  return out + "\n  ]\n}\n";
}

}  // namespace tapeline::codec
