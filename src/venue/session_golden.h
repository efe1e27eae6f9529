// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "venue/session_fixture.h"
#include "venue/venue.h"

namespace tapeline::venue {

// tests/golden/session/NAME: frames, and beside each what it means to a session.
inline void expect_session_golden(const Venue& venue) {
  const auto reader = venue.session.make_frame_reader();
  const std::string folder(venue.name);
  const auto input = session_golden(folder + "/input.jsonl");
  const auto expected = session_golden(folder + "/expected.txt");
  ASSERT_FALSE(input.empty());
  EXPECT_EQ(input.size(), expected.size());
  for (std::size_t i = 0; i < input.size(); ++i) {
    EXPECT_EQ(describe_meaning(*reader, input[i]), i < expected.size() ? expected[i] : "")
        << input[i];
  }
}

inline void expect_no_answer_of_cut_frames(const Venue& venue) {
  const auto reader = venue.session.make_frame_reader();
  for (const std::string& frame : session_golden(std::string(venue.name) + "/input.jsonl")) {
    const auto end = frame.find_last_not_of(" {}");
    for (std::size_t size = 0; size <= end; ++size) {
      const std::string said = describe_meaning(*reader, frame.substr(0, size));
      EXPECT_FALSE(said.starts_with("ack") || said.starts_with("refusal")) << said << frame;
    }
  }
}

}  // namespace tapeline::venue
