// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "net/http.h"
#include "net/server.h"

namespace tapeline::serve {

// DIR/../share/tapeline/web of the executable's folder, else web/dist in one of its parents; empty
// where neither has an index.html.
std::string find_web_folder(const std::string& executable);

// The page's files: those of one folder and nothing else.
class StaticFiles {
 public:
  static constexpr std::size_t kFileBytesMax = std::size_t{16} << 20;

  // An empty folder: the page says how it is built.
  explicit StaticFiles(std::string folder);

  // `path` as Target has it.
  [[nodiscard]] net::HttpResponse get(std::string_view path, const net::Headers& headers) const;

 private:
  std::string folder_;  // resolved
};

}  // namespace tapeline::serve
