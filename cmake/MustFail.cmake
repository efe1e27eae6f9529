# SPDX-License-Identifier: Apache-2.0
# cmake -DEXPECT=REGEX -P MustFail.cmake -- command...
# Succeeds only when the command fails AND its output matches. (ctest alone can not say "and":
# PASS_REGULAR_EXPRESSION ignores the exit status.)

set(ENV{LC_ALL} C)  # plain quotes in diagnostics
set(command "")
set(seen FALSE)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
  if(seen)
    list(APPEND command "${CMAKE_ARGV${i}}")
  elseif(CMAKE_ARGV${i} STREQUAL "--")
    set(seen TRUE)
  endif()
endforeach()

execute_process(
  COMMAND ${command} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
message("${output}")
if(status EQUAL 0)
  message(FATAL_ERROR "The command succeeded; it must fail with: ${EXPECT}")
endif()
if(NOT output MATCHES "${EXPECT}")
  message(FATAL_ERROR "The command failed (${status}) without the expected output: ${EXPECT}")
endif()
