// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"

namespace tapeline {

struct NoSummary {};

// A sorted sequence in chunks: appending at the end and looking near it cost a few nanoseconds,
// an insertion in the middle moves at most one chunk, and memory is asked for once per chunk.
// For what mostly arrives in order and sometimes does not: runs of ids, bars by start.
// KeyOf maps an element to its key; keys are unique. Any insertion or erasure ends references.
// A Summary, made of a chunk's elements by add(), lets a search pass over whole chunks.
template <typename T, typename KeyOf, std::size_t kChunk = 64, typename Summary = NoSummary>
class SortedChunks {
 public:
  SortedChunks() = default;
  SortedChunks(const SortedChunks&) = delete;
  SortedChunks& operator=(const SortedChunks&) = delete;
  SortedChunks(SortedChunks&&) noexcept = default;
  SortedChunks& operator=(SortedChunks&&) noexcept = default;
  ~SortedChunks() = default;

  using Key = decltype(KeyOf{}(std::declval<const T&>()));

  struct Cursor {
    std::size_t chunk = 0;
    std::size_t slot = 0;

    friend bool operator==(const Cursor&, const Cursor&) = default;
  };

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] T& back() { return *back_; }
  [[nodiscard]] const T& back() const { return *back_; }
  [[nodiscard]] const T& front() const { return chunks_.front()->items.front(); }

  [[nodiscard]] Cursor begin() const { return {}; }
  [[nodiscard]] Cursor end() const { return {chunks_.size(), 0}; }

  [[nodiscard]] T& at(Cursor c) {
    change(c.chunk);
    return chunks_[c.chunk]->items[c.slot];
  }
  [[nodiscard]] const T& at(Cursor c) const { return chunks_[c.chunk]->items[c.slot]; }

  [[nodiscard]] Cursor next(Cursor c) const {
    return c.slot + 1 < chunks_[c.chunk]->items.size() ? Cursor{c.chunk, c.slot + 1}
                                                       : Cursor{c.chunk + 1, 0};
  }
  [[nodiscard]] Cursor previous(Cursor c) const {
    TAPELINE_CHECK(c != begin(), "there is nothing before the first element");
    return c.slot > 0 ? Cursor{c.chunk, c.slot - 1}
                      : Cursor{c.chunk - 1, chunks_[c.chunk - 1]->items.size() - 1};
  }

  // Of a chunk; null of the last one, which changes too often to be worth it.
  [[nodiscard]] const Summary* summary_of(std::size_t chunk) const {
    if (chunk + 1 >= chunks_.size()) return nullptr;
    Chunk& it = *chunks_[chunk];
    if (it.is_changed) {
      it.summary = {};
      for (const T& item : it.items) it.summary.add(item);
      it.is_changed = false;
    }
    return &it.summary;
  }
  [[nodiscard]] static Cursor chunk_begin(std::size_t chunk) { return {chunk, 0}; }

  // The first element for which `before(element)` is false, as std::partition_point.
  template <typename Before>
  [[nodiscard]] Cursor partition_point(Before before) const {
    if (empty() || before(back())) return end();
    constexpr std::size_t kNear = 4;  // most of what is looked for stands near the end
    const auto& last = chunks_.back()->items;
    for (std::size_t slot = last.size() - 1; slot > 0 && slot + kNear >= last.size(); --slot) {
      if (before(last[slot - 1])) return {chunks_.size() - 1, slot};
    }
    const auto chunk = std::partition_point(chunks_.begin(), chunks_.end(),
                                            [&](const auto& c) { return before(c->items.back()); });
    const auto& items = (*chunk)->items;
    const auto item = std::partition_point(items.begin(), items.end(), before);
    return {static_cast<std::size_t>(chunk - chunks_.begin()),
            static_cast<std::size_t>(item - items.begin())};
  }

  [[nodiscard]] Cursor lower_bound(const Key& key) const {
    return partition_point([&](const T& item) { return KeyOf{}(item) < key; });
  }

  [[nodiscard]] T* find(const Key& key) {
    const Cursor c = lower_bound(key);
    return c != end() && KeyOf{}(at(c)) == key ? &at(c) : nullptr;
  }

  // Inserts an element whose key is not there yet.
  T& insert(T item) {
    const Key key = KeyOf{}(item);
    if (empty() || KeyOf{}(back()) < key) return append(std::move(item));
    Cursor c = lower_bound(key);
    TAPELINE_CHECK(KeyOf{}(at(c)) != key, "keys are unique");
    if (chunks_[c.chunk]->items.size() == kChunk) c = make_room(c);
    change(c.chunk);
    auto& items = chunks_[c.chunk]->items;
    items.insert(items.begin() + static_cast<std::ptrdiff_t>(c.slot), std::move(item));
    ++size_;
    find_back();
    return items[c.slot];
  }

  void erase(Cursor c) {
    change(c.chunk);
    auto& items = chunks_[c.chunk]->items;
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(c.slot));
    if (items.empty()) chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(c.chunk));
    --size_;
    find_back();
  }

 private:
  struct Chunk {
    std::vector<T> items;
    // Kept for summary_of(): true as long as the chunk was the last one.
    [[no_unique_address]] Summary summary;
    bool is_changed = true;
  };

  void change(std::size_t chunk) { chunks_[chunk]->is_changed = true; }

  T& append(T&& item) {
    if (chunks_.empty() || chunks_.back()->items.size() == kChunk) {
      if (!chunks_.empty()) change(chunks_.size() - 1);  // until now back() may have changed it
      chunks_.push_back(new_chunk());
    }
    ++size_;
    back_ = &chunks_.back()->items.emplace_back(std::move(item));
    return *back_;
  }

  void find_back() { back_ = chunks_.empty() ? nullptr : &chunks_.back()->items.back(); }

  // In a full chunk. What mostly comes in order, and of which the last few may swap places, leaves
  // full chunks behind it: not halves.
  Cursor make_room(Cursor c) {
    auto& items = chunks_[c.chunk]->items;
    const bool is_near_end = c.slot > kChunk / 2;
    const bool is_last = c.chunk + 1 == chunks_.size();
    if (is_near_end && !is_last) {
      auto& next = chunks_[c.chunk + 1]->items;
      if (next.size() + (items.size() - c.slot) <= kChunk) {
        move_tail(c, next);
        change(c.chunk + 1);
        return c;
      }
    }
    const std::size_t middle = is_near_end && is_last ? c.slot : kChunk / 2;
    auto upper = new_chunk();
    move_tail({c.chunk, middle}, upper->items);
    chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(c.chunk) + 1, std::move(upper));
    return c.slot <= middle ? c : Cursor{c.chunk + 1, c.slot - middle};
  }

  void move_tail(Cursor from, std::vector<T>& to) {
    auto& items = chunks_[from.chunk]->items;
    const auto tail = items.begin() + static_cast<std::ptrdiff_t>(from.slot);
    to.insert(to.begin(), std::make_move_iterator(tail), std::make_move_iterator(items.end()));
    items.erase(tail, items.end());
    change(from.chunk);
  }

  // A first chunk grows as it fills: most sequences stay short.
  [[nodiscard]] std::unique_ptr<Chunk> new_chunk() const {
    auto chunk = std::make_unique<Chunk>();
    if (!chunks_.empty()) chunk->items.reserve(kChunk);
    return chunk;
  }

  T* back_ = nullptr;  // nearly every access goes there: one step instead of three
  std::size_t size_ = 0;
  std::vector<std::unique_ptr<Chunk>> chunks_;
};

}  // namespace tapeline
