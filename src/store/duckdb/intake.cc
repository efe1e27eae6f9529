// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb/intake.h"

#include <fmt/format.h>

#include <memory>
#include <vector>

namespace tapeline::store::duckdb {
namespace {

std::uint64_t id_of(duckdb_client_context context) {
  return duckdb_client_context_get_connection_id(context);
}

std::uint64_t id_of(duckdb_connection connection) {
  duckdb_client_context got = nullptr;
  duckdb_connection_get_client_context(connection, &got);
  const ClientContext context(got);
  return id_of(context.get());
}

}  // namespace

struct Intake::Offer {
  std::uint64_t connection = 0;  // whose statements may read it
  std::vector<LogicalType> types{};
  const Fill* fill = nullptr;  // while the statement runs
};

// What DuckDB calls.
class Intake::Function {
 public:
  static void bind(duckdb_bind_info info) {
    const auto& offer = *static_cast<const Offer*>(duckdb_bind_get_extra_info(info));
    duckdb_client_context got = nullptr;
    duckdb_table_function_get_client_context(info, &got);
    const ClientContext context(got);
    if (id_of(context.get()) != offer.connection) {
      return duckdb_bind_set_error(info, "these rows are for the writer of the store alone");
    }
    for (std::size_t c = 0; c < offer.types.size(); ++c) {
      duckdb_bind_add_result_column(info, ("c" + std::to_string(c)).c_str(), offer.types[c].get());
    }
  }

  static void begin(duckdb_init_info /*info*/) {}

  static void read(duckdb_function_info info, duckdb_data_chunk out) {
    auto& offer = *static_cast<Offer*>(duckdb_function_get_extra_info(info));
    ChunkWriter to(out);
    duckdb_data_chunk_set_size(out, (*offer.fill)(to));
  }

  static void drop(void* offer) { delete static_cast<Offer*>(offer); }
};

Result<Intake> Intake::open(duckdb_connection connection, const Options& options) {
  const auto columns = prepare_statement(connection, options.columns);
  if (!columns) return tl::make_unexpected(columns.error());
  auto owned = std::make_unique<Offer>();
  owned->connection = id_of(connection);
  for (idx_t c = 0; c < duckdb_prepared_statement_column_count(columns->get()); ++c) {
    owned->types.emplace_back(duckdb_prepared_statement_column_logical_type(columns->get(), c));
  }
  const TableFunction function(duckdb_create_table_function());
  duckdb_table_function_set_name(function.get(), options.name.c_str());
  Offer& offer = *owned.release();
  duckdb_table_function_set_extra_info(function.get(), &offer, Function::drop);
  duckdb_table_function_set_bind(function.get(), Function::bind);
  duckdb_table_function_set_init(function.get(), Function::begin);
  duckdb_table_function_set_function(function.get(), Function::read);
  if (duckdb_register_table_function(connection, function.get()) != DuckDBSuccess) {
    return fail(Fault::kOurs, "DuckDB refuses the table function " + options.name);
  }
  auto statement = Prepared::open(connection, options.statement);
  if (!statement) return tl::make_unexpected(statement.error());
  return Intake(offer, std::move(*statement));
}

Result<Intake> Intake::open_insert(duckdb_connection connection, std::string_view table) {
  return open(connection,
              {.name = fmt::format("new_{}", table),
               .columns = fmt::format("FROM stored.{}", table),
               .statement = fmt::format("INSERT INTO stored.{0} FROM new_{0}()", table)});
}

Result<std::uint64_t> Intake::take(const Fill& fill) {
  offer_->fill = &fill;
  auto changed = statement_.run();
  offer_->fill = nullptr;
  return changed;
}

}  // namespace tapeline::store::duckdb
