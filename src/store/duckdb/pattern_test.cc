// SPDX-License-Identifier: Apache-2.0
// LIKE and its kin: what DuckDB tries each way of goes on until it has, whoever wants it to stop.
#include <gtest/gtest.h>

#include <string>

#include "store/duckdb/query_fixture.h"

namespace tapeline::store::duckdb {
namespace {

using Rows = std::vector<std::string>;
using Patterns = Query;

TEST_F(Patterns, of_common_use_are_answered) {
  for (const char* sql :
       {"SELECT 'BTC-USD' LIKE 'BTC%'", "SELECT 'BTC-USD' LIKE '%BTC%'",
        "SELECT 'BTC-USD' ILIKE '%btc%'", "SELECT 'BTC-USD' LIKE 'BTC_USD'",
        "SELECT 'BTC-USD' LIKE '%_USD'", "SELECT 'BTC-USD' NOT ILIKE 'eth%'",
        "SELECT 'BTC-USD' GLOB 'BTC*'", "SELECT 'BTC-USD' GLOB '*[U]S?'",
        "SELECT 'BTC%USD' LIKE 'BTC#%%' ESCAPE '#'", "SELECT 'BTC-USD' SIMILAR TO '.*C.*U.*D'",
        "SELECT 'BTC-USD' ~~ '%B%C%-%S%'", "SELECT lower('BTC-USD') LIKE '%b%c%-%s%'",
        "SELECT 'a\"\\b' LIKE 'a\"\\%'", "SELECT '' LIKE ''", "SELECT 'x' LIKE '%%'",
        "SELECT 'BTC-USD' ILIKE 'b%%d%%'", "SELECT '\"children\":[' LIKE '%\"children\":[%'"}) {
    EXPECT_EQ(ask(sql), (Rows{"true"})) << sql;
  }
  EXPECT_EQ(ask("SELECT count(*) FILTER (instrument LIKE '%') = count(*) FROM trades"),
            (Rows{"true"}));
}

TEST_F(Patterns, that_try_too_many_ways_are_refused_in_every_spelling) {
  for (const char* sql : {"SELECT x LIKE '%a_%b' FROM x",
                          "SELECT x NOT LIKE '%a_%b' FROM x",
                          "SELECT x ILIKE '%a%b' FROM x",
                          "SELECT x NOT ILIKE '%a%b' FROM x",
                          "SELECT x ILIKE '%a%b%' FROM x",
                          "SELECT x GLOB '*a*b' FROM x",
                          "SELECT x LIKE '%a%b' ESCAPE '#' FROM x",
                          "SELECT x NOT LIKE '%a%b' ESCAPE '#' FROM x",
                          "SELECT x ILIKE '%a%b' ESCAPE '#' FROM x",
                          "SELECT x NOT ILIKE '%a%b' ESCAPE '#' FROM x",
                          "SELECT x ~~ '%a_%b' FROM x",
                          "SELECT x !~~ '%a_%b' FROM x",
                          "SELECT x ~~* '%a%b' FROM x",
                          "SELECT x !~~* '%a%b' FROM x",
                          "SELECT x ~~~ '*a*b' FROM x",
                          "SELECT \"~~*\"(x, '%a%b') FROM x",
                          "SELECT main.\"LIKE_ESCAPE\"(x, '%a%b', '#') FROM x",
                          "SELECT x.\"~~~\"('*a*b') FROM x",
                          "SELECT not_ilike_escape(x, '%a%b', '#') FROM x",
                          "SELECT x LIKE '%' || x || '%' FROM x",
                          "SELECT x LIKE x FROM x",
                          "SELECT (x ILIKE '%a%b')::VARCHAR LIKE 't%' FROM x",
                          "SELECT (x LIKE 'a%')::VARCHAR ILIKE '%t%e' FROM x",
                          "SELECT 1 FROM x WHERE x LIKE '[\",' OR x ILIKE '%a%b'",
                          "SELECT 1 FROM x JOIN x AS y ON y.x ILIKE '%a%b'",
                          "EXPLAIN ANALYZE SELECT x ILIKE '%a%b' FROM x"}) {
    const std::string text = sql;
    const std::string from = "(SELECT repeat('a', 100000) AS x) AS x";
    const std::size_t at = text.find("FROM x");
    ASSERT_NE(at, std::string::npos);
    expect_refused(text.substr(0, at + 5) + from + text.substr(at + 6), "cannot be told to stop");
  }
  expect_refused("SELECT 'x' LIKE '" + std::string(257, 'x') + "'", "of at most 256 bytes");
  expect_refused(
      "SELECT 'BTC' ILIKE '%b%c'",
      "ILIKE with this pattern cannot be told to stop: a pattern is a text as it stands");
}

}  // namespace
}  // namespace tapeline::store::duckdb
