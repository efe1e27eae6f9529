// SPDX-License-Identifier: Apache-2.0
#include "app/live/control.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "app/environment.h"
#include "app/live/data_dir.h"
#include "store/duckdb/open.h"

namespace tapeline::app::live {
namespace {

class ControlSocket : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    auto opened = Control::open(
        folder_, clock_,
        [this](const Question& question, const Turn& turn) { return answer(question, turn); },
        [](const Question&) { return Answer{.out = "now"}; });
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

  // One that is "long" lasts until nobody wants it any more, and what is "deaf" until the test
  // lets it end.
  Answer answer(const Question& question, const Turn& turn) {
    const std::string_view length = question.argument("length");
    if (length.empty() && question.what != "long") return {.out = "quick"};
    ++longs_;
    while (length == "deaf" ? !ends_ : !turn.is_cancelled()) std::this_thread::yield();
    return {.status = kExitInterrupted};
  }
  Result<std::optional<Answer>> ask(const std::string& what, const std::string& length = "") {
    Question question{what, {}};
    if (!length.empty()) question.arguments.emplace_back("length", length);
    return ask_running(folder_, question, clock_, {.is_stopped = [] { return false; }});
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
  std::atomic<bool> ends_ = false;
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

TEST_F(ControlSocket, a_long_question_holds_up_none_of_another_kind) {
  std::vector<std::jthread> askers;
  for (const char* what : {"sql", "verify", "explain"}) {
    askers.emplace_back([this, what] {
      const auto answered = ask(what, "long");
      ASSERT_TRUE(answered && *answered);
      EXPECT_EQ((*answered)->status, kExitInterrupted);
    });
  }
  ASSERT_TRUE(wait_for([this] { return longs_ == 3; }));
  const auto second = ask("sql");
  ASSERT_TRUE(second && *second);
  EXPECT_EQ((*second)->out, "quick");
  const auto now = ask("repair");
  ASSERT_TRUE(now && *now);
  EXPECT_EQ((*now)->out, "now");
  control_->stop();
  ASSERT_TRUE(wait_for([this] { return control_->is_stopped(); }));
  EXPECT_FALSE(control_->has_left_behind());
}

TEST_F(ControlSocket, a_stop_leaves_behind_what_nothing_ends) {
  std::jthread asker([this] {
    const auto answered = ask("sql", "deaf");
    ASSERT_TRUE(answered && *answered);
    EXPECT_EQ((*answered)->status, kExitFailed);
    EXPECT_NE((*answered)->err.find("the process is stopping"), std::string::npos);
  });
  ASSERT_TRUE(wait_for([this] { return longs_ == 1; }));
  const std::int64_t start_ns = clock_.monotonic_ns();
  control_->stop();
  ASSERT_TRUE(wait_for([this] { return control_->is_stopped(); }));
  EXPECT_GE(clock_.monotonic_ns() - start_ns, Control::kEndWithin.count());
  EXPECT_TRUE(control_->has_left_behind());
  asker.join();
  ends_ = true;
  EXPECT_TRUE(wait_for([this] { return !control_->has_left_behind(); }));
}

// Before a process opens the socket, or where it does not serve it.
class NoControlYet : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(::mkdtemp(folder_.data()), nullptr); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result<std::optional<Answer>> ask(const std::string& what, Duration start_within) {
    return ask_running(folder_, {what, {}}, clock_,
                       {.is_stopped =
                            [this] {
                              ++looks_;
                              return is_stopped_;
                            },
                        .within = std::chrono::milliseconds(200),
                        .start_within = start_within});
  }
  void hold_folder() {
    auto opened = DataDir::open(folder_, Holds::kReal);
    ASSERT_TRUE(opened) << opened.error().text;
    held_ = std::make_unique<DataDir>(std::move(*opened));
  }
  void hold_store() {
    auto opened = store::duckdb::open_writer(folder_, {});
    ASSERT_TRUE(opened) << opened.error().text;
    store_ = std::move(*opened);
  }

  static constexpr Duration kShort = std::chrono::milliseconds(60);
  static constexpr Duration kForever = std::chrono::hours(1);
  std::string folder_ = testing::TempDir() + "tapeline_no_control_XXXXXX";
  const std::string process_ = "process " + std::to_string(::getpid());
  SystemClock clock_;
  bool is_stopped_ = false;
  std::atomic<int> looks_ = 0;  // how often who asks has waited
  std::unique_ptr<DataDir> held_;
  std::unique_ptr<store::Writer> store_;
};

TEST_F(NoControlYet, nobody_is_waited_for_where_nobody_holds_the_folder) {
  const auto empty = ask("status", kForever);
  EXPECT_TRUE(empty && !*empty);
  hold_folder();
  held_.reset();  // its number stays in the file
  const auto left = ask("status", kForever);
  EXPECT_TRUE(left && !*left);
  hold_folder();
  std::ofstream(folder_ + "/lock") << "999999999\n";
  const auto dead = ask("status", kForever);
  EXPECT_TRUE(dead && !*dead) << "a process of that number does not live";
}

// The files of a folder in which only the journal is written, by `journal import`, may be read.
TEST_F(NoControlYet, who_asks_for_the_store_waits_for_who_holds_it) {
  hold_folder();
  const auto free = ask("sql", kForever);
  EXPECT_TRUE(free && !*free);
  hold_store();
  const auto held = ask("sql", kShort);
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().text, folder_ + ": " + process_ +
                                   " is starting or stopping, or does not answer: ask again soon");
  store_.reset();
  const auto status = ask("status", kShort);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().text, held.error().text);
  is_stopped_ = true;
  const auto interrupted = ask("status", kForever);
  ASSERT_TRUE(interrupted && *interrupted);
  EXPECT_EQ((*interrupted)->status, kExitInterrupted);
}

