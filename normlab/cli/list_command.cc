#include "normlab/cli/list_command.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "normlab/cli/aligned_text.h"
#include "normlab/cli/output.h"
#include "normlab/cli/progress_bars.h"
#include "normlab/lab/study_difference.h"
#include "normlab/store/study_command.h"

namespace normlab {
namespace {

struct ListRequest {
  std::string runs = kDefaultRuns;
  bool json = false;
};

void tell_namesakes_apart(Store& store, std::vector<StudyLine>& lines) {
  std::map<std::string, std::size_t> count;
  for (const StudyLine& line : lines) ++count[line.name];
  std::map<std::string, std::string> differences;  // by id
  for (const auto& [name, studies] : count) {
    if (studies < 2) continue;
    std::vector<Study> namesakes;
    for (StoredStudy& stored : store.studies_named(name))
      namesakes.push_back(std::move(stored.study));
    const std::vector<std::string> texts = tell_apart(namesakes);
    for (std::size_t i = 0; i < texts.size(); ++i) differences[namesakes[i].id] = texts[i];
  }
  for (StudyLine& line : lines) line.differs_in = differences[line.id];
}

void list(const ListRequest& request) {
  Store store(request.runs, Database::Access::read);
  std::vector<StudyLine> studies = store.list();
  tell_namesakes_apart(store, studies);
  write_output(request.json ? list_json(studies) : list_text(studies));
}

}  // namespace

std::string list_text(std::span<const StudyLine> studies) {
  std::vector<std::vector<std::string>> rows = {
      {"study", "name", "started (UTC)", "arms", "trials done", "diverged", "failed", "time"}};
  const bool has_namesakes = std::ranges::any_of(
      studies, [](const StudyLine& study) { return !study.differs_in.empty(); });
  if (has_namesakes) rows.front().emplace_back("differs in");
  for (const StudyLine& study : studies) {
    rows.push_back({study.id, study.name, study.started_at, std::to_string(study.arms),
                    fmt::format("{} of {}", study.done, study.trials),
                    std::to_string(study.diverged), std::to_string(study.failed),
                    format_duration(study.seconds)});
    if (has_namesakes) rows.back().push_back(study.differs_in);
  }
  return align_columns(rows, has_namesakes ? "lllrrrrrl" : "lllrrrrr");
}

std::string list_json(std::span<const StudyLine> studies) {
  nlohmann::ordered_json object = {{"studies", nlohmann::ordered_json::array()}};
  for (const StudyLine& study : studies) {
    object["studies"].push_back({{"id", study.id},
                                 {"name", study.name},
                                 {"started_at", study.started_at},
                                 {"arms", study.arms},
                                 {"trials", study.trials},
                                 {"done", study.done},
                                 {"diverged", study.diverged},
                                 {"failed", study.failed},
                                 {"seconds", study.seconds},
                                 {"differs_in", study.differs_in}});
  }
  return object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

void add_list_command(CLI::App& root) {
  CLI::App* command = root.add_subcommand("list", "The studies that were run, the latest last");
  const auto request = std::make_shared<ListRequest>();
  command->add_option("--runs", request->runs, "Where they are stored (default: runs)")
      ->option_text("DIR");
  command->add_flag("--json", request->json, "Print one JSON object instead of the table");
  command->callback([request] { list(*request); });
}

}  // namespace normlab
