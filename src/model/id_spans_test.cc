// SPDX-License-Identifier: Apache-2.0
#include "model/id_spans.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace tapeline {
namespace {

std::string text_of(const IdSpans& spans) {
  std::string out;
  IdSpan left{0, UINT64_MAX};
  while (const auto span = spans.first_in(left)) {
    out += std::to_string(span->first) + '-' + std::to_string(span->last) + ' ';
    if (span->last == UINT64_MAX) break;
    left.first = span->last + 1;
  }
  return out;
}

std::string text_of(const std::set<std::uint64_t>& ids) {
  std::string out;
  for (const std::uint64_t id : ids) {
    if (!ids.contains(id - 1)) out += std::to_string(id) + '-';
    if (!ids.contains(id + 1)) out += std::to_string(id) + ' ';
  }
  return out;
}

RC_GTEST_PROP(IdSpans, hold_what_a_set_of_ids_holds, ()) {
  IdSpans spans;
  std::set<std::uint64_t> ids;
  const auto id = rc::gen::inRange<std::uint64_t>(1, 40);
  for (int left = *rc::gen::inRange(0, 30); left > 0; --left) {
    const std::uint64_t first = *id;
    const std::uint64_t last = first + *rc::gen::inRange<std::uint64_t>(0, 6);
    bool is_new = false;
    for (std::uint64_t i = first; i <= last; ++i) is_new = ids.insert(i).second || is_new;
    RC_ASSERT(spans.add({first, last}) == is_new);
    RC_ASSERT(text_of(spans) == text_of(ids));
  }
  const std::uint64_t from = *id;
  const std::uint64_t to = from + *rc::gen::inRange<std::uint64_t>(0, 9);
  const auto found = spans.first_in({from, to});
  const auto first = ids.lower_bound(from);
  RC_ASSERT(found.has_value() == (first != ids.end() && *first <= to));
  if (found) RC_ASSERT(found->first == *first);
}

TEST(IdSpans, the_ends_of_all_numbers_are_ids_like_any_other) {
  IdSpans spans;
  EXPECT_TRUE(spans.add({UINT64_MAX, UINT64_MAX}));
  EXPECT_TRUE(spans.add({0, 0}));
  EXPECT_TRUE(spans.add({1, UINT64_MAX - 1}));
  EXPECT_EQ(text_of(spans), "0-18446744073709551615 ");
  EXPECT_FALSE(spans.add({5, UINT64_MAX}));
}

TEST(IdSpans, what_was_saved_is_loaded_and_what_is_no_set_refused) {
  IdSpans spans;
  spans.add({3, 5});
  spans.add({9, 9});
  ByteWriter out;
  spans.save(out);
  const std::string bytes(out.joined());
  IdSpans loaded;
  ByteReader in(bytes);
  loaded.load(in, 2);
  EXPECT_FALSE(in.failed());
  EXPECT_EQ(text_of(loaded), "3-5 9-9 ");

  ByteReader too_many(bytes);
  IdSpans().load(too_many, 1);
  EXPECT_TRUE(too_many.failed());
  ByteWriter touching;
  touching.numbers(std::uint64_t{2}, std::uint64_t{3}, std::uint64_t{5}, std::uint64_t{6},
                   std::uint64_t{7});
  const std::string bad(touching.joined());
  ByteReader refused(bad);
  IdSpans().load(refused, 9);
  EXPECT_TRUE(refused.failed());
}

}  // namespace
}  // namespace tapeline
