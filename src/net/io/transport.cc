// SPDX-License-Identifier: Apache-2.0
#include "net/io/transport.h"

#include <sys/socket.h>

#include <cerrno>

namespace tapeline::net {

bool Transport::is_stale() const {
  char byte = 0;
  const ssize_t read =
      ::recv(state_->socket.native_handle(), &byte, sizeof(byte), MSG_PEEK | MSG_DONTWAIT);
  return read >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

}  // namespace tapeline::net
