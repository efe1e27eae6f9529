// SPDX-License-Identifier: Apache-2.0
#include "reference/websocket_reference.h"

#include <array>
#include <cstdint>
#include <optional>

namespace tapeline::fuzz {
namespace {

enum Opcode : unsigned { kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPong = 10 };

struct Frame {
  bool is_last = false;
  unsigned opcode = 0;
  std::string_view payload{};
};

std::uint64_t number_of(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

// Takes the frame that the bytes begin with; nothing where it is wrong or not there to its end.
std::optional<Frame> take_frame(std::string_view& bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto first = static_cast<unsigned>(number_of(bytes.substr(0, 1)));
  const std::uint64_t code = number_of(bytes.substr(1, 1));  // with the bit of a mask
  const std::size_t more = code == 126 ? 2 : code == 127 ? 8 : 0;
  if (code > 127 || (first & 0x70) != 0 || bytes.size() < 2 + more) return std::nullopt;
  const std::uint64_t length = more == 0 ? code : number_of(bytes.substr(2, more));
  const bool is_shortest = more == 0 || (more == 2 ? length > 125 : length > 65'535);
  const Frame frame{(first & 0x80) != 0, first & 0x0F, bytes.substr(2 + more)};
  const bool is_control = frame.opcode >= kClose;
  const bool is_known = frame.opcode <= kBinary || (is_control && frame.opcode <= kPong);
  const bool is_wrong = is_control && (!frame.is_last || length > 125);
  if (!is_shortest || !is_known || is_wrong || length > frame.payload.size()) return std::nullopt;
  bytes.remove_prefix(2 + more + length);
  return Frame{frame.is_last, frame.opcode, frame.payload.substr(0, length)};
}

// Unicode, table 3-7: the ranges of the second byte rule out what is too long or no character.
bool is_utf8(std::string_view text) {
  struct Row {
    unsigned first_from, first_to, second_from, second_to;
    std::size_t size;
  };
  constexpr std::array<Row, 9> kRows{{{0x00, 0x7F, 0, 0, 1},
                                      {0xC2, 0xDF, 0x80, 0xBF, 2},
                                      {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                      {0xE1, 0xEC, 0x80, 0xBF, 3},
                                      {0xED, 0xED, 0x80, 0x9F, 3},
                                      {0xEE, 0xEF, 0x80, 0xBF, 3},
                                      {0xF0, 0xF0, 0x90, 0xBF, 4},
                                      {0xF1, 0xF3, 0x80, 0xBF, 4},
                                      {0xF4, 0xF4, 0x80, 0x8F, 4}}};
  while (!text.empty()) {
    const auto byte = [&](std::size_t at) { return number_of(text.substr(at, 1)); };
    std::size_t size = 0;
    for (const Row& row : kRows) {
      if (byte(0) < row.first_from || byte(0) > row.first_to) continue;
      const bool is_good =
          row.size == 1 || (byte(1) >= row.second_from && byte(1) <= row.second_to);
      if (is_good) size = row.size;
    }
    if (size == 0 || size > text.size()) return false;
    for (std::size_t at = 2; at < size; ++at) {
      if ((byte(at) & 0xC0) != 0x80) return false;
    }
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace

Heard messages_of(std::string_view bytes, std::size_t message_bytes_max) {
  Heard heard;
  std::optional<unsigned> kind;  // of the message that is under way
  std::string message;
  while (const auto frame = take_frame(bytes)) {
    if (frame->opcode == kClose) break;
    if (frame->opcode > kClose) continue;
    if ((frame->opcode == kContinuation) != kind.has_value()) break;
    if (!kind) kind = frame->opcode;
    message += frame->payload;
    if (message.size() > message_bytes_max) break;
    if (!frame->is_last) continue;
    if (kind == kText && !is_utf8(message)) {
      heard.may_go_on = frame->payload.empty();
      break;
    }
    heard.messages.push_back(std::move(message));
    message.clear();
    kind.reset();
  }
  return heard;
}

}  // namespace tapeline::fuzz
