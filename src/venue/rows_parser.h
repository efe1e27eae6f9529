// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "venue/field.h"
#include "venue/field_set.h"
#include "venue/json.h"
#include "venue/venue.h"

namespace tapeline::venue {

// Reads frames that hold rows of one kind in `data`, and tell the kind in other fields, which may
// stand before the rows or behind them. Rows are read once their kind is known: where it comes
// behind them, by a second walk. What is no row, and every frame of which none was read, the venue
// judges.
//
// Key and RowKey are the fields of a frame and of a row that are read; their last enumerator is
// kOther. One of them twice in a frame, and it is refused; twice in a row, and that row is.
template <typename Key, typename RowKey>
class RowsParser : public Parser {
 protected:
  // The frame's items, where no quicker reading gave them.
  void read_frame(std::string_view frame, Items& items) {
    if (!reader_.open(frame)) {
      items.emplace_back(no_object(frame));
      return;
    }
    const std::size_t first = items.size();
    json::Step step = read_fields(items);
    if (step == json::Step::kNext && is_data_ahead_ && is_kind_known() && reader_.open(frame)) {
      step = read_fields(items);
    }
    if (step == json::Step::kNext && items.size() > first && !frame_.is_repeated()) return;
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(first), items.end());
    items.emplace_back(judge_whole(step));
  }

  // The rows, now or in a second walk.
  json::Step on_data(json::ondemand::value& value, Items& items) {
    is_data_array_ = json::Reader::first_of(value) == '[';
    if (!is_data_array_ || !is_kind_known()) {
      is_data_ahead_ = is_data_array_;
      return reader_.skip(value);
    }
    return reader_.walk_array(value,
                              [&](json::ondemand::value& row) { return read_row(row, items); });
  }

  // What `data` being no list of rows, or none at all, comes to.
  [[nodiscard]] Item judge_data() const {
    if (!frame_.has(Key::kData)) return Reject{RejectReason::kMissingField, channel(), "data"};
    if (!is_data_array_) return Reject{RejectReason::kBadField, channel(), "data"};
    return Control{ControlReason::kUnparsed, channel(), {}};
  }

  json::Reader reader_;
  FieldSet<Key> frame_;
  FieldSet<RowKey> row_;

 private:
  // A field of the frame; kStop: nothing more of it is of interest.
  virtual json::Step on_field(std::string_view name, json::ondemand::value& value,
                              Items& items) = 0;
  [[nodiscard]] virtual RowKey key_of_row(std::string_view name) const = 0;
  [[nodiscard]] virtual bool is_kind_known() const = 0;
  [[nodiscard]] virtual Channel channel() const = 0;
  // row_ as an item.
  virtual void add_row(Items& items) = 0;
  // What a frame comes to of which no row was read.
  [[nodiscard]] virtual Item judge_whole(json::Step step) = 0;

  json::Step read_fields(Items& items) {
    frame_.clear();
    is_data_ahead_ = false;
    is_data_array_ = false;
    return reader_.walk([&](std::string_view name, json::ondemand::value& value) {
      return on_field(name, value, items);
    });
  }

  json::Step read_row(json::ondemand::value& value, Items& items) {
    if (json::Reader::first_of(value) != '{') {
      items.emplace_back(Reject{RejectReason::kBadField, channel(), "data"});
      return reader_.skip(value);
    }
    row_.clear();
    const json::Step step =
        reader_.walk(value, [this](std::string_view name, json::ondemand::value& field) {
          return row_.take(reader_, key_of_row(name), field);
        });
    if (step == json::Step::kNext) add_row(items);
    return step;
  }

  bool is_data_ahead_ = false;
  bool is_data_array_ = false;
};

}  // namespace tapeline::venue
