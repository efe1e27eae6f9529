// SPDX-License-Identifier: Apache-2.0
#include "serve/status.h"

#include <array>
#include <map>
#include <utility>

#include "metrics/exposition.h"

namespace tapeline::serve {
namespace {

constexpr std::array<std::string_view, ItemsNews::kKinds> kKinds{
    "received", "delivered", "duplicate", "late", "rejected", "shed", "control"};

struct Missing {
  std::uint64_t ids = 0;
  std::uint64_t holes = 0;
  std::uint64_t unrecoverable = 0;  // of the ids
  std::uint64_t repaired = 0;       // not missing any more
};

// By venue and channel.
std::map<std::pair<std::string, std::string>, Missing> missing_of(const Market& market) {
  std::map<std::pair<std::string, std::string>, Missing> out;
  for (const Instrument& instrument : market.instruments()) {
    for (const auto& [channel, ledger] : instrument.ledgers) {
      const std::string venue = instrument.name.substr(0, instrument.name.find(':'));
      Missing& missing = out[{venue, name_of(channel)}];
      missing.ids += ledger.missing;
      missing.holes += ledger.gaps_in_all;
      missing.unrecoverable += ledger.unrecoverable;
      missing.repaired += ledger.repaired;
    }
  }
  return out;
}

void write_counts(JsonWriter& json, const std::array<std::uint64_t, ItemsNews::kKinds>& counts) {
  for (std::size_t i = 0; i < kKinds.size(); ++i) json.number(kKinds[i], counts[i]);
}

void write_items(JsonWriter& json, const Market& market) {
  std::array<std::uint64_t, ItemsNews::kKinds> sums{};
  for (const ItemsNews& row : market.items()) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += row.counts[i];
  }
  json.key("items");
  json.open_object();
  write_counts(json, sums);
  json.close_object();
  json.key("items_by_venue");
  json.open_array();
  for (const ItemsNews& row : market.items()) {
    json.open_object();
    json.text("venue", row.venue);
    json.text("channel", row.channel);
    write_counts(json, row.counts);
    json.close_object();
  }
  json.close_array();
  Missing all;
  for (const auto& [key, missing] : missing_of(market)) {
    all.ids += missing.ids;
    all.holes += missing.holes;
    all.unrecoverable += missing.unrecoverable;
    all.repaired += missing.repaired;
  }
  json.key("missing");
  json.open_object();
  json.number("ids", all.ids);
  json.number("holes", all.holes);
  json.number("unrecoverable", all.unrecoverable);
  json.number("repaired", all.repaired);
  json.close_object();
}

void write_health(JsonWriter& json, const Health& health) {
  json.key("journal");
  json.open_object();
  json.number("records", health.records);
  json.number("durable", health.durable);
  json.text("state", health.journal_state);
  json.close_object();
  json.key("engine");
  json.open_object();
  json.number("behind_records", health.records - std::min(health.records, health.next_record));
  json.close_object();
  json.key("store");
  json.open_object();
  json.number("record", health.stored_record);
  json.number("rows", health.stored_rows);
  json.number("retries", health.store_retries);
  json.close_object();
  json.key("snapshot");
  if (health.snapshot_at == RecvTime()) {
    json.null();
  } else {
    json.open_object();
    json.number("record", health.snapshot_record);
    json.time("at", health.snapshot_at.unix_ns());
    json.close_object();
  }
}

void write_backfill(JsonWriter& json, const Health& health) {
  json.key("backfill");
  json.open_array();
  for (const Backfill& feed : health.backfill) {
    json.open_object();
    json.text("venue", feed.venue);
    json.number("waiting", feed.waiting);
    json.number("given_up", feed.given_up);
    json.number("pages", feed.pages);
    json.number("failures", feed.failures);
    json.text_or_null("last_error", feed.last_error);
    json.close_object();
  }
  json.close_array();
}

void add_gauges(metrics::Exposition& page, const Standing& standing, const Health& health) {
  page.gauge("tapeline_build_info", "1, with what this program is.");
  page.sample("tapeline_build_info",
              {{"version", standing.about.version}, {"commit", standing.about.commit}}, 1);
  const auto missing = missing_of(standing.market);
  const auto of_ledgers = [&](std::string_view name, std::string_view help,
                              std::uint64_t Missing::*number) {
    page.gauge(name, help);
    for (const auto& [key, its] : missing) {
      page.sample(name, {{"venue", key.first}, {"channel", key.second}}, its.*number);
    }
  };
  of_ledgers("tapeline_ledger_missing_ids", "Ids that are missing now.", &Missing::ids);
  of_ledgers("tapeline_ledger_open_holes", "Runs of ids that are missing now.", &Missing::holes);
  of_ledgers("tapeline_ledger_unrecoverable_ids",
             "Missing ids that the venue's history no longer has.", &Missing::unrecoverable);
  of_ledgers("tapeline_ledger_repaired_ids", "Ids that back-fill brought.", &Missing::repaired);
  const auto one = [&](std::string_view name, std::string_view help, std::uint64_t value) {
    page.gauge(name, help);
    page.sample(name, {}, value);
  };
  one("tapeline_journal_records", "Records in the journal, ever.", health.records);
  one("tapeline_journal_durable_records", "Of them, those that survive a crash.", health.durable);
  one("tapeline_engine_next_record", "The record that the engine reads next.", health.next_record);
  page.gauge("tapeline_engine_age_seconds", "How old the time is that the engine has come to.");
  page.sample_seconds("tapeline_engine_age_seconds", {}, health.behind);
  one("tapeline_store_record", "Every record before it is in the store.", health.stored_record);
  one("tapeline_checkpoint_record", "The newest snapshot's record; 0: there is none.",
      health.snapshot_record);
  one("tapeline_store_candles_compared",
      "Minutes of the last two days that were held against the venues' own candles.",
      health.candles_compared);
  one("tapeline_store_candles_different",
      "Of them, those that differ though the bar claims to be right.", health.candles_different);
  one("tapeline_store_candles_uncompared", "Minutes that could not be compared.",
      health.candles_uncompared);
  one("tapeline_serve_needs_a_person", "Parts of this process that need a person.",
      health.needs_a_person.size());
}

}  // namespace

