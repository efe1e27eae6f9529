// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "store/duckdb/database.h"
#include "store/reader.h"

namespace tapeline::store::duckdb {

// A reader of a database that outlives it.
std::unique_ptr<Reader> make_reader(Database& database);

}  // namespace tapeline::store::duckdb
