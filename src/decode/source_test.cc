// SPDX-License-Identifier: Apache-2.0
#include "decode/source.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace tapeline::decode {
namespace {

void expect_same(const Source& a, const Source& b) {
  RC_ASSERT(a.venue == b.venue);
  RC_ASSERT(a.rows == b.rows);
  RC_ASSERT(a.is_record_only == b.is_record_only);
  RC_ASSERT(a.recv_inferred == b.recv_inferred);
  RC_ASSERT(a.idle_known == b.idle_known);
  RC_ASSERT(a.time_unit == b.time_unit);
  RC_ASSERT(a.csv_header == b.csv_header);
}

// A line: anything but its end.
std::string any_line() {
  return *rc::gen::container<std::string>(rc::gen::suchThat(
      rc::gen::oneOf(rc::gen::character<char>(), rc::gen::elementOf(std::string(": ,\"\r"))),
      [](char c) { return c != '\n'; }));
}

RC_GTEST_PROP(Source, comes_back_as_it_was_written, ()) {
  Source source;
  source.venue = *rc::gen::element<std::string>("", "coinbase", "binance");
  source.rows = *rc::gen::arbitrary<bool>();
  source.is_record_only = !source.rows && *rc::gen::arbitrary<bool>();
  source.recv_inferred = *rc::gen::arbitrary<bool>();
  source.idle_known = !source.recv_inferred && *rc::gen::arbitrary<bool>();
  source.time_unit = *rc::gen::element(TimeUnit::kNone, TimeUnit::kSeconds, TimeUnit::kMillis,
                                       TimeUnit::kMicros, TimeUnit::kNanos);
  source.csv_header = any_line();
  const auto parsed = parse_source(encode_source(source));
  RC_ASSERT(parsed.has_value());
  expect_same(*parsed, source);
}

RC_GTEST_PROP(Source, no_text_is_misread, ()) {
  const auto lines = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "venue: coinbase", "kind: rows", "recv: stamped", "unit: ms", "header: a,b", "kind: Rows",
      "recv: yes", "unit: m", "color: red", "venue:coinbase", "", "venue"));
  std::string text;
  bool is_known = true;
  for (const std::string& line : lines) {
    text += line + '\n';
    is_known = is_known && (line == "venue: coinbase" || line == "kind: rows" ||
                            line == "recv: stamped" || line == "unit: ms" || line == "header: a,b");
  }
  RC_ASSERT(parse_source(text).has_value() == is_known);
}

TEST(Source, is_written_as_lines_that_people_can_read) {
  Source source;
  source.venue = "coinbase";
  source.recv_inferred = true;
  EXPECT_EQ(encode_source(source),
            "venue: coinbase\nname: \nkind: frames\nrecv: inferred\nunit: none\nheader: \n");
  source.rows = true;
  source.recv_inferred = false;
  source.time_unit = TimeUnit::kMicros;
  source.csv_header = "symbol,price: in USD";
  EXPECT_EQ(encode_source(source),
            "venue: coinbase\nname: \nkind: rows\nrecv: stamped\nunit: us\nheader: symbol,price: "
            "in USD\n");
}

TEST(Source, what_a_newer_program_wrote_is_refused_by_name) {
  const auto parsed = parse_source("venue: coinbase\nline: B\n");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().fault, Fault::kTheirs);
  EXPECT_NE(parsed.error().text.find("\"line: B\""), std::string::npos) << parsed.error().text;
}

}  // namespace
}  // namespace tapeline::decode
