// SPDX-License-Identifier: Apache-2.0
// Whole frames: the golden ones, their cut and spoilt forms, and all orders of their fields.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "reference/mutate.h"
#include "reference/venue_reference.h"
#include "venue/finnhub/finnhub.h"

namespace tapeline::venue::finnhub {
namespace {

std::vector<std::string> golden(const std::string& name) {
  return reference::read_lines("tests/golden/venue/finnhub/" + name);
}

std::string difference(const std::string& frame) {
  static const auto kParser = venue().make_parser();
  return reference::difference(*kParser, reference::read_finnhub, frame);
}

// A frame's items, as the golden file has them: one line.
std::string one_line(std::string items) {
  items.pop_back();
  for (std::size_t at = 0; (at = items.find('\n', at)) != std::string::npos;) {
    items.replace(at, 1, " | ");
  }
  return items;
}

TEST(FinnhubFrames, golden_frames_say_what_is_written_beside_them) {
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
         said.find("no_trade") != std::string::npos;
}

TEST(FinnhubFrames, a_cut_frame_is_never_data) {
  const auto parser = venue().make_parser();
  for (const std::string& frame : golden("input.jsonl")) {
    const auto end = frame.find_last_not_of(" {}");
    for (std::size_t size = 0; size <= end; ++size) {
      const std::string said = reference::describe(*parser, frame.substr(0, size));
      EXPECT_FALSE(is_data(said)) << said << frame.substr(0, size);
    }
  }
}

TEST(FinnhubFrames, a_frame_with_anything_behind_it_is_never_data) {
  const auto parser = venue().make_parser();
  for (const std::string& frame : golden("input.jsonl")) {
    for (const std::string& more : {std::string("x"), std::string("}"), std::string("1"),
                                    std::string(1, '\0'), std::string("{}"), frame}) {
      const std::string said = reference::describe(*parser, frame + more);
      EXPECT_FALSE(is_data(said)) << said << frame << more;
    }
  }
}

RC_GTEST_PROP(FinnhubFrames, the_order_of_fields_and_the_blanks_say_nothing, ()) {
  std::vector<std::string> fields{R"("c":["1","12"])",    R"("p":41250.10)", R"("s":"AAA")",
                                  R"("t":1709251200271)", R"("v":1.50)",     R"("x":{"p":[]})"};
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  std::shuffle(fields.begin(), fields.end(), random);
  const auto blank = *rc::gen::container<std::string>(rc::gen::elementOf(std::string(" \t\r\n")));
  std::string row = blank + "{";
  for (const std::string& field : fields) {
    row += (row.back() == '{' ? "" : ",") + blank + field + blank;
  }
  row += "}" + blank;
  const std::string data = R"("data")" + blank + ":[" + row + "," + row + "]" + blank;
  const std::string type = blank + R"("type": "trade")" + blank;
  const std::string trade =
      "trade trades AAA unknown id=0 price=41250.1 size=1.5 "
      "time=2024-03-01T00:00:00.271000000Z order=0 flags=[] has_id=false\n";
  const auto parser = venue().make_parser();
  RC_ASSERT(reference::describe(*parser, blank + "{" + data + "," + type + "}") == trade + trade);
  RC_ASSERT(reference::describe(*parser, "{" + type + "," + data + "}" + blank) == trade + trade);
}

RC_GTEST_PROP(FinnhubFrames, spoilt_frames_are_read_as_the_reference_reads_them, ()) {
  reference::Mutator mutator(golden("input.jsonl"), *rc::gen::arbitrary<std::uint32_t>());
  for (int i = 0; i < 300; ++i) {
    const std::string frame = mutator.next();
    const std::string differs = difference(frame);
    if (!differs.empty()) RC_FAIL(frame + "\n" + differs);
  }
}

}  // namespace
}  // namespace tapeline::venue::finnhub
