// SPDX-License-Identifier: Apache-2.0
// Whole frames: the golden ones, their cut and spoilt forms, and all orders of their fields.
#include <cstdint>
#include <string>

#include "reference/frames_fixture.h"
#include "venue/finnhub/finnhub.h"

namespace tapeline::venue::finnhub {
namespace {

reference::FramesOf frames() { return {venue(), reference::read_finnhub}; }

TEST(FinnhubFrames, golden_frames_say_what_is_written_beside_them) { frames().expect_golden(); }

TEST(FinnhubFrames, a_cut_frame_is_never_data) { frames().expect_no_data_of_cut_frames(); }

TEST(FinnhubFrames, a_frame_with_anything_behind_it_is_never_data) {
  frames().expect_no_data_with_anything_behind();
}

RC_GTEST_PROP(FinnhubFrames, the_order_of_fields_and_the_blanks_say_nothing, ()) {
  reference::AnyForm form;
  const std::string row = form.object({R"("c":["1","12"])", R"("p":41250.10)", R"("s":"AAA")",
                                       R"("t":1709251200271)", R"("v":1.50)", R"("x":{"p":[]})"});
  const std::string frame = form.object(
      {R"("data")" + form.blank() + ":[" + row + "," + row + "]", R"("type": "trade")"});
  const std::string trade =
      "trade trades AAA unknown id=0 price=41250.1 size=1.5 "
      "time=2024-03-01T00:00:00.271000000Z order=0 flags=[] has_id=false conditions=[1 12]";
  RC_ASSERT(frames().says(frame) == trade + " | " + trade);
}

RC_GTEST_PROP(FinnhubFrames, spoilt_frames_are_read_as_the_reference_reads_them, ()) {
  const auto differs = frames().first_difference(*rc::gen::arbitrary<std::uint32_t>(), 300);
  if (!differs.empty()) RC_FAIL(differs);
}

}  // namespace
}  // namespace tapeline::venue::finnhub