Latency latency_of(const Standing& standing) {
  Latency latency = standing.around.latency();
  latency.to_push = &standing.push_waits;
  return latency;
}

void write_status(JsonWriter& json, const Standing& standing) {
  const Health health = standing.around.health();
  json.open_object();
  json.text("version", standing.about.version);
  json.text("mode", standing.about.simulated ? "simulated" : "live");
  json.boolean("demo", standing.about.demo);
  json.text("epoch", standing.about.epoch);
  json.time("now", standing.now.unix_ns());
  json.time("since", standing.about.since.unix_ns());
  json.boolean("ending", health.is_ending);
  json.key("intervals");
  json.open_array();
  for (const Duration interval : standing.about.intervals) json.text(format_duration(interval));
  json.close_array();
  write_items(json, standing.market);
  json.key("latency");
  json.open_object();
  const Latency latency = latency_of(standing);
  write_waits(json, "bar_ms", latency.to_bar);
  write_waits(json, "push_ms", latency.to_push);
  json.close_object();
  write_health(json, health);
  write_backfill(json, health);
  json.key("push");
  json.open_object();
  json.number("clients", standing.push.clients);
  json.number("conflated", standing.push.conflated);
  json.close_object();
  json.key("needs_a_person");
  json.open_array();
  for (const Problem& problem : health.needs_a_person) {
    json.open_object();
    json.text("part", problem.part);
    json.text("text", problem.text);
    json.close_object();
  }
  json.close_array();
  json.close_object();
}

std::string metrics_page(const Standing& standing, const net::ServerStats& server) {
  const Health health = standing.around.health();
  metrics::Exposition page;
  page.counters(standing.around.counters, health.venues);
  add_gauges(page, standing, health);
  const auto total = [&](std::string_view name, std::string_view help, std::uint64_t value) {
    page.counter(name, help);
    page.sample(name, {}, value);
  };
  total("tapeline_store_rows_written_total", "Rows stored by this process.", health.stored_rows);
  total("tapeline_store_commits_retried_total", "Commits that were tried again.",
        health.store_retries);
  total("tapeline_serve_requests_total", "HTTP requests that were answered.", server.requests);
  total("tapeline_serve_requests_refused_total", "HTTP requests that were malformed or too long.",
        server.refused_requests);
  total("tapeline_serve_messages_sent_total", "Messages pushed to clients.",
        standing.push.messages);
  total("tapeline_serve_updates_conflated_total",
        "Updates that put several together because the client was behind.",
        standing.push.conflated);
  page.gauge("tapeline_serve_clients", "Clients of the push stream now.");
  page.sample("tapeline_serve_clients", {}, standing.push.clients);
  add_latency(page, latency_of(standing));
  return page.take();
}

}  // namespace tapeline::serve
