// SPDX-License-Identifier: Apache-2.0
// Whole frames: the golden ones, their cut and spoilt forms, and all orders of their fields.
#include <cstdint>
#include <string>
#include <vector>

#include "reference/frames_fixture.h"
#include "venue/okx/okx.h"

namespace tapeline::venue::okx {
namespace {

reference::FramesOf frames() { return {venue(), reference::read_okx}; }

TEST(OkxFrames, golden_frames_say_what_is_written_beside_them) { frames().expect_golden(); }

TEST(OkxFrames, a_cut_frame_is_never_data) { frames().expect_no_data_of_cut_frames(); }

TEST(OkxFrames, a_frame_with_anything_behind_it_is_never_data) {
  frames().expect_no_data_with_anything_behind();
}

RC_GTEST_PROP(OkxFrames, the_order_of_fields_and_the_blanks_say_nothing, ()) {
  reference::AnyForm form;
  const std::vector<std::string> row{
      R"("instId":"A-B-SWAP")", R"("tradeId":"17")",       R"("px":"3.0")",  R"("sz":"2.50")",
      R"("side":"sell")",       R"("ts":"1709251200271")", R"("count":"2")", R"("x":{"px":[]})"};
  const std::string frame =
      form.object({"\"arg\":" + form.object({R"("channel":"trades")", R"("instId":"A-B-SWAP")"}),
                   "\"data\":[" + form.object(row) + "," + form.object(row) + "]", R"("z":null)"});
  const std::string trade =
      "trade trades A-B-SWAP sell id=17 price=3 size=2.5 time=2024-03-01T00:00:00.271000000Z "
      "order=0 flags=[] has_id=true fills=16..17";
  RC_ASSERT(frames().says(frame) == trade + " | " + trade);
}

RC_GTEST_PROP(OkxFrames, spoilt_frames_are_read_as_the_reference_reads_them, ()) {
  const auto differs = frames().first_difference(*rc::gen::arbitrary<std::uint32_t>(), 300);
  if (!differs.empty()) RC_FAIL(differs);
}

}  // namespace
}  // namespace tapeline::venue::okx
