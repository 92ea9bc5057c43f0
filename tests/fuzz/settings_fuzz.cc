// Settings and grids: each line of the input is one argument of `normlab run`.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "normlab/base/error.h"
#include "normlab/lab/grid.h"
#include "normlab/lab/grid_study.h"

namespace {

/// Studies larger than this would take the fuzzer's time and add nothing.
constexpr std::size_t kMostTrialsBuilt = 1000;

void check(bool holds) {
  if (!holds) std::abort();
}

/// What the parser accepted must be written and read back unchanged.
void check_round_trip(const normlab::Axis& axis) {
  for (const std::string& value : axis.values) {
    normlab::TrialSettings settings;
    check(axis.setting->parse(settings, value));
    check(axis.setting->format(settings) == value);
  }
}

void check_study(const std::vector<normlab::Axis>& axes) {
  std::size_t trials = 1;
  for (const normlab::Axis& axis : axes) trials *= axis.values.size();
  if (trials > kMostTrialsBuilt) return;
  const normlab::GridStudy grid = normlab::make_study(axes, [](const normlab::TrialSettings& arm) {
    return normlab::TrialContents{.model = arm.model, .data = arm.data, .init = ""};
  });
  check(grid.study.trials.size() <= trials);
  // Arms are left out only with a word on why.
  check(grid.study.trials.size() == trials || !grid.warnings.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream lines(std::string(reinterpret_cast<const char*>(data), size));
  std::vector<std::string> arguments;
  for (std::string line; std::getline(lines, line);) arguments.push_back(line);
  try {
    const auto axes = normlab::parse_grid("m", arguments);
    for (const normlab::Axis& axis : axes) check_round_trip(axis);
    check_study(axes);
  } catch (const normlab::RequestError&) {
  }
  return 0;
}
