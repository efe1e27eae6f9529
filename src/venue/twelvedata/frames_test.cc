// SPDX-License-Identifier: Apache-2.0
// Whole frames: the golden ones, their cut and spoilt forms, and all orders of their fields.
#include <cstdint>
#include <string>

#include "reference/frames_fixture.h"
#include "venue/twelvedata/twelvedata.h"

namespace tapeline::venue::twelvedata {
namespace {

reference::FramesOf frames() { return {venue(), reference::read_twelvedata}; }

TEST(TwelveDataFrames, golden_frames_say_what_is_written_beside_them) { frames().expect_golden(); }

TEST(TwelveDataFrames, a_cut_frame_is_never_data) { frames().expect_no_data_of_cut_frames(); }

TEST(TwelveDataFrames, a_frame_with_anything_behind_it_is_never_data) {
  frames().expect_no_data_with_anything_behind();
}

RC_GTEST_PROP(TwelveDataFrames, the_order_of_fields_and_the_blanks_say_nothing, ()) {
  reference::AnyForm form;
  const std::string frame =
      form.object({R"("event":"price")", R"("symbol":"AAA/USD")", R"("timestamp":1709251200)",
                   R"("price":41250.10)", R"("bid":41250)", R"("ask":41251.0)",
                   R"("type":"Digital \u0043")", R"("x":{"price":[]})"});
  RC_ASSERT(frames().says(frame) ==
            "trade trades AAA/USD unknown id=0 price=41250.1 size=0 "
            "time=2024-03-01T00:00:00.000000000Z order=0 flags=[coarse_time no_size] "
            "has_id=false | quote AAA/USD id=0 bid=41250 ask=41251 "
            "time=2024-03-01T00:00:00.000000000Z");
}

RC_GTEST_PROP(TwelveDataFrames, spoilt_frames_are_read_as_the_reference_reads_them, ()) {
  const auto differs = frames().first_difference(*rc::gen::arbitrary<std::uint32_t>(), 300);
  if (!differs.empty()) RC_FAIL(differs);
}

}  // namespace
}  // namespace tapeline::venue::twelvedata
