// SPDX-License-Identifier: Apache-2.0
// Whole frames: the golden ones, their cut and spoilt forms, and all orders of their fields.
#include <cstdint>
#include <string>

#include "reference/frames_fixture.h"
#include "venue/coinbase_advanced/coinbase_advanced.h"

namespace tapeline::venue::coinbase_advanced {
namespace {

reference::FramesOf frames() { return {venue(), reference::read_coinbase_advanced}; }

TEST(CoinbaseAdvancedFrames, golden_frames_say_what_is_written_beside_them) {
  frames().expect_golden();
}

TEST(CoinbaseAdvancedFrames, a_cut_frame_is_never_data) { frames().expect_no_data_of_cut_frames(); }

TEST(CoinbaseAdvancedFrames, a_frame_with_anything_behind_it_is_never_data) {
  frames().expect_no_data_with_anything_behind();
}

RC_GTEST_PROP(CoinbaseAdvancedFrames, the_order_of_fields_and_the_blanks_say_nothing, ()) {
  reference::AnyForm form;
  const std::string row =
      form.object({R"("product_id":"AAA-USD")", R"("price":"41250.10")", R"("trade_id":"7")",
                   R"("size":"0.10")", R"("side":"SELL")", R"("x":{"price":[]})",
                   R"("time":"2024-02-29T23:59:59.000001Z")"});
  const std::string event = form.object({R"("trades":[)" + row + "]", R"("type":"update")"});
  const std::string frame = form.object(
      {R"("events":[)" + event + "]", R"("channel" : "market_trades")", R"("sequence_num":9)"});
  RC_ASSERT(frames().says(frame) ==
            "trade trades AAA-USD buy id=7 price=41250.1 size=0.1 "
            "time=2024-02-29T23:59:59.000001000Z order=0 flags=[] has_id=true");
}

RC_GTEST_PROP(CoinbaseAdvancedFrames, spoilt_frames_are_read_as_the_reference_reads_them, ()) {
  const auto differs = frames().first_difference(*rc::gen::arbitrary<std::uint32_t>(), 300);
  if (!differs.empty()) RC_FAIL(differs);
}

}  // namespace
}  // namespace tapeline::venue::coinbase_advanced
