# SPDX-License-Identifier: Apache-2.0
# The functions that the CMakeLists.txt of modules, tests, fuzz targets and benchmarks use.

# tapeline_module(NAME [SOURCES ...] [PUBLIC ...] [PRIVATE ...] [TESTS ...] [TEST_LINKS ...])
# The static library tapeline_NAME (header-only without SOURCES) and its tests, tapeline_NAME_test.
function(tapeline_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE;TESTS;TEST_LINKS")
  _tapeline_check_arguments("tapeline_module(${name})" ${arg_PUBLIC} ${arg_PRIVATE})
  set(target tapeline_${name})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${target} INTERFACE ${arg_PUBLIC} ${arg_PRIVATE})
  endif()
  if(TAPELINE_CHECK_HEADERS)
    _tapeline_headers_alone(${target} ${arg_PRIVATE})
  endif()
  if(arg_TESTS)
    tapeline_test(${name} SOURCES ${arg_TESTS} LINKS ${target} ${arg_PRIVATE} ${arg_TEST_LINKS})
  endif()
endfunction()

# tapeline_test(NAME SOURCES ... [LINKS ...])
# The executable tapeline_NAME_test; ctest sees each test as NAME.Suite.test. The tests run in the
# source directory, so "tests/golden/x" opens; they write to temporary directories only.
function(tapeline_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  if(NOT BUILD_TESTING)
    return()
  endif()
  _tapeline_check_arguments("tapeline_test(${name})" ${arg_LINKS})
  set(target tapeline_${name}_test)
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_LINKS} tapeline_test_main)
  if(TAPELINE_PLAIN_TESTS)
    target_compile_options(${target} PRIVATE -O0 -fno-sanitize=all)
  endif()
  gtest_discover_tests(${target}
    DISCOVERY_MODE PRE_TEST
    TEST_PREFIX "${name}."
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    PROPERTIES LABELS "${name}" TIMEOUT 900 SKIP_REGULAR_EXPRESSION "tapeline: NOT RUN")
endfunction()

# tapeline_fuzz(NAME file.cc [LINKS ...] [OPTIONS ...])
# The libFuzzer target NAME_fuzz and the ctest fuzz.NAME, which starts from fuzz/corpus/NAME and
# keeps what it learns in the build directory. OPTIONS go to the fuzzer, for example -max_len=4096.
function(tapeline_fuzz name file)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "LINKS;OPTIONS")
  _tapeline_check_arguments("tapeline_fuzz(${name})" ${arg_LINKS})
  _tapeline_fuzz_target(${name} ${file} ${arg_LINKS})
  set(kept ${PROJECT_SOURCE_DIR}/fuzz/corpus/${name})
  if(NOT IS_DIRECTORY ${kept})
    message(FATAL_ERROR "tapeline_fuzz(${name}): no ${kept}; put a seed or a .gitkeep there.")
  endif()
  set(learned ${CMAKE_CURRENT_BINARY_DIR}/corpus/${name})
  file(MAKE_DIRECTORY ${learned})
  add_test(NAME fuzz.${name}
    COMMAND ${name}_fuzz -max_total_time=${TAPELINE_FUZZ_SECONDS} -timeout=10 -rss_limit_mb=2048
            -artifact_prefix=${CMAKE_CURRENT_BINARY_DIR}/${name}- ${arg_OPTIONS} ${learned} ${kept})
  math(EXPR limit "${TAPELINE_FUZZ_SECONDS} + 120")
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT ${limit})
endfunction()

# tapeline_bench(NAME file.cc [LINKS ...])
# The Google Benchmark executable NAME_bench.
function(tapeline_bench name file)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "LINKS")
  _tapeline_check_arguments("tapeline_bench(${name})" ${arg_LINKS})
  add_executable(${name}_bench ${file})
  target_include_directories(${name}_bench PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name}_bench PRIVATE ${arg_LINKS} benchmark::benchmark_main)
endfunction()

# tapeline_must_not_compile(NAME file.cc REGEX)
# The ctest compile_fail.NAME passes when the file is refused with a diagnostic that matches, and
# compile_fail.NAME.twin when -DTAPELINE_EXPECT_COMPILES makes the same file compile.
function(tapeline_must_not_compile name file expect)
  get_directory_property(options COMPILE_OPTIONS)
  set(compile ${CMAKE_CXX_COMPILER} ${CMAKE_CXX20_STANDARD_COMPILE_OPTION} ${options} -fsyntax-only
              -I${PROJECT_SOURCE_DIR}/src ${file})
  tapeline_must_fail(compile_fail.${name} "${expect}" ${compile})
  add_test(NAME compile_fail.${name}.twin COMMAND ${compile} -DTAPELINE_EXPECT_COMPILES)
endfunction()

# tapeline_must_fail(TEST REGEX command...)
# A ctest that passes when the command fails and its output matches.
function(tapeline_must_fail test expect)
  add_test(NAME ${test}
    COMMAND ${CMAKE_COMMAND} "-DEXPECT=${expect}"
            -P ${PROJECT_SOURCE_DIR}/cmake/MustFail.cmake -- ${ARGN})
endfunction()

function(_tapeline_fuzz_target name file)
  add_executable(${name}_fuzz ${file})
  target_link_libraries(${name}_fuzz PRIVATE ${ARGN})
  target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
endfunction()

# A misspelt keyword or a module that does not exist must stop the configuration, not the linker.
function(_tapeline_check_arguments call)
  if(DEFINED arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${call}: unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  foreach(link IN LISTS ARGN)
    if(link MATCHES "^tapeline_" AND NOT TARGET ${link})
      message(FATAL_ERROR "${call}: no target ${link}; src/CMakeLists.txt must list it first.")
    endif()
  endforeach()
endfunction()

# An object library with one file per header, which includes it twice and nothing else.
function(_tapeline_headers_alone target)
  file(GLOB headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/src *.h)
  set(files "")
  foreach(header IN LISTS headers)
    set(file ${CMAKE_CURRENT_BINARY_DIR}/headers_alone/${header}.cc)
    file(CONFIGURE OUTPUT ${file} CONTENT "#include \"${header}\"\n#include \"${header}\"\n" @ONLY)
    list(APPEND files ${file})
  endforeach()
  if(files)
    add_library(${target}_headers OBJECT ${files})
    target_link_libraries(${target}_headers PRIVATE ${target} ${ARGN})
    target_compile_options(${target}_headers PRIVATE -O0)
    set_target_properties(${target}_headers PROPERTIES UNITY_BUILD OFF)
  endif()
endfunction()
