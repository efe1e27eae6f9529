// SPDX-License-Identifier: Apache-2.0
// Random operations against the simplest model there is: a list of records and two numbers.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "journal/journal_fixture.h"
#include "journal/memory_disk.h"

namespace tapeline::journal {
namespace {

struct Model {
  std::vector<Kept> records;
  std::size_t durable = 0;  // at least so many survive a loss of power
};

Kept any_record() {
  Kept kept = nth_record(*rc::gen::inRange<std::uint64_t>(0, 1'000));
  kept.bytes.resize(*rc::gen::weightedOneOf<std::size_t>(
      {{9, rc::gen::inRange<std::size_t>(0, 200)}, {1, rc::gen::inRange<std::size_t>(0, 5'000)}}));
  return kept;
}

class Run {
 public:
  Run() {
    options_.batch_bytes = *rc::gen::inRange<std::size_t>(1, 600);
    options_.segment_bytes = *rc::gen::inRange<std::uint64_t>(64, 3'000);
    options_.sync = *rc::gen::element(SyncPolicy::kBatch, SyncPolicy::kAlways, SyncPolicy::kOs);
    writer_ = open_or_die(disk_, options_);
  }

  void step() {
    switch (*rc::gen::inRange(0, 8)) {
      case 0:
        lose_power();
        break;
      case 1:
        RC_ASSERT(writer_->sync().has_value());
        model_.durable = model_.records.size();
        break;
      case 2:
        now_ += *rc::gen::inRange<std::int64_t>(0, 60'000'000);
        RC_ASSERT(writer_->commit(now_).has_value());
        break;
      case 3:
        RC_ASSERT(writer_->close().has_value());
        writer_.reset();
        writer_ = open_or_die(disk_, options_);
        model_.durable = model_.records.size();
        break;
      default:
        append();
    }
    RC_ASSERT(writer_->next_ordinal() == model_.records.size());
    RC_ASSERT(writer_->durable_ordinal() <= model_.records.size());
    RC_ASSERT(writer_->durable_ordinal() >= model_.durable);
    model_.durable = writer_->durable_ordinal();
  }

  void end() {
    RC_ASSERT(writer_->close().has_value());
    const ReadBack back = read_back(disk_, 0, *rc::gen::inRange<std::size_t>(1, 4'000));
    RC_ASSERT(back.error.empty());
    RC_ASSERT(back.records == model_.records);
    const auto from = *rc::gen::inRange<std::uint64_t>(0, model_.records.size() + 2);
    RC_ASSERT(read_back(disk_, from).records.size() ==
              model_.records.size() - std::min<std::uint64_t>(from, model_.records.size()));
  }

 private:
  void append() {
    const Kept kept = any_record();
    const auto position = writer_->append(record_of(kept));
    RC_ASSERT(position.has_value());
    RC_ASSERT(position->ordinal == model_.records.size());
    model_.records.push_back(kept);
  }

  void lose_power() {
    writer_.reset();
    disk_.lose_power(*rc::gen::element(MemoryDisk::Loss::kAll, MemoryDisk::Loss::kSome),
                     *rc::gen::arbitrary<std::uint64_t>());
    writer_ = open_or_die(disk_, options_);
    const std::uint64_t left = writer_->next_ordinal();
    RC_ASSERT(left >= model_.durable);
    RC_ASSERT(left <= model_.records.size());
    model_.records.resize(left);
    model_.durable = left;
  }

  MemoryDisk disk_;
  WriterOptions options_ = small_options();
  std::unique_ptr<Writer> writer_;
  Model model_;
  std::int64_t now_ = 0;
};

RC_GTEST_PROP(JournalModel, agrees_with_a_list_whatever_happens, ()) {
  Run run;
  for (int left = *rc::gen::inRange(0, 60); left > 0; --left) run.step();
  run.end();
}

}  // namespace
}  // namespace tapeline::journal
