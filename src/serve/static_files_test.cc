// SPDX-License-Identifier: Apache-2.0
#include "serve/static_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tapeline::serve {
namespace {

namespace fs = std::filesystem;

class StaticFilesTest : public testing::Test {
 protected:
  StaticFilesTest() {
    std::string name = (fs::temp_directory_path() / "tapeline_web_XXXXXX").string();
    root_ = ::mkdtemp(name.data());
    write("web/dist/index.html", "<p>page");
    write("web/dist/assets/app-1a2b.js", "let x = 1");
    write("web/dist/assets/app-1a2b.js.gz", "packed");
    write("secret.txt", "secret");
  }
  ~StaticFilesTest() override { fs::remove_all(root_); }

  void write(const std::string& path, std::string_view text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  [[nodiscard]] std::string dist() const { return (root_ / "web/dist").string(); }
  static std::string header(const net::HttpResponse& response, std::string_view name) {
    return std::string(net::find_header(response.headers, name).value_or(""));
  }

  fs::path root_;
};

TEST_F(StaticFilesTest, are_found_beside_the_executable_or_above_it) {
  fs::create_directories(root_ / "build/release/src/app");
  EXPECT_EQ(find_web_folder((root_ / "build/release/src/app/tapeline").string()), dist());
  write("opt/share/tapeline/web/index.html", "x");
  fs::create_directories(root_ / "opt/bin");
  EXPECT_EQ(find_web_folder((root_ / "opt/bin/tapeline").string()),
            fs::canonical(root_ / "opt/share/tapeline/web").string());
}

TEST_F(StaticFilesTest, have_their_types_and_are_kept_where_their_name_says_what_they_are) {
  const StaticFiles files(dist());
  const auto page = files.get("/", {});
  EXPECT_EQ(page.body, "<p>page");
  EXPECT_EQ(header(page, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(header(page, "Cache-Control"), "no-cache");
  const auto script = files.get("/assets/app-1a2b.js", {});
  EXPECT_EQ(script.body, "let x = 1");
  EXPECT_EQ(header(script, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(header(script, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(script, "Content-Encoding"), "");
}

TEST_F(StaticFilesTest, go_packed_to_who_takes_that) {
  const StaticFiles files(dist());
  const auto script = files.get("/assets/app-1a2b.js", {{"Accept-Encoding", "br, gzip"}});
  EXPECT_EQ(script.body, "packed");
  EXPECT_EQ(header(script, "Content-Encoding"), "gzip");
  EXPECT_EQ(header(script, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(files.get("/assets/app-1a2b.js", {{"Accept-Encoding", "gzip;q=0"}}).body, "let x = 1");
}

TEST_F(StaticFilesTest, that_a_client_has_are_not_sent_again) {
  const StaticFiles files(dist());
  const std::string tag = header(files.get("/", {}), "ETag");
  EXPECT_EQ(files.get("/", {{"If-None-Match", tag}}).status, 304);
  write("web/dist/index.html", "<p>new");
  EXPECT_EQ(files.get("/", {{"If-None-Match", tag}}).status, 200);
}

TEST_F(StaticFilesTest, are_those_of_the_folder_and_nothing_else) {
  fs::create_symlink(root_ / "secret.txt", root_ / "web/dist/link.txt");
  fs::create_symlink(root_ / "secret.txt", root_ / "web/dist/index.html.gz");
  const StaticFiles files(dist());
  EXPECT_EQ(files.get("/link.txt", {}).status, 404);
  EXPECT_EQ(files.get("/../../secret.txt", {}).status, 404);
  EXPECT_EQ(files.get("/assets", {}).status, 404);
  EXPECT_EQ(files.get("/nothing", {}).status, 404);
  EXPECT_EQ(files.get("/", {{"Accept-Encoding", "gzip"}}).body, "<p>page");
}

TEST_F(StaticFilesTest, that_were_not_built_are_said_so_with_the_command) {
  const StaticFiles files("");
  EXPECT_NE(files.get("/", {}).body.find("script/web"), std::string::npos);
  EXPECT_EQ(files.get("/assets/x.js", {}).status, 404);
}

}  // namespace
}  // namespace tapeline::serve
