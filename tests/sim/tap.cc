// SPDX-License-Identifier: Apache-2.0
#include "tap.h"

#include <optional>
#include <utility>

#include "base/crc32c.h"
#include "base/padding.h"

namespace tapeline::simulation {

// Between the simulated socket and the program's listener. The listener may destroy it in any call.
class TappedNetwork::Socket final : public net::WebSocket, private net::WebSocketListener {
 public:
  Socket(TappedNetwork& network, const net::WebSocketOptions& options,
         net::WebSocketListener& listener)
      : network_(network), listener_(listener), inner_(network.inner_.open(options, *this)) {}

  net::Sent send(std::string_view text) override { return inner_->send(text); }
  void close() override { inner_->close(); }

 private:
  void on_open() override {
    line_ = network_.log_.lines++;
    listener_.on_open();
  }

  net::Taken on_message(std::string_view message, RecvTime ts_recv) override {
    TakenLog& log = network_.log_;
    if (!stamp_) {
      stamp_ = ts_recv + network_.clocks_.wall_offset();
      text_.assign(message);
      network_.forge(text_);
      text_.append(kReadPadding, '\0');
    }
    const std::string text = text_;  // this object may go during the call
    const std::string_view shown(text.data(), text.size() - kReadPadding);
    Crc32c crc;
    crc.add(shown);
    const TakenFrame frame{*line_, stamp_->unix_ns(), crc.value()};
    const RecvTime stamp = *stamp_;
    if (network_.is_swallowed()) {
      stamp_.reset();
      log.frames.push_back(frame);
      return net::Taken::kYes;
    }
    // Noted before the call, which may destroy this, and taken back when it was in vain.
    log.frames.push_back(frame);
    const std::optional<RecvTime> held = std::exchange(stamp_, std::nullopt);
    if (listener_.on_message(shown, stamp) == net::Taken::kYes) return net::Taken::kYes;
    log.frames.pop_back();
    ++log.deferred;
    stamp_ = held;
    return net::Taken::kLater;
  }

  void on_close(const Error& why) override {
    if (!line_) ++network_.log_.refused;
    listener_.on_close(why);
  }

  TappedNetwork& network_;
  net::WebSocketListener& listener_;
  std::optional<std::uint32_t> line_;
  std::optional<RecvTime> stamp_;  // of the frame that is shown again
  std::string text_;               // likewise
  std::unique_ptr<net::WebSocket> inner_;
};

std::unique_ptr<net::WebSocket> TappedNetwork::open(const net::WebSocketOptions& options,
                                                    net::WebSocketListener& listener) {
  return std::make_unique<Socket>(*this, options, listener);
}

void TappedNetwork::fetch(net::HttpRequest request, net::OnResponse on_response) {
  inner_.fetch(std::move(request), [this, on_response = std::move(on_response)](
                                       const Result<net::HttpResponse>& response) {
    if (!response) return on_response(response);
    net::HttpResponse stamped = *response;
    stamped.ts_recv = stamped.ts_recv + clocks_.wall_offset();
    on_response(stamped);
  });
}

bool TappedNetwork::is_swallowed() {
  return canary_ == Canary::kSwallowedFrame && random_.below(500) == 0;
}

// Another first digit of the size, or of a price that has none: the same trade to look at, and
// never traded.
void TappedNetwork::forge(std::string& text) {
  if (canary_ != Canary::kForgedFrame || random_.below(50) != 0) return;
  constexpr std::string_view kKeys[] = {R"("size":")", R"("q":")",   R"("qty":)",
                                        R"("sz":")",   R"("v":")",   R"("amount_str":")",
                                        R"("v":)",     R"("price":)"};
  for (const std::string_view key : kKeys) {
    const std::size_t at = text.find(key);
    if (at == std::string::npos) continue;
    char& digit = text[at + key.size()];
    if (digit < '0' || digit > '9') continue;
    digit = digit == '9' ? '8' : static_cast<char>(digit + 1);
  }
}

}  // namespace tapeline::simulation
