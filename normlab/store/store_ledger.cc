#include "normlab/store/store_ledger.h"

#include <utility>

#include "normlab/base/error.h"

namespace normlab {

StoreLedger::StoreLedger(Store& store, const std::filesystem::path& runs, std::string environment,
                         bool force)
    : store_(store),
      folder_(runs / "unfinished"),
      environment_(std::move(environment)),
      force_(force) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) fail<Error>("cannot make the folder {}: {}", folder_.string(), error.message());
}

std::optional<TrialRecord> StoreLedger::find_finished(const Trial& trial) {
  if (force_) {
    const std::scoped_lock lock(mutex_);
    if (!finished_here_.contains(trial.id)) return std::nullopt;
  }
  return store_.find_finished(trial.id);
}

bool StoreLedger::claim(const Trial& trial) {
  std::optional<TrialClaim> claim = TrialClaim::take(folder_, trial.id);
  if (!claim) return false;
  const std::scoped_lock lock(mutex_);
  claims_.insert_or_assign(trial.id, std::move(*claim));
  std::error_code error;
  if (force_) std::filesystem::remove(resume_path(trial), error);
  if (error) fail<Error>("{}: cannot be removed: {}", resume_path(trial), error.message());
  return true;
}

void StoreLedger::finish(const TrialResult& result) {
  store_.save_trial(result, environment_);
  const std::scoped_lock lock(mutex_);
  finished_here_.insert(result.trial.id);
  claims_.erase(result.trial.id);
}

void StoreLedger::abandon(const Trial& trial) {
  const std::scoped_lock lock(mutex_);
  claims_.erase(trial.id);
}

std::string StoreLedger::resume_path(const Trial& trial) {
  return (folder_ / (trial.id + ".safetensors")).string();
}

}  // namespace normlab
