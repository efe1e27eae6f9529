// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "store/reconcile.h"

namespace tapeline::store::duckdb {

// The transaction that adds it to the tables.
std::string record_sql(const Reconciliation& found);

}  // namespace tapeline::store::duckdb
