#include "normlab/store/stored_run.h"

#include <utility>

#include "normlab/base/error.h"
#include "normlab/base/memory.h"
#include "normlab/store/store_ledger.h"
#include "normlab/train/trial_runner.h"

namespace normlab {
namespace {

std::filesystem::path checkpoint_folder(const std::filesystem::path& runs) {
  std::filesystem::path folder = runs / "checkpoints";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) fail<Error>("cannot make the folder {}: {}", folder.string(), error.message());
  return folder;
}

}  // namespace

std::vector<TrialResult> run_into_store(const PlannedStudy& plan, Store& store, StoredRun run) {
  store.save_study({.study = plan.study,
                    .command = std::move(run.command),
                    .threshold = run.threshold,
                    .primary = plan.primary,
                    .data = plan.data,
                    .title = plan.title,
                    .questions = plan.questions});
  StoreLedger ledger(store, run.runs, std::move(run.environment), run.force);
  run.options.checkpoints = checkpoint_folder(run.runs);
  run.options.ledger = &ledger;
  run.options.needs = [&](const Trial& trial) -> TrialNeeds {
    const TrialCost& cost = plan.costs[trial.arm];
    return {cost.reference_seconds, cost.bytes};
  };
  run.options.memory = available_memory();
  return run_study(plan.study, plan.datasets, run.options, run_trial);
}

}  // namespace normlab
