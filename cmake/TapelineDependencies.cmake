# SPDX-License-Identifier: Apache-2.0
# Libraries of the distribution, all required: script/bootstrap installs them.
# Link names: fmt::fmt tl::expected simdjson::simdjson yaml-cpp CLI11::CLI11 zstd::libzstd_shared
# LibLZMA::LibLZMA ZLIB::ZLIB Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(tl-expected REQUIRED)
find_package(simdjson REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(zstd REQUIRED)
find_package(LibLZMA REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost CONFIG REQUIRED COMPONENTS headers)
find_package(OpenSSL 3.0 REQUIRED)

if(BUILD_TESTING)
  include(GoogleTest)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
endif()
if(TAPELINE_BENCH)
  find_package(benchmark REQUIRED)
endif()
