#include "normlab/report/html/comparison_charts.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "normlab/report/html/arms.h"
#include "normlab/report/html/dot_layers.h"
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

std::size_t place_of(const ArmSummary& arm, std::uint64_t seed) {
  return static_cast<std::size_t>(std::ranges::find(arm.seeds, seed) - arm.seeds.begin());
}

/// The value of one seed, from the comparison.
std::optional<double> value_of(const ArmSummary& arm, Metric metric, std::uint64_t seed) {
  const std::size_t place = place_of(arm, seed);
  return place == arm.seeds.size() ? std::nullopt : arm[metric].values[place];
}

/// Requires: the arm has the seed.
bool has_trained(const ArmSummary& arm, std::uint64_t seed) {
  return counts_as_trained(arm.learning[place_of(arm, seed)]);
}

void add_seeds(const ReportInput& input, const ArmPair& pair, Metric metric, Json& rows) {
  const ArmSummary& arm = input.comparison.arms[pair.arm];
  const ArmSummary& baseline = input.comparison.arms[pair.baseline];
  const std::string label = pair_label(input.study, pair);
  for (const std::uint64_t seed : arm.seeds) {
    const auto a = value_of(arm, metric, seed);
    const auto b = value_of(baseline, metric, seed);
    if (!a || !b) continue;
    // The mean is over these alone.
    if (!is_time(metric) && !(has_trained(arm, seed) && has_trained(baseline, seed))) continue;
    rows.push_back({{"pair", label},
                    {"arm", arm_label(input.study, pair.arm)},
                    {"metric", name(metric)},
                    {"seed", seed},
                    {"difference", exact((*a - *b) * phrase(metric).scale)}});
  }
}

void add_mean(const ReportInput& input, const ArmPair& pair, const Contrast& contrast, Json& rows) {
  const double scale = phrase(contrast.metric).scale;
  Json row = {{"pair", pair_label(input.study, pair)},
              {"arm", arm_label(input.study, pair.arm)},
              {"metric", name(contrast.metric)},
              {"difference", exact(*contrast.difference * scale)},
              {"low", nullptr},
              {"high", nullptr},
              {"n", contrast.n}};
  // A bar would look like a verdict, which a time has none of.
  if (contrast.ci95 && !is_time(contrast.metric)) {
    row["low"] = exact(contrast.ci95->low * scale);
    row["high"] = exact(contrast.ci95->high * scale);
  }
  rows.push_back(std::move(row));
}

Json difference_spec(const Study& study, Metric metric, const std::vector<std::string>& order) {
  const MetricPhrase words_of = phrase(metric);
  const DotFields fields{
      .dots = "differences",
      .means = "mean_differences",
      .y = "pair",
      .order = order,
      .value = "difference",
      .low = "low",
      .high = "high",
      .title = fmt::format("difference in {}{}{}", words_of.noun,
                           words_of.difference_unit.empty() ? "" : ",", words_of.difference_unit),
      .format = "",
      .hint_format = ".3~r",
      .counted = "pairs",
      .keep = fmt::format("datum.metric === '{}'", name(metric))};
  std::vector<Json> layers = {{{"mark", {{"type", "rule"}, {"strokeDash", {4, 4}}}},
                               {"encoding", {{"x", {{"datum", 0}}}}}}};
  std::ranges::move(dot_layers(fields, arm_colour(arm_labels(study))), std::back_inserter(layers));
  return layered(std::move(layers), height_of_lines(order.size()));
}

Chart difference_chart(const ReportInput& input, Metric metric,
                       const std::vector<std::string>& order, const Json& means) {
  std::string id(name(metric));
  std::ranges::replace(id, '_', '-');
  const std::string caption =
      is_time(metric)
          ? "Trials ran one after the other, on a machine that may have been busy: the "
            "picture describes, and decides nothing. `normlab bench` times in turns."
          : fmt::format("Better is to the {}.", larger_is_better(metric) ? "right" : "left");
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
  return {"difference-" + id,
          fmt::format("Difference in {}", words_of.noun),
          caption,
          summary,
          difference_spec(input.study, metric, order),
          {"differences", "mean_differences"},
          nullptr};
}

}  // namespace

std::string how_to_read_differences(const Study& study) {
  const std::vector<ArmPair> pairs = arm_pairs(study);
  return fmt::format(
      "{}, seed by seed: right of the dashed line the value is larger. Dots: pairs of trials with "
      "the same seed. Diamond and bar: their mean with its 95 % interval; a bar across the dashed "
      "line leaves open which is better. Only pairs that both trained are compared.",
      pairs[0].norm_alone ? "With minus without batch normalization"
                          : fmt::format("Each arm minus {}", baseline_text(study, pairs)));
}

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
