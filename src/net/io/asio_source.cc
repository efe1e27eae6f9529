// SPDX-License-Identifier: Apache-2.0
// Asio and Beast themselves, compiled once: BOOST_ASIO_SEPARATE_COMPILATION leaves only templates
// to the other files.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
#include <string_view>

#include "base/check.h"

// What a broken assertion of theirs calls, where assertions are compiled.
namespace boost {

void assertion_failed(const char* condition, const char* function, const char* file, long line) {
  // Beast 1.81 asserts this in a last chunk that is the only one, "0\r\n\r\n". The four bytes that
  // may be there so far are as good: it waits for the fifth. Any peer could stop us otherwise.
  if (std::string_view(condition) == "n >= 5") return;
  ::tapeline::check_failed(condition, function, file, static_cast<int>(line));
}

void assertion_failed_msg(const char* condition, const char* why, const char* /*function*/,
                          const char* file, long line) {
  ::tapeline::check_failed(condition, why, file, static_cast<int>(line));
}

}  // namespace boost
