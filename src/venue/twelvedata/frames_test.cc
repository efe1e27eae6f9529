// SPDX-License-Identifier: Apache-2.0
// Whole frames: the golden ones, their cut and spoilt forms, and all orders of their fields.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "reference/mutate.h"
#include "reference/venue_reference.h"
#include "venue/twelvedata/twelvedata.h"

namespace tapeline::venue::twelvedata {
namespace {

std::vector<std::string> golden(const std::string& name) {
  return reference::read_lines("tests/golden/venue/twelvedata/" + name);
}

std::string difference(const std::string& frame) {
  static const auto kParser = venue().make_parser();
  return reference::difference(*kParser, reference::read_twelvedata, frame);
}

// A frame's items, as the golden file has them: one line.
std::string one_line(std::string items) {
  items.pop_back();
  for (std::size_t at = 0; (at = items.find('\n', at)) != std::string::npos;) {
    items.replace(at, 1, " | ");
  }
  return items;
}

TEST(TwelveDataFrames, golden_frames_say_what_is_written_beside_them) {
  const auto parser = venue().make_parser();
  const auto input = golden("input.jsonl");
  const auto expected = golden("expected.txt");
  ASSERT_FALSE(input.empty());
  ASSERT_EQ(input.size(), expected.size());
  for (std::size_t i = 0; i < input.size(); ++i) {
    EXPECT_EQ(one_line(reference::describe(*parser, input[i])), expected[i]) << input[i];
    EXPECT_EQ(difference(input[i]), "") << input[i];
  }
}

bool is_data(const std::string& said) {
  return said.find("trade trades") != std::string::npos ||
         said.find("quote ") != std::string::npos || said.starts_with("control ack");
}

TEST(TwelveDataFrames, a_cut_frame_is_never_data) {
  const auto parser = venue().make_parser();
  for (const std::string& frame : golden("input.jsonl")) {
    const auto end = frame.find_last_not_of(" {}");
    for (std::size_t size = 0; size <= end; ++size) {
      const std::string said = reference::describe(*parser, frame.substr(0, size));
      EXPECT_FALSE(is_data(said)) << said << frame.substr(0, size);
    }
  }
}

TEST(TwelveDataFrames, a_frame_with_anything_behind_it_is_never_data) {
  const auto parser = venue().make_parser();
  for (const std::string& frame : golden("input.jsonl")) {
    for (const std::string& more : {std::string("x"), std::string("}"), std::string("1"),
                                    std::string(1, '\0'), std::string("{}"), frame}) {
      const std::string said = reference::describe(*parser, frame + more);
      EXPECT_FALSE(is_data(said)) << said << frame << more;
    }
  }
}

RC_GTEST_PROP(TwelveDataFrames, the_order_of_fields_and_the_blanks_say_nothing, ()) {
  std::vector<std::string> fields{
      R"("event":"price")",         R"("symbol":"AAA/USD")", R"("timestamp":1709251200)",
      R"("price":41250.10)",        R"("bid":41250)",        R"("ask":41251.0)",
      R"("type":"Digital \u0043")", R"("x":{"price":[]})"};
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  std::shuffle(fields.begin(), fields.end(), random);
  const auto blank = *rc::gen::container<std::string>(rc::gen::elementOf(std::string(" \t\r\n")));
  std::string frame = blank + "{";
  for (const std::string& field : fields) {
    frame += (frame.back() == '{' ? "" : ",") + blank + field + blank;
  }
  const auto parser = venue().make_parser();
  RC_ASSERT(reference::describe(*parser, frame + "}" + blank) ==
            "trade trades AAA/USD unknown id=0 price=41250.1 size=0 "
            "time=2024-03-01T00:00:00.000000000Z order=0 flags=[coarse_time no_size] "
            "has_id=false\nquote AAA/USD id=0 bid=41250 ask=41251 "
            "time=2024-03-01T00:00:00.000000000Z\n");
}

RC_GTEST_PROP(TwelveDataFrames, spoilt_frames_are_read_as_the_reference_reads_them, ()) {
  reference::Mutator mutator(golden("input.jsonl"), *rc::gen::arbitrary<std::uint32_t>());
  for (int i = 0; i < 300; ++i) {
    const std::string frame = mutator.next();
    const std::string differs = difference(frame);
    if (!differs.empty()) RC_FAIL(frame + "\n" + differs);
  }
}

}  // namespace
}  // namespace tapeline::venue::twelvedata
