// SPDX-License-Identifier: Apache-2.0
#include "serve/static_files.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include "base/crc32c.h"

namespace tapeline::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kTypes{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".webp", "image/webp"},
}};

constexpr std::string_view kNotBuilt =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Tapeline</title>"
    "<h1>The page was not built</h1><p>The server is here and answers "
    "<a href=\"/api/v1/status\">/api/v1/status</a>. <code>script/web</code> builds the page; then "
    "load this again.</p></html>\n";

std::string_view type_of(const fs::path& path) {
  const std::string extension = path.extension().string();
  for (const auto& [suffix, type] : kTypes) {
    if (suffix == extension) return type;
  }
  return "application/octet-stream";
}

std::optional<std::string> read_file(const fs::path& path) {
  std::error_code failed;
  const auto size = fs::file_size(path, failed);
  if (failed || size > StaticFiles::kFileBytesMax) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.good() && !file.eof()) return std::nullopt;
  return bytes;
}

bool takes_gzip(const net::Headers& headers) {
  const auto accepted = net::find_header(headers, "Accept-Encoding");
  if (!accepted) return false;
  const std::size_t at = accepted->find("gzip");
  return at != std::string_view::npos && accepted->substr(at).find("gzip;q=0") != 0;
}

bool is_below(const fs::path& path, const fs::path& folder) {
  const auto [in_folder, in_path] =
      std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return in_folder == folder.end();
}

net::HttpResponse not_found() {
  return {.status = 404,
          .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
          .body = "there is no such file\n",
          .ts_recv = {}};
}

}  // namespace

std::string find_web_folder(const std::string& executable) {
  std::error_code failed;
  const fs::path folder = fs::path(executable).parent_path();
  const auto has_page = [&](const fs::path& at) { return fs::exists(at / "index.html", failed); };
  if (const fs::path installed = folder / "../share/tapeline/web"; has_page(installed)) {
    return fs::weakly_canonical(installed, failed).string();
  }
  for (fs::path at = folder; !at.empty(); at = at.parent_path()) {
    if (has_page(at / "web/dist")) return (at / "web/dist").string();
    if (at == at.root_path()) break;
  }
  return {};
}

StaticFiles::StaticFiles(std::string folder) : folder_(std::move(folder)) {
  if (folder_.empty()) return;
  std::error_code failed;
  folder_ = fs::canonical(folder_, failed).string();
  if (failed) folder_.clear();
}

net::HttpResponse StaticFiles::get(std::string_view path, const net::Headers& headers) const {
  if (path == "/") path = "/index.html";
  if (folder_.empty()) {
    if (path != "/index.html") return not_found();
    return {
        .status = 200,
        .headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}},
        .body = std::string(kNotBuilt),
        .ts_recv = {}};
  }
  std::error_code failed;
  // Links are followed first: what lies elsewhere is not served, however it is named.
  const fs::path wanted = fs::canonical(folder_ + std::string(path), failed);
  if (failed || !is_below(wanted, folder_) || !fs::is_regular_file(wanted, failed)) {
    return not_found();
  }
  const fs::path packed = wanted.string() + ".gz";
  const bool is_packed = takes_gzip(headers) && fs::is_regular_file(packed, failed) &&
                         is_below(fs::canonical(packed, failed), folder_);
  auto bytes = read_file(is_packed ? packed : wanted);
  if (!bytes) return not_found();
  // The build names what stands in assets/ by its content: it never changes.
  const bool is_immutable = path.starts_with("/assets/");
  Crc32c sum;
  sum.add(*bytes);
  const std::string tag = fmt::format("\"{:08x}-{:x}\"", sum.value(), bytes->size());
  net::HttpResponse response{
      .status = 200,
      .headers = {{"Content-Type", std::string(type_of(wanted))},
                  {"Cache-Control",
                   is_immutable ? "public, max-age=31536000, immutable" : "no-cache"},
                  {"ETag", tag},
                  {"Vary", "Accept-Encoding"}},
      .body = {},
      .ts_recv = {}};
  if (is_packed) response.headers.emplace_back("Content-Encoding", "gzip");
  if (net::find_header(headers, "If-None-Match") == std::string_view(tag)) {
    response.status = 304;
  } else {
    response.body = std::move(*bytes);
  }
  return response;
}

}  // namespace tapeline::serve
