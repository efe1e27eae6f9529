// SPDX-License-Identifier: Apache-2.0
// Asio and Beast themselves, compiled once: BOOST_ASIO_SEPARATE_COMPILATION leaves only templates
// to the other files.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
