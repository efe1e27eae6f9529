// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "decode/decoder.h"

namespace tapeline::decode {

void Decoder::save(ByteWriter& out) const {
  out.flag(options_.lateness.has_value());
  out.integer(options_.lateness.value_or(Duration(0)).count());
  out.integer(engine_time_.unix_ns());
  out.number(connections_.size());
  // Parsers keep nothing from one frame to the next: what opened a connection says all of it.
  for (const Connection& connection : connections_) {
    const bool is_open = connection.parser != nullptr || connection.row_parser != nullptr;
    out.text(is_open ? encode_source(connection.source) : "");
  }
  instruments_.save(out);
}

void Decoder::load(ByteReader& in) {
  const ByteReader::Part part(in, "decode");
  const bool has_lateness = in.flag();
  const Duration lateness(in.integer());
  in.require(lateness >= Duration(0), "the lateness is negative");
  options_.lateness = has_lateness ? std::optional(lateness) : std::nullopt;
  engine_time_ = in.time<EngineTime>();
  load_connections(in);
  instruments_.load(in);
}

void Decoder::load_connections(ByteReader& in) {
  const ByteReader::Part part(in, "connections");
  const std::size_t count = in.count(kConnectionsMax);
  connections_.resize(count);
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    const std::string_view text = in.text();
    if (text.empty()) continue;
    auto source = parse_source(text);
    if (!source) return in.refuse(source.error().text);
    if (auto done = open(i, std::move(*source)); !done) return in.refuse(done.error().text);
  }
}

}  // namespace tapeline::decode
