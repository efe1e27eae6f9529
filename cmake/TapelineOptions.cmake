# SPDX-License-Identifier: Apache-2.0
# How every file of the project is compiled. The presets choose; this file applies.

set(TAPELINE_ARCH x86-64-v3 CACHE STRING "Instruction set, given to -march=")
set(TAPELINE_SANITIZE "" CACHE STRING "Sanitizers, given to -fsanitize= (empty: none)")
option(BUILD_TESTING "Build the tests" ON)
option(TAPELINE_PLAIN_TESTS "Compile tests, not what they test, without sanitizers: quicker" OFF)
option(TAPELINE_FUZZ "Build the fuzz targets (needs Clang)" OFF)
option(TAPELINE_BENCH "Build the benchmarks" OFF)
option(TAPELINE_CHECK_HEADERS "Compile every header alone" OFF)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(TAPELINE_CCACHE ccache)
if(TAPELINE_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${TAPELINE_CCACHE})
endif()

add_compile_options(
  -march=${TAPELINE_ARCH}
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
  -Wold-style-cast -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  add_compile_options(-Wno-restrict)  # GCC 12 raises it inside "text" + std::string (PR 105651)
endif()
if(TAPELINE_SANITIZE)
  add_compile_options(
    -fsanitize=${TAPELINE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TAPELINE_SANITIZE})
endif()
