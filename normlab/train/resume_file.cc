#include "normlab/train/resume_file.h"

#include <filesystem>
#include <system_error>

#include "normlab/base/error.h"

namespace normlab {

std::optional<TrialProgress> ResumeFile::load(Network& network, Optimizer& optimizer) const {
  if (options_.path.empty()) return std::nullopt;
  return load_progress(options_.path, network, optimizer);
}

bool ResumeFile::is_due() const {
  return !options_.path.empty() && !given_up_ && since_latest_.seconds() >= options_.least_seconds;
}

void ResumeFile::save(const TrialProgress& progress, const Network& network,
                      const Optimizer& optimizer) {
  try {
    save_progress(options_.path, progress, network, optimizer);
  } catch (const Error& error) {
    // The room that the old state takes is of more use to the store.
    given_up_ = true;
    remove();
    if (options_.on_trouble) options_.on_trouble(error.what());
  }
  since_latest_ = Stopwatch();
}

void ResumeFile::remove() const {
  std::error_code ignored;
  if (!options_.path.empty()) std::filesystem::remove(options_.path, ignored);
}

}  // namespace normlab