TEST_F(NoControlYet, a_process_that_opens_its_socket_meanwhile_answers) {
  hold_folder();
  hold_store();
  std::atomic<bool> is_over = false;
  std::jthread asks([&] {
    const auto answered = ask("sql", kForever);
    is_over = true;
    ASSERT_TRUE(answered) << answered.error().text;
    ASSERT_TRUE(*answered);
    EXPECT_EQ((*answered)->out, "the store's");
  });
  while (looks_ < 2 && !is_over) std::this_thread::yield();
  auto control = Control::open(
      folder_, clock_, [](const Question&, const Turn&) { return Answer{.out = "the store's"}; },
      [](const Question&) { return Answer{}; });
  ASSERT_TRUE(control) << control.error().text;
  (*control)->start();
  asks.join();
  (*control)->stop();
  while (!(*control)->is_stopped()) std::this_thread::yield();
}

// A socket that takes the question and goes, as a process that is killed does.
TEST_F(NoControlYet, a_process_that_ends_while_it_answers_is_not_asked_again) {
  const std::string path = socket_path(folder_);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(::listen(listener, 4), 0);
  std::jthread server([listener] {
    std::string heard(4096, '\0');
    ssize_t bytes = 0;
    while (bytes <= 0) {  // the first connection only looks whether somebody is there
      const int peer = ::accept(listener, nullptr, nullptr);
      bytes = ::recv(peer, heard.data(), heard.size(), 0);
      ::close(peer);
    }
  });
  const auto asked =
      ask_running(folder_, {"sql", {}}, clock_, {.is_stopped = [] { return false; }});
  ASSERT_FALSE(asked) << "the files would have been asked next";
  EXPECT_EQ(asked.error().text, folder_ + ": the process ended before it had answered: ask again");
  server.join();
  ::close(listener);
  const auto gone = ask_running(folder_, {"sql", {}}, clock_, {.is_stopped = [] { return false; }});
  EXPECT_TRUE(gone && !*gone) << "nobody serves what it left";
}

// As one that was suspended: the system takes connections for it.
TEST_F(NoControlYet, a_process_that_does_not_answer_is_named) {
  hold_folder();
  const auto control = Control::open(
      folder_, clock_, [](const Question&, const Turn&) { return Answer{}; },
      [](const Question&) { return Answer{}; });
  ASSERT_TRUE(control) << control.error().text;
  const auto asked = ask("status", kForever);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().text,
            folder_ + "/tapeline.sock: " + process_ +
                " does not answer within 200ms: it may be stopping, suspended, or short of a "
                "processor; when it stays so, end it and start it again");
}

}  // namespace
}  // namespace tapeline::app::live
