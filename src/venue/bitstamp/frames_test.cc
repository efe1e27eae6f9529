// SPDX-License-Identifier: Apache-2.0
// Whole frames: the golden ones, their cut and spoilt forms, and all orders of their fields.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "reference/mutate.h"
#include "reference/venue_reference.h"
#include "venue/bitstamp/bitstamp.h"

namespace tapeline::venue::bitstamp {
namespace {

std::vector<std::string> golden(const std::string& name) {
  return reference::read_lines("tests/golden/venue/bitstamp/" + name);
}

std::string difference(const std::string& frame) {
  static const auto kParser = venue().make_parser();
  return reference::difference(*kParser, reference::read_bitstamp, frame);
}

TEST(BitstampFrames, golden_frames_say_what_is_written_beside_them) {
  const auto parser = venue().make_parser();
  const auto input = golden("input.jsonl");
  const auto expected = golden("expected.txt");
  ASSERT_FALSE(input.empty());
  ASSERT_EQ(input.size(), expected.size());
  for (std::size_t i = 0; i < input.size(); ++i) {
    EXPECT_EQ(reference::describe(*parser, input[i]), expected[i] + "\n") << input[i];
    EXPECT_EQ(difference(input[i]), "") << input[i];
  }
}

bool is_data(const std::string& said) {
  return said.starts_with("trade") || said.starts_with("quote") || said.starts_with("heartbeat") ||
         said.starts_with("control ack");
}

TEST(BitstampFrames, a_cut_frame_is_never_data) {
  const auto parser = venue().make_parser();
  for (const std::string& frame : golden("input.jsonl")) {
    const auto end = frame.find_last_not_of(" {}");
    for (std::size_t size = 0; size <= end; ++size) {
      const std::string said = reference::describe(*parser, frame.substr(0, size));
      EXPECT_FALSE(is_data(said)) << said << frame.substr(0, size);
    }
  }
}

TEST(BitstampFrames, a_frame_with_anything_behind_it_is_never_data) {
  const auto parser = venue().make_parser();
  for (const std::string& frame : golden("input.jsonl")) {
    for (const std::string& more : {std::string("x"), std::string("}"), std::string("1"),
                                    std::string(1, '\0'), std::string("{}"), frame}) {
      const std::string said = reference::describe(*parser, frame + more);
      EXPECT_FALSE(is_data(said)) << said << frame << more;
    }
  }
}

RC_GTEST_PROP(BitstampFrames, the_order_of_fields_and_the_blanks_say_nothing, ()) {
  std::vector<std::string> fields{R"("id":7)",
                                  R"("amount":0.1)",
                                  R"("amount_str":"0.10")",
                                  R"("price":41250.1)",
                                  R"("price_str":"41250.10")",
                                  R"("type":1)",
                                  R"("microtimestamp":"1709251199000001")",
                                  R"("x":{"id":[]})"};
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  std::shuffle(fields.begin(), fields.end(), random);
  const auto blank = *rc::gen::container<std::string>(rc::gen::elementOf(std::string(" \t\r\n")));
  std::string data = blank + "{";
  for (const std::string& field : fields) {
    data += (data.back() == '{' ? "" : ",") + blank + field + blank;
  }
  std::vector<std::string> parts{R"("data":)" + data + "}" + blank,
                                 blank + R"("channel" : "live_trades_aaausd")",
                                 R"("event":"trade")" + blank};
  std::shuffle(parts.begin(), parts.end(), random);
  const auto parser = venue().make_parser();
  RC_ASSERT(reference::describe(
                *parser, blank + "{" + parts[0] + "," + parts[1] + "," + parts[2] + "}" + blank) ==
            "trade trades aaausd sell id=7 price=41250.1 size=0.1 "
            "time=2024-02-29T23:59:59.000001000Z order=0 flags=[] has_id=true\n");
}

RC_GTEST_PROP(BitstampFrames, spoilt_frames_are_read_as_the_reference_reads_them, ()) {
  reference::Mutator mutator(golden("input.jsonl"), *rc::gen::arbitrary<std::uint32_t>());
  for (int i = 0; i < 300; ++i) {
    const std::string frame = mutator.next();
    const std::string differs = difference(frame);
    if (!differs.empty()) RC_FAIL(frame + "\n" + differs);
  }
}

}  // namespace
}  // namespace tapeline::venue::bitstamp
