// SPDX-License-Identifier: Apache-2.0
#include "app/values/table.h"

#include <gtest/gtest.h>

namespace tapeline::app::values {
namespace {

const Table kTable{{"name", "records", "when"}, {{"a", "7", ""}, {"longer", "1234567890", "now"}}};

TEST(Table, stands_in_columns_with_numbers_to_the_right) {
  EXPECT_EQ(aligned(kTable),
            "name       records  when\n"
            "a                7\n"
            "longer  1234567890  now\n");
  EXPECT_EQ(aligned({{"a", "b"}, {}}), "a  b\n");
}

TEST(Table, is_csv_too) {
  EXPECT_EQ(csv(kTable), "name,records,when\na,7,\nlonger,1234567890,now\n");
}

}  // namespace
}  // namespace tapeline::app::values
