#include "normlab/report/html/appendix.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "normlab/lab/settings.h"
#include "normlab/report/csv.h"
#include "normlab/report/html/arms.h"
#include "normlab/report/html/tables.h"
#include "normlab/report/json.h"
#include "normlab/report/latex.h"
#include "normlab/report/markdown.h"

namespace normlab {
namespace {

/// Bytes of one file. With that the page of forty trials stays below 4 MB.
constexpr std::size_t kLargestDownload = std::size_t{512} * 1024;

/// One row per key; a column for each environment.
TableText environment_table(const std::vector<std::string>& environments) {
  TableText table;
  table.title = "What it ran on";
  table.columns = {{"", false}};
  std::vector<Json> objects;
  for (const std::string& text : environments) {
    Json object = Json::parse(text, nullptr, false);
    if (object.is_object()) objects.push_back(std::move(object));
  }
  for (std::size_t i = 0; i < objects.size(); ++i) {
    table.columns.push_back(
        {objects.size() == 1 ? "value" : fmt::format("machine {}", i + 1), false});
    for (const auto& [key, value] : objects[i].items()) {
      auto row =
          std::ranges::find_if(table.rows, [&key = key](const auto& r) { return r[0] == key; });
      if (row == table.rows.end()) {
        table.rows.emplace_back(objects.size() + 1);
        row = std::prev(table.rows.end());
        row->front() = key;
      }
      (*row)[i + 1] = value.is_string() ? value.get<std::string>() : value.dump();
    }
  }
  return table;
}

TableText data_table(const ReportInput& input) {
  TableText table;
  table.title = "Data";
  table.columns = {{"data set", false}, {"train"}, {"validation"}, {"test"}, {"SHA-256", false}};
  for (const DataFacts& data : input.data) {
    table.rows.push_back({data.name + (data.synthetic ? " (synthetic)" : ""),
                          std::to_string(data.train), std::to_string(data.validation),
                          std::to_string(data.test), data.sha256});
  }
  return table;
}

std::string seeds_text(const ReportInput& input) {
  std::vector<std::uint64_t> seeds;
  for (const Trial& trial : input.study.trials) seeds.push_back(trial.settings.seed);
  std::ranges::sort(seeds);
  seeds.erase(std::unique(seeds.begin(), seeds.end()), seeds.end());
  std::string text = "Seeds:";
  for (const std::uint64_t seed : seeds) text += fmt::format(" {}", seed);
  const std::size_t missing = input.study.trials.size() - input.results.size();
  text +=
      ". A seed fixes initial weights, split, data order and dropout masks; arms with the same "
      "seed share all of them that they can.";
  if (missing > 0) {
    text += fmt::format(" {} of {} trials have no result yet.", missing, input.study.trials.size());
  }
  return text;
}

Json shared_settings(const Study& study) {
  Json block = settings_block();
  const std::vector<std::string> varied = varied_keys(study);
  for (const auto& [key, value] : list_settings(study.arms[0].settings)) {
    if (key == "seed" || std::ranges::find(varied, key) != varied.end()) continue;
    block["same"].push_back({{"key", key}, {"value", value}});
  }
  return block;
}

}  // namespace

Json appendix(const ReportInput& input) {
  std::vector<Json> blocks;
  if (!input.command.empty()) {
    blocks.push_back(command_block("Run it again", input.command));
  }
  blocks.push_back(text_block(
      seeds_text(input) +
      " The same command on the same instruction set gives the same numbers, bit by bit." +
      (input.started_at.empty() ? "" : fmt::format(" Started {} UTC.", input.started_at))));
  if (!input.study.arms.empty()) blocks.push_back(shared_settings(input.study));
  if (!input.data.empty()) blocks.push_back(table_block(data_table(input)));
  if (!input.environments.empty()) {
    blocks.push_back(table_block(environment_table(input.environments)));
  }
  blocks.push_back(table_block(trial_table(input)));
  return section("appendix", "Appendix", std::move(blocks));
}

Downloads downloads(const ReportInput& input) {
  const std::string stem = file_name(input.study.name);
  Downloads all;
  const auto add = [&](const std::string& file, const char* media_type, std::string text) {
    if (text.size() > kLargestDownload) {
      all.left_out.push_back(file);
    } else {
      all.files.push_back(download(file, media_type, std::move(text)));
    }
  };
  add(stem + "-trials.csv", "text/csv", trials_csv(input.study, input.results, input.comparison));
  add(stem + "-epochs.csv", "text/csv",
      epochs_csv(input.study, input.results, input.comparison.metrics));
  add(stem + ".tex", "application/x-tex", comparison_latex(input.comparison, input.data));
  add(stem + ".md", "text/markdown", comparison_markdown(input.comparison, input.data));
  add(stem + ".json", "application/json",
      comparison_json(input.study, input.results, input.comparison, input.data));
  return all;
}

std::string file_name(const std::string& name) {
  std::string safe;
  for (const char c : name) {
    const bool kept =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
    safe += kept ? c : '-';
  }
  if (safe.empty() || safe.front() == '.') safe.insert(0, "study");
  return safe;
}

}  // namespace normlab
