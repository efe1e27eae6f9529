# SPDX-License-Identifier: Apache-2.0
# Libraries of the distribution, all required: script/bootstrap installs them.
# Link names: fmt::fmt tl::expected simdjson::simdjson yaml-cpp CLI11::CLI11 spdlog::spdlog
# zstd::libzstd_shared LibLZMA::LibLZMA ZLIB::ZLIB Boost::headers OpenSSL::SSL OpenSSL::Crypto
# Threads::Threads duckdb::duckdb rocksdb::rocksdb

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(tl-expected REQUIRED)
find_package(simdjson REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(zstd REQUIRED)
find_package(LibLZMA REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost CONFIG REQUIRED COMPONENTS headers)
find_package(OpenSSL 3.0 REQUIRED)

# Its own package file asks for the headers of everything that it was built with.
find_library(ROCKSDB_LIBRARY rocksdb REQUIRED)
find_path(ROCKSDB_INCLUDE_DIR rocksdb/db.h REQUIRED)
add_library(rocksdb::rocksdb SHARED IMPORTED)
set_target_properties(rocksdb::rocksdb PROPERTIES
  IMPORTED_LOCATION ${ROCKSDB_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${ROCKSDB_INCLUDE_DIR})

# DuckDB comes ready built; script/bootstrap puts it into the user's cache. Programs find it there,
# since a build's RPATH names the folder.
if(DEFINED ENV{XDG_CACHE_HOME})
  set(user_cache $ENV{XDG_CACHE_HOME})
else()
  set(user_cache $ENV{HOME}/.cache)
endif()
set(TAPELINE_DUCKDB ${user_cache}/tapeline/duckdb-1.4.4 CACHE PATH
  "Folder of DuckDB's library and header")
find_library(DUCKDB_LIBRARY duckdb PATHS ${TAPELINE_DUCKDB} NO_DEFAULT_PATH)
find_path(DUCKDB_INCLUDE_DIR duckdb.h PATHS ${TAPELINE_DUCKDB} NO_DEFAULT_PATH)
if(NOT DUCKDB_LIBRARY OR NOT DUCKDB_INCLUDE_DIR)
  message(FATAL_ERROR "DuckDB is not in ${TAPELINE_DUCKDB}: run script/bootstrap.")
endif()
add_library(duckdb::duckdb SHARED IMPORTED)
set_target_properties(duckdb::duckdb PROPERTIES
  IMPORTED_LOCATION ${DUCKDB_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${DUCKDB_INCLUDE_DIR})

if(BUILD_TESTING)
  include(GoogleTest)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
  # Another reader and writer of Avro, for the tests of codec; it has no package file for CMake.
  find_library(AVRO_LIBRARY avro REQUIRED)
  find_path(AVRO_INCLUDE_DIR avro.h REQUIRED)
  add_library(avro::avro SHARED IMPORTED)
  set_target_properties(avro::avro PROPERTIES
    IMPORTED_LOCATION ${AVRO_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${AVRO_INCLUDE_DIR})
endif()
if(TAPELINE_BENCH)
  find_package(benchmark REQUIRED)
endif()
