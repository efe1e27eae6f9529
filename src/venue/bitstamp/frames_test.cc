// SPDX-License-Identifier: Apache-2.0
// Whole frames: the golden ones, their cut and spoilt forms, and all orders of their fields.
#include <cstdint>
#include <string>

#include "reference/frames_fixture.h"
#include "venue/bitstamp/bitstamp.h"

namespace tapeline::venue::bitstamp {
namespace {

reference::FramesOf frames() { return {venue(), reference::read_bitstamp}; }

TEST(BitstampFrames, golden_frames_say_what_is_written_beside_them) { frames().expect_golden(); }

TEST(BitstampFrames, a_cut_frame_is_never_data) { frames().expect_no_data_of_cut_frames(); }

TEST(BitstampFrames, a_frame_with_anything_behind_it_is_never_data) {
  frames().expect_no_data_with_anything_behind();
}

RC_GTEST_PROP(BitstampFrames, the_order_of_fields_and_the_blanks_say_nothing, ()) {
  reference::AnyForm form;
  const std::string data =
      form.object({R"("id":7)", R"("amount":0.1)", R"("amount_str":"0.10")", R"("price":41250.1)",
                   R"("price_str":"41250.10")", R"("type":1)",
                   R"("microtimestamp":"1709251199000001")", R"("x":{"id":[]})"});
  const std::string frame = form.object(
      {R"("data":)" + data, R"("channel" : "live_trades_aaausd")", R"("event":"trade")"});
  RC_ASSERT(frames().says(frame) ==
            "trade trades aaausd sell id=7 price=41250.1 size=0.1 "
            "time=2024-02-29T23:59:59.000001000Z order=0 flags=[] has_id=true");
}

RC_GTEST_PROP(BitstampFrames, spoilt_frames_are_read_as_the_reference_reads_them, ()) {
  const auto differs = frames().first_difference(*rc::gen::arbitrary<std::uint32_t>(), 300);
  if (!differs.empty()) RC_FAIL(differs);
}

}  // namespace
}  // namespace tapeline::venue::bitstamp
