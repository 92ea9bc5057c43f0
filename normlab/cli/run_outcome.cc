#include "normlab/cli/run_outcome.h"

#include <string>

#include <fmt/format.h>

#include "normlab/cli/command_line.h"
#include "normlab/cli/progress_lines.h"

namespace normlab {
namespace {

constexpr std::size_t kMostNamed = 10;

}  // namespace

void throw_unless_complete(const Study& study, std::span<const TrialResult> results, int signal,
                           const std::string& go_on) {
  const std::size_t planned = study.trials.size();
  if (signal != 0 && results.size() < planned) {
    throw StoppedBySignal(signal, fmt::format("interrupted: {} of {} trials are finished; {}",
                                              results.size(), planned, go_on));
  }
  std::size_t failed = 0;
  std::string reasons;
  for (const TrialResult& result : results) {
    if (result.record.status != TrialStatus::failed) continue;
    if (++failed <= kMostNamed) {
      reasons += fmt::format("\n  {}: {}", trial_label(study, result.trial), result.record.error);
    }
  }
  if (failed > kMostNamed) reasons += fmt::format("\n  and {} more", failed - kMostNamed);
  std::string message;
  if (failed > 0) message = fmt::format("{} of {} trials failed", failed, planned);
  if (results.size() < planned)
    message += fmt::format(", {} were not run", planned - results.size());
  if (!message.empty()) throw Error(fmt::format("{}{}\n{}", message, reasons, go_on));
}

}  // namespace normlab
