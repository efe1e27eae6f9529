// SPDX-License-Identifier: Apache-2.0
#include "venue/message.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tapeline::venue {
namespace {

// The names are labels of metrics: each needs one of its own.
template <typename Reason>
void expect_names() {
  std::set<std::string> names;
  for (int i = 0; i < static_cast<int>(Reason::kEnd); ++i) {
    const std::string name = name_of(static_cast<Reason>(i));
    EXPECT_FALSE(name.empty()) << i;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(Message, every_control_reason_has_its_name) { expect_names<ControlReason>(); }
TEST(Message, every_reject_reason_has_its_name) { expect_names<RejectReason>(); }

}  // namespace
}  // namespace tapeline::venue
