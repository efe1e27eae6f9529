// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "reference/mutate.h"
#include "reference/venue_reference.h"
#include "venue/venue.h"

namespace tapeline::reference {

// The golden frames of one venue, its parser, and the slow one that knows better.
class FramesOf {
 public:
  FramesOf(const venue::Venue& venue, Expected (*read)(std::string_view))
      : name_(venue.name), parser_(venue.make_parser()), read_(read) {}

  // tests/golden/venue/NAME: frames, and beside each what it says; its items are parted by " | ".
  void expect_golden() {
    const auto input = golden("input.jsonl");
    const auto expected = golden("expected.txt");
    ASSERT_FALSE(input.empty());
    EXPECT_EQ(input.size(), expected.size());
    for (std::size_t i = 0; i < input.size(); ++i) {
      EXPECT_EQ(says(input[i]), i < expected.size() ? expected[i] : "") << input[i];
      EXPECT_EQ(difference(input[i]), "") << input[i];
    }
  }

  void expect_no_data_of_cut_frames() {
    for (const std::string& frame : golden("input.jsonl")) {
      const auto end = frame.find_last_not_of(" {}");
      for (std::size_t size = 0; size <= end; ++size) {
        const std::string said = says(frame.substr(0, size));
        EXPECT_FALSE(is_data(said)) << said << "\n" << frame.substr(0, size);
      }
    }
  }

  void expect_no_data_with_anything_behind() {
    for (const std::string& frame : golden("input.jsonl")) {
      for (const std::string& more : {std::string("x"), std::string("}"), std::string("1"),
                                      std::string(1, '\0'), std::string("{}"), frame}) {
        const std::string said = says(frame + more);
        EXPECT_FALSE(is_data(said)) << said << "\n" << frame << more;
      }
    }
  }

  // What differs first, of so many spoilt frames.
  std::string first_difference(std::uint32_t seed, int frames) {
    Mutator mutator(golden("input.jsonl"), seed);
    for (int i = 0; i < frames; ++i) {
      const std::string frame = mutator.next();
      const std::string differs = difference(frame);
      if (!differs.empty()) return frame + "\n" + differs;
    }
    return {};
  }

  std::string says(std::string_view frame) {
    std::string said = describe(*parser_, frame);
    if (!said.empty()) said.pop_back();
    for (std::size_t at = 0; (at = said.find('\n', at)) != std::string::npos;) {
      said.replace(at, 1, " | ");
    }
    return said;
  }

 private:
  [[nodiscard]] std::vector<std::string> golden(const std::string& file) const {
    return read_lines("tests/golden/venue/" + name_ + "/" + file);
  }
  std::string difference(std::string_view frame) {
    return reference::difference(*parser_, read_, frame);
  }
  // Whether one of the items brings something.
  static bool is_data(const std::string& said) {
    const std::string items = " | " + said;
    for (const char* item :
         {"trade", "quote", "heartbeat", "control ack", "control heartbeat", "control no_trade"}) {
      if (items.find(std::string(" | ") + item) != std::string::npos) return true;
    }
    return false;
  }

  std::string name_;
  std::unique_ptr<venue::Parser> parser_;
  Expected (*read_)(std::string_view);
};

// Objects that say the same in any form: any order of their fields, any blanks. For properties.
class AnyForm {
 public:
  std::string object(std::vector<std::string> fields) {
    std::shuffle(fields.begin(), fields.end(), random_);
    std::string out = blank_ + "{";
    for (const std::string& field : fields) {
      out += (out.back() == '{' ? "" : ",") + blank_ + field + blank_;
    }
    return out + "}" + blank_;
  }
  [[nodiscard]] const std::string& blank() const { return blank_; }

 private:
  std::mt19937 random_{*rc::gen::arbitrary<std::uint32_t>()};
  std::string blank_ = *rc::gen::container<std::string>(rc::gen::elementOf(std::string(" \t\r\n")));
};

}  // namespace tapeline::reference
