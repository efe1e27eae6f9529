// SPDX-License-Identifier: Apache-2.0
// Whole frames: the golden ones, their cut and spoilt forms, and all orders of their fields.
#include <cstdint>
#include <string>
#include <vector>

#include "reference/frames_fixture.h"
#include "venue/bybit/bybit.h"

namespace tapeline::venue::bybit {
namespace {

reference::FramesOf frames() { return {venue(), reference::read_bybit}; }

TEST(BybitFrames, golden_frames_say_what_is_written_beside_them) { frames().expect_golden(); }

TEST(BybitFrames, a_cut_frame_is_never_data) { frames().expect_no_data_of_cut_frames(); }

TEST(BybitFrames, a_frame_with_anything_behind_it_is_never_data) {
  frames().expect_no_data_with_anything_behind();
}

RC_GTEST_PROP(BybitFrames, the_order_of_fields_and_the_blanks_say_nothing, ()) {
  reference::AnyForm form;
  const std::vector<std::string> row{R"("T":1709251200271)", R"("s":"AAAUSDT")", R"("S":"Sell")",
                                     R"("v":"2.50")",        R"("p":"3.0")",     R"("i":"17")",
                                     R"("seq":5)",           R"("x":{"p":[]})"};
  const std::string frame =
      form.object({R"("topic":"publicTrade.AAAUSDT")", R"("type":"snapshot")",
                   "\"data\":[" + form.object(row) + "," + form.object(row) + "]"});
  const std::string trade =
      "trade trades AAAUSDT sell id=17 price=3 size=2.5 time=2024-03-01T00:00:00.271000000Z "
      "order=5 flags=[] has_id=true";
  RC_ASSERT(frames().says(frame) == trade + " | " + trade);
}

RC_GTEST_PROP(BybitFrames, spoilt_frames_are_read_as_the_reference_reads_them, ()) {
  const auto differs = frames().first_difference(*rc::gen::arbitrary<std::uint32_t>(), 300);
  if (!differs.empty()) RC_FAIL(differs);
}

}  // namespace
}  // namespace tapeline::venue::bybit
