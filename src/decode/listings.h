// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/time.h"
#include "model/listing.h"
#include "venue/instruments.h"

namespace tapeline::decode {

// What the venues' instrument lists say by now, and how the next list differs from it. A function
// of the lists and of when they were received.
class Listings {
 public:
  // Of one venue, those that have vanished among them.
  static constexpr std::size_t kKnownMax = 2 * venue::kListedMax;
  // A list that lacks more than half of what was listed is a mistake of the venue's, unless its
  // lists have said so for this long.
  static constexpr Duration kDoubt = std::chrono::hours(72);

  enum class Taken : std::uint8_t {
    kTaken,
    kDoubted,       // it has lost more than half: nothing of it counts
    kStillDoubted,  // the same again
    kFull,          // there was no room for some of it
  };

  // A row that is another now, and whether something of it was malformed.
  using OnChange = std::function<void(const Listing&, bool is_unreadable)>;

  // Changes come in the order of the list, then what has vanished from it, by symbol.
  Taken take(std::uint32_t venue, const venue::InstrumentList& list, RecvTime ts_recv,
             const OnChange& on_change);

  // What any list of the venue has said of the symbol at last; null: none ever did.
  [[nodiscard]] const Listing* find(std::uint32_t venue, std::string_view symbol) const;

  void save(ByteWriter& out) const;
  // `venues`: how many there are.
  void load(ByteReader& in, std::size_t venues);

 private:
  // A list that is not believed.
  struct Doubt {
    RecvTime since;
    std::uint64_t rows = 0;  // of the last of them
    std::uint64_t kept = 0;  // of what was listed
  };
  struct Known {
    std::map<std::string, Listing, std::less<>> listings;  // by symbol
    std::uint64_t listed = 0;                              // those that have not vanished
    std::optional<Doubt> doubt;
  };

  // False: there is no room for it.
  static bool set(Known& known, const venue::InstrumentList::Row& row, const OnChange& on_change);
  static void load_venue(ByteReader& in, Known& known);

  std::vector<Known> venues_;
};

}  // namespace tapeline::decode
