// SPDX-License-Identifier: Apache-2.0
#include "net/discreet_network.h"

#include <optional>
#include <string>
#include <utility>

#include "base/padding.h"

namespace tapeline::net {
namespace {

Error without_secret(const Redactor& redactor, Error error) {
  error.text = redactor.text(error.text);
  return error;
}

class DiscreetWebSocket final : public WebSocket, private WebSocketListener {
 public:
  DiscreetWebSocket(Network& network, const WebSocketOptions& options, WebSocketListener& listener,
                    std::shared_ptr<const Redactor> redactor)
      : listener_(listener),
        redactor_(std::move(redactor)),
        socket_(network.open(options, *this)) {}

  [[nodiscard]] Sent send(std::string_view text) override { return socket_->send(text); }
  void close() override { socket_->close(); }

 private:
  // The listener may destroy this from within each of them.
  void on_open() override { listener_.on_open(); }
  Taken on_message(std::string_view message, RecvTime ts_recv) override {
    std::optional<std::string> redacted = redactor_->bytes(message);
    if (!redacted) return listener_.on_message(message, ts_recv);
    redacted->append(kReadPadding, '\0');
    return listener_.on_message(std::string_view(*redacted).substr(0, message.size()), ts_recv);
  }
  void on_close(const Error& why) override { listener_.on_close(without_secret(*redactor_, why)); }

  WebSocketListener& listener_;
  std::shared_ptr<const Redactor> redactor_;
  std::unique_ptr<WebSocket> socket_;  // last: it may call while it goes
};

Result<HttpResponse> without_secret(const Redactor& redactor, Result<HttpResponse> answer) {
  if (!answer) return tl::make_unexpected(without_secret(redactor, answer.error()));
  if (auto body = redactor.bytes(answer->body)) answer->body = std::move(*body);
  for (auto& [name, value] : answer->headers) {
    name = redactor.text(name);
    value = redactor.text(value);
  }
  return answer;
}

}  // namespace

std::unique_ptr<WebSocket> DiscreetNetwork::open(const WebSocketOptions& options,
                                                 WebSocketListener& listener) {
  if (redactor_->is_idle()) return network_.open(options, listener);
  return std::make_unique<DiscreetWebSocket>(network_, options, listener, redactor_);
}

void DiscreetNetwork::fetch(HttpRequest request, OnResponse on_response) {
  if (redactor_->is_idle()) return network_.fetch(std::move(request), std::move(on_response));
  network_.fetch(std::move(request),
                 [redactor = redactor_, told = std::move(on_response)](const auto& answer) {
                   told(without_secret(*redactor, answer));
                 });
}

}  // namespace tapeline::net
