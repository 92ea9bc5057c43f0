#include "normlab/report/html/document.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/report/html/answer.h"
#include "normlab/report/html/appendix.h"
#include "normlab/report/html/arms.h"
#include "normlab/report/html/blocks.h"
#include "normlab/report/html/comparison_charts.h"
#include "normlab/report/html/conclusions.h"
#include "normlab/report/html/cost_charts.h"
#include "normlab/report/html/curve_charts.h"
#include "normlab/report/html/grid_chart.h"
#include "normlab/report/html/images.h"
#include "normlab/report/html/inside_charts.h"
#include "normlab/report/html/probed_trials.h"
#include "normlab/report/html/setup.h"
#include "normlab/report/html/single_epoch_chart.h"
#include "normlab/report/html/survival_chart.h"
#include "normlab/report/html/tables.h"
#include "normlab/report/html/worked_example.h"

namespace normlab {
namespace {

Json arm_infos(const ReportInput& input) {
  Json list = Json::array();
  const auto labels = arm_labels(input.study);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const ArmSummary& arm = input.comparison.arms[i];
    list.push_back(
        {{"label", labels[i]}, {"n", arm.n}, {"diverged", arm.diverged}, {"failed", arm.failed}});
  }
  return list;
}

std::vector<std::string> questions(const ReportInput& input) {
  if (!input.questions.empty()) return input.questions;
  const auto pairs = arm_pairs(input.study);
  if (pairs.empty()) return {};
  const std::string& model = input.model.name.empty() ? input.study.name : input.model.name;
  if (pairs[0].norm_alone) {
    return {fmt::format("What does batch normalization change in {}?", model)};
  }
  return {fmt::format("How do these settings change what {} learns?", model)};
}

void add_charts(std::vector<Json>& blocks, const std::vector<Chart>& charts) {
  std::ranges::transform(charts, std::back_inserter(blocks), chart_block);
}

Json curves(const ReportInput& input, Json& datasets) {
  std::vector<Json> blocks;
  const std::vector<Chart> charts = curve_charts(input, datasets);
  if (has_single_epoch(datasets["epochs"])) blocks.push_back(text_block(kSingleEpoch));
  add_charts(blocks, charts);
  return section("curves", "Learning curves", std::move(blocks));
}

Json comparison(const ReportInput& input, Json& datasets) {
  std::vector<Json> blocks;
  if (const auto charts = difference_charts(input, datasets); !charts.empty()) {
    blocks.push_back(text_block(how_to_read_differences(input.study)));
    add_charts(blocks, charts);
  }
  if (auto chart = survival_chart(input, datasets)) blocks.push_back(chart_block(*chart));
  if (auto chart = grid_chart(input, datasets)) blocks.push_back(chart_block(*chart));
  add_charts(blocks, small_multiples(input, datasets));
  add_charts(blocks, cost_charts(input, datasets));
  for (const TableText& table : comparison_tables(input)) blocks.push_back(table_block(table));
  return section("comparison", "Comparison", std::move(blocks));
}

Json inside(const ReportInput& input, Json& datasets) {
  std::vector<Json> blocks;
  add_charts(blocks, inside_charts(input, datasets));
  if (!blocks.empty()) {
    const auto probed = probed_trials(input);
    std::string text = fmt::format(
        "Measured on one fixed batch of {} validation images every {} steps, in one trial for each "
        "arm; training is the same with and without.",
        probed[0]->record.probe->examples, probed[0]->record.probe->interval);
    if (probed.size() == kMostProbedArms && input.study.arms.size() > kMostProbedArms) {
      text += fmt::format(" The first {} arms are shown.", kMostProbedArms);
    }
    blocks.insert(blocks.begin(), text_block(std::move(text)));
  }
  return section("inside", "Inside the network", std::move(blocks));
}

Json mistakes(const ReportInput& input, Json& datasets) {
  return section("mistakes", "What went wrong", error_blocks(input, datasets));
}

Json conclusions(const ReportInput& input) {
  std::vector<Json> blocks;
  if (const auto findings = shown(input); !findings.empty()) {
    blocks.push_back(text_block("Measured, each with its 95 % interval:"));
    blocks.push_back(findings_block(findings));
  }
  if (const auto findings = not_shown(input); !findings.empty()) {
    blocks.push_back(text_block("Limits:"));
    blocks.push_back(findings_block(findings));
  }
  return section("conclusions", "What this study shows, and what not", std::move(blocks));
}

/// Sections without a block are left out.
void add_section(Json& sections, Json made) {
  if (!made["blocks"].empty()) sections.push_back(std::move(made));
}

}  // namespace

std::string report_title(const ReportInput& input) {
  return input.title.empty() ? input.study.name : input.title;
}

Json report_document(const ReportInput& input) {
  Json datasets = Json::object();
  Json sections = Json::array();
  add_section(sections, setup(input));
  add_section(sections, curves(input, datasets));
  add_section(sections, comparison(input, datasets));
  add_section(sections, inside(input, datasets));
  add_section(sections, mistakes(input, datasets));
  add_section(sections, explanation(input));
  add_section(sections, conclusions(input));
  Downloads files = downloads(input);
  Json last = appendix(input);
  if (!files.left_out.empty()) {
    last["blocks"].push_back(text_block(
        fmt::format("Too large for this page: {}. `normlab report {} -o FILE` writes .csv (with "
                    "--epochs a row per epoch) and .json.",
                    fmt::join(files.left_out, ", "), input.study.id)));
  }
  add_section(sections, std::move(last));
  return {{"version", 1},
          {"title", report_title(input)},
          {"generator", input.generator},
          {"questions", questions(input)},
          {"answer", findings_json(answer(input))},
          {"arms", arm_infos(input)},
          {"sections", std::move(sections)},
          {"datasets", std::move(datasets)},
          {"downloads", std::move(files.files)}};
}

}  // namespace normlab
