// SPDX-License-Identifier: Apache-2.0
#include "app/live/control.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "app/environment.h"

namespace tapeline::app::live {
namespace {

class ControlSocket : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    auto opened = Control::open(
        folder_, clock_, [this](const Question& question) { return answer(question); },
        [](const Question&) { return Answer{}; });
    ASSERT_TRUE(opened) << opened.error().text;
    control_ = std::move(*opened);
    control_->start();
  }
  void TearDown() override {
    control_->stop();
    EXPECT_TRUE(wait_for([this] { return control_->is_stopped(); }));
    control_.reset();
    std::filesystem::remove_all(folder_);
  }

  // "long" lasts until nobody wants it any more.
  Answer answer(const Question& question) {
    if (question.what != "long") return {.out = "quick"};
    ++longs_;
    while (!control_->is_cancelled()) std::this_thread::yield();
    return {.status = kExitInterrupted};
  }
  Result<std::optional<Answer>> ask(const std::string& what) {
    return ask_running(folder_, {what, {}}, clock_, {.is_stopped = [] { return false; }});
  }
  bool wait_for(const std::function<bool()>& holds) {
    constexpr std::int64_t kPatienceNs = 20'000'000'000;
    const std::int64_t end_ns = clock_.monotonic_ns() + kPatienceNs;
    while (!holds() && clock_.monotonic_ns() < end_ns) std::this_thread::yield();
    return holds();
  }
  // A socket that has asked, as one of a process that is killed next.
  int ask_and_keep_silent(const std::string& what) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    socket_path(folder_).copy(address.sun_path, sizeof(address.sun_path) - 1);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    const std::string body = encode(Question{what, {}});
    const std::string request =
        "POST /ask HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    EXPECT_EQ(::send(fd, request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
    return fd;
  }

  std::string folder_ = testing::TempDir() + "tapeline_control_XXXXXX";
  SystemClock clock_;
  std::unique_ptr<Control> control_;
  std::atomic<int> longs_ = 0;
};

TEST_F(ControlSocket, a_question_whose_asker_was_killed_is_given_up) {
  const int asker = ask_and_keep_silent("long");
  ASSERT_TRUE(wait_for([this] { return longs_ == 1; }));
  const int behind = ask_and_keep_silent("long");  // goes before it is its turn
  ::close(behind);
  ::close(asker);
  const auto quick = ask("quick");
  ASSERT_TRUE(quick && *quick);
  EXPECT_EQ((*quick)->out, "quick");
  EXPECT_LE(longs_, 2);
}

TEST_F(ControlSocket, a_stop_cancels_the_question_and_tells_those_that_wait) {
  std::jthread first([this] {
    const auto answered = ask("long");
    ASSERT_TRUE(answered && *answered);
    EXPECT_EQ((*answered)->status, kExitInterrupted);
  });
  ASSERT_TRUE(wait_for([this] { return longs_ == 1; }));
  const int waiting = ask_and_keep_silent("quick");
  std::this_thread::yield();
  control_->stop();
  ASSERT_TRUE(wait_for([this] { return control_->is_stopped(); }));
  first.join();
  std::string heard(4096, '\0');
  const ssize_t bytes = ::recv(waiting, heard.data(), heard.size(), MSG_DONTWAIT);
  ::close(waiting);
  ASSERT_GT(bytes, 0);
  EXPECT_NE(heard.find("the process is stopping"), std::string::npos) << heard;
}

}  // namespace
}  // namespace tapeline::app::live
