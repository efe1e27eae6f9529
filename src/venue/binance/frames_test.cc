// SPDX-License-Identifier: Apache-2.0
// Whole frames: the golden ones, their cut and spoilt forms, and all orders of their fields.
#include <cstdint>
#include <string>

#include "reference/frames_fixture.h"
#include "venue/binance/binance.h"

namespace tapeline::venue::binance {
namespace {

reference::FramesOf frames() { return {venue(), reference::read_binance}; }

TEST(BinanceFrames, golden_frames_say_what_is_written_beside_them) { frames().expect_golden(); }

TEST(BinanceFrames, a_cut_frame_is_never_data) { frames().expect_no_data_of_cut_frames(); }

TEST(BinanceFrames, a_frame_with_anything_behind_it_is_never_data) {
  frames().expect_no_data_with_anything_behind();
}

RC_GTEST_PROP(BinanceFrames, the_order_of_fields_and_the_blanks_say_nothing, ()) {
  reference::AnyForm form;
  const std::string payload =
      form.object({R"("e":"aggTrade")", R"("E":1709251200279)", R"("s":"AAAUSDT")", R"("a":7)",
                   R"("p":"41250.10")", R"("q":"0.10")", R"("f":17)", R"("l":19)", R"("m":true)",
                   R"("x":{"p":[]})", R"("T":1709251200271)"});
  const std::string expected =
      "trade agg_trades AAAUSDT sell id=7 price=41250.1 size=0.1 "
      "time=2024-03-01T00:00:00.271000000Z order=0 flags=[] has_id=true fills=17..19";
  RC_ASSERT(frames().says(payload) == expected);
  RC_ASSERT(frames().says(form.object({R"("stream":"x")", R"("data":)" + payload})) == expected);
}

RC_GTEST_PROP(BinanceFrames, spoilt_frames_are_read_as_the_reference_reads_them, ()) {
  const auto differs = frames().first_difference(*rc::gen::arbitrary<std::uint32_t>(), 300);
  if (!differs.empty()) RC_FAIL(differs);
}

}  // namespace
}  // namespace tapeline::venue::binance
