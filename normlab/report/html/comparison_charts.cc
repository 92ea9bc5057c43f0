#include "normlab/report/html/comparison_charts.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "normlab/report/html/arms.h"
#include "normlab/report/html/number_phrases.h"
#include "normlab/report/html/vega.h"

namespace normlab {
namespace {

constexpr std::array<Metric, 4> kShown = {Metric::validation_accuracy, Metric::validation_loss,
                                          Metric::test_accuracy, Metric::step_seconds};

std::string pair_label(const Study& study, const ArmPair& pair) {
  if (!pair.norm_alone) return study.arms[pair.arm].label;
  const std::string context = arm_context(study, pair.arm);
  return context.empty() ? "with minus without" : context;
}

/// The value of one seed, from the comparison.
std::optional<double> value_of(const ArmSummary& arm, Metric metric, std::uint64_t seed) {
  const auto place = std::ranges::find(arm.seeds, seed);
  if (place == arm.seeds.end()) return std::nullopt;
  return arm[metric].values[static_cast<std::size_t>(place - arm.seeds.begin())];
}

void add_seeds(const ReportInput& input, const ArmPair& pair, Metric metric, Json& rows) {
  const ArmSummary& arm = input.comparison.arms[pair.arm];
  const ArmSummary& baseline = input.comparison.arms[pair.baseline];
  for (const std::uint64_t seed : arm.seeds) {
    const auto a = value_of(arm, metric, seed);
    const auto b = value_of(baseline, metric, seed);
    if (!a || !b) continue;
    rows.push_back({{"pair", pair_label(input.study, pair)},
                    {"arm", arm_labels(input.study)[pair.arm]},
                    {"metric", name(metric)},
                    {"seed", seed},
                    {"difference", exact((*a - *b) * phrase(metric).scale)}});
  }
}

void add_mean(const ReportInput& input, const ArmPair& pair, const Contrast& contrast, Json& rows) {
  const double scale = phrase(contrast.metric).scale;
  Json row = {{"pair", pair_label(input.study, pair)},
              {"arm", arm_labels(input.study)[pair.arm]},
              {"metric", name(contrast.metric)},
              {"difference", exact(*contrast.difference * scale)},
              {"low", nullptr},
              {"high", nullptr},
              {"n", contrast.n}};
  if (contrast.ci95) {
    row["low"] = exact(contrast.ci95->low * scale);
    row["high"] = exact(contrast.ci95->high * scale);
  }
  rows.push_back(std::move(row));
}

Json metric_layer(const std::string& dataset, Metric metric, Json mark, Json encoding) {
  Json made = layer(dataset, std::move(mark), std::move(encoding));
  made["transform"] = keep_where(fmt::format("datum.metric === '{}'", name(metric)));
  return made;
}

Json difference_spec(const Study& study, Metric metric, const std::vector<std::string>& order) {
  const MetricPhrase words_of = phrase(metric);
  const std::string title =
      fmt::format("difference in {}{}{}", words_of.noun,
                  words_of.difference_unit.empty() ? "" : ",", words_of.difference_unit);
  const Json y = words("pair", "", order);
  const Json colour = arm_colour(arm_labels(study));
  const Json x = quantity("difference", title);
  const Json seeds = {{"x", x},
                      {"y", y},
                      {"color", colour},
                      {"tooltip", {hint("seed", "seed"), hint("difference", title, ".3~r")}}};
  const Json mean = {{"x", x},
                     {"y", y},
                     {"color", colour},
                     {"tooltip",
                      {hint("pair", "pair"), hint("difference", title, ".3~r"),
                       hint("low", "95 % interval from", ".3~r"), hint("high", "to", ".3~r"),
                       hint("n", "pairs")}}};
  const Json range = {
      {"x", quantity("low", title)}, {"x2", end_at("high")}, {"y", y}, {"color", colour}};
  const Json zero = {{"mark", {{"type", "rule"}, {"strokeDash", {4, 4}}}},
                     {"encoding", {{"x", {{"datum", 0}}}}}};
  return layered(
      {zero,
       metric_layer("differences", metric,
                    {{"type", "point"}, {"opacity", 0.5}, {"size", 40}, {"filled", true}}, seeds),
       metric_layer("mean_differences", metric, {{"type", "rule"}, {"strokeWidth", 3}}, range),
       metric_layer("mean_differences", metric,
                    {{"type", "point"}, {"shape", "diamond"}, {"size", 160}, {"filled", true}},
                    mean)},
      std::max(80, 36 * static_cast<int>(order.size()) + 40));
}

Chart difference_chart(const ReportInput& input, Metric metric,
                       const std::vector<std::string>& order, const Json& means) {
  std::string id(name(metric));
  std::ranges::replace(id, '_', '-');
  const char* better = larger_is_better(metric) ? "right" : "left";
  std::string summary = fmt::format("Difference in {}.", phrase(metric).noun);
  const MetricPhrase words_of = phrase(metric);
  for (const Json& row : means) {
    if (row["metric"] != name(metric)) continue;
    std::optional<Interval> ci95;
    if (!row["low"].is_null()) ci95 = Interval{row["low"], row["high"]};
    summary += fmt::format(" {}: {}{}, {}.", row["pair"].get<std::string>(),
                           with_interval(row["difference"], ci95, 1, words_of.plain_decimals),
                           words_of.difference_unit, counted(row["n"].get<std::size_t>(), "pair"));
  }
  const std::vector<ArmPair> pairs = arm_pairs(input.study);
  return {
      "difference-" + id,
      fmt::format("Difference in {}", words_of.noun),
      fmt::format("{}, seed by seed: right of the dashed line the value is larger. To the {} is "
                  "better. Dots: pairs of trials with the same seed. Diamond and bar: their "
                  "mean with its 95 % interval; a bar across the dashed line leaves open "
                  "which is better.",
                  pairs[0].norm_alone
                      ? "With minus without batch normalization"
                      : fmt::format("Each arm minus {}", baseline_text(input.study, pairs)),
                  better),
      summary,
      difference_spec(input.study, metric, order),
      {"differences", "mean_differences"},
      nullptr};
}

}  // namespace

std::vector<Chart> difference_charts(const ReportInput& input, Json& datasets) {
  const std::vector<ArmPair> pairs = arm_pairs(input.study);
  std::vector<std::string> order;
  for (const ArmPair& pair : pairs) order.push_back(pair_label(input.study, pair));
  Json seeds = Json::array();
  Json means = Json::array();
  std::vector<Chart> charts;
  for (const Metric metric : kShown) {
    const std::size_t before = means.size();
    for (const ArmPair& pair : pairs) {
      const Contrast& contrast = find_contrast(input.comparison, pair.arm, metric);
      if (!contrast.difference) continue;
      add_seeds(input, pair, metric, seeds);
      add_mean(input, pair, contrast, means);
    }
    if (means.size() > before) charts.push_back(difference_chart(input, metric, order, means));
  }
  datasets["differences"] = std::move(seeds);
  datasets["mean_differences"] = std::move(means);
  return charts;
}

}  // namespace normlab
