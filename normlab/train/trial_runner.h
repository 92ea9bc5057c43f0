#pragma once

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "normlab/base/error.h"
#include "normlab/data/dataset.h"
#include "normlab/train/progress.h"
#include "normlab/train/trial_record.h"
#include "normlab/train/trial_settings.h"

namespace normlab {

/// A trial ended because it was asked to.
class Interrupted : public Error {
 public:
  using Error::Error;
};

/// What surrounds a trial without changing its result.
struct TrialContext {
  TrialObserver* observer = nullptr;
  int threads = 1;
  std::int64_t probe_interval = 0;  ///< training steps from one probe step to the next; 0: none
  bool keep_predictions = false;    ///< the answer to every test image becomes part of the record
  std::string checkpoint_path;      ///< where the settings' checkpoint goes; empty: nowhere
  std::map<std::string, std::string> checkpoint_metadata;
  /// Where the state of the unfinished trial is kept from epoch to epoch, and gone on from when it
  /// is there; removed at the end. The name must be the trial's own: what is in the file is taken
  /// as this trial's. Empty: nowhere.
  std::string resume_path;
  double resume_seconds = 0.25;  ///< least time from one writing of that state to the next
  std::stop_token stop;
};

/// Throws RequestError when bf16 is asked of a machine without.
void check_precision(Precision precision, bool machine_has_bf16);

/// Throws RequestError when the trial cannot run here; see plan_trial and check_precision
/// (run_trial takes bf16 also where it is only imitated, slowly). With init=FILE the file is read
/// and must fit. Returns what there is to say of a trial that can: sentences for the user.
std::vector<std::string> check_trial(const TrialSettings& settings, const Dataset& data);

/// Trains one network and evaluates it after every epoch with its running statistics (with
/// eval_flip, on mirrored images as well); the test images are read once, at the end. A loss that
/// is not finite ends the trial as diverged: of a step, of the validation images after an epoch
/// (which then is not in the record), or of the test images. The record depends on settings and data only, its times apart; not on the number of
/// threads, nor on whether there is a probe or predictions are kept. Files that cannot be written
/// are told to the observer, and the trial goes on without them. Throws Interrupted when stopped.
TrialRecord run_trial(const TrialSettings& settings, const Dataset& data,
                      const TrialContext& context);

}  // namespace normlab
