// SPDX-License-Identifier: Apache-2.0
// Whole frames: the golden ones, their cut and spoilt forms, and all orders of their fields.
#include <cstdint>
#include <string>
#include <vector>

#include "reference/frames_fixture.h"
#include "venue/kraken/kraken.h"

namespace tapeline::venue::kraken {
namespace {

reference::FramesOf frames() { return {venue(), reference::read_kraken}; }

TEST(KrakenFrames, golden_frames_say_what_is_written_beside_them) { frames().expect_golden(); }

TEST(KrakenFrames, a_cut_frame_is_never_data) { frames().expect_no_data_of_cut_frames(); }

TEST(KrakenFrames, a_frame_with_anything_behind_it_is_never_data) {
  frames().expect_no_data_with_anything_behind();
}

RC_GTEST_PROP(KrakenFrames, the_order_of_fields_and_the_blanks_say_nothing, ()) {
  reference::AnyForm form;
  const std::vector<std::string> row{R"("symbol":"AAA/USD")",
                                     R"("side":"sell")",
                                     R"("price":0.51470)",
                                     R"("qty":6423.0)",
                                     R"("ord_type":"limit")",
                                     R"("trade_id":7)",
                                     R"("timestamp":"2024-03-01T00:00:00.271Z")",
                                     R"("x":{"price":[]})"};
  const std::string frame =
      form.object({R"("channel":"trade")", R"("type" : "snapshot")", R"("z":null)",
                   "\"data\":[" + form.object(row) + "," + form.object(row) + "]"});
  const std::string trade =
      "trade trades AAA/USD sell id=7 price=0.5147 size=6423 "
      "time=2024-03-01T00:00:00.271000000Z order=0 flags=[snapshot] has_id=true";
  RC_ASSERT(frames().says(frame) == trade + " | " + trade);
}

RC_GTEST_PROP(KrakenFrames, spoilt_frames_are_read_as_the_reference_reads_them, ()) {
  const auto differs = frames().first_difference(*rc::gen::arbitrary<std::uint32_t>(), 300);
  if (!differs.empty()) RC_FAIL(differs);
}

}  // namespace
}  // namespace tapeline::venue::kraken
