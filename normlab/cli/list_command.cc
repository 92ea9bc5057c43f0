#include "normlab/cli/list_command.h"

#include <memory>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "normlab/cli/aligned_text.h"
#include "normlab/cli/output.h"
#include "normlab/cli/progress_bars.h"

namespace normlab {
namespace {

struct ListRequest {
  std::string runs = "runs";
  bool json = false;
};

void list(const ListRequest& request) {
  const auto studies = Store(request.runs, Database::Access::read).list();
  write_output(request.json ? list_json(studies) : list_text(studies));
}

}  // namespace

std::string list_text(std::span<const StudyLine> studies) {
  std::vector<std::vector<std::string>> rows = {
      {"study", "name", "started (UTC)", "arms", "trials done", "diverged", "failed", "time"}};
  for (const StudyLine& study : studies) {
    rows.push_back({study.id, study.name, study.started_at, std::to_string(study.arms),
                    fmt::format("{} of {}", study.done, study.trials),
                    std::to_string(study.diverged), std::to_string(study.failed),
                    format_duration(study.seconds)});
  }
  return align_columns(rows, "lllrrrrr");
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
                                 {"seconds", study.seconds}});
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
