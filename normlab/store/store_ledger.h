#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "normlab/lab/trial_ledger.h"
#include "normlab/store/store.h"
#include "normlab/store/trial_claim.h"

namespace normlab {

/// A study's results in the store; claims and unfinished trials in the folder `unfinished` beside
/// it.
class StoreLedger : public TrialLedger {
 public:
  /// `environment`: JSON text that says what trials run on. `force`: trials that were finished
  /// before are run again, from their beginning. Makes the folder.
  StoreLedger(Store& store, const std::filesystem::path& runs, std::string environment, bool force);

  std::optional<TrialRecord> find_finished(const Trial& trial) override;
  bool claim(const Trial& trial) override;
  void finish(const TrialResult& result) override;
  void abandon(const Trial& trial) override;
  std::string resume_path(const Trial& trial) override;

 private:
  Store& store_;
  std::filesystem::path folder_;
  std::string environment_;
  bool force_;
  std::mutex mutex_;
  std::map<std::string, TrialClaim> claims_;
  std::set<std::string> finished_here_;
};

}  // namespace normlab
