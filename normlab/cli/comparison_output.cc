#include "normlab/cli/comparison_output.h"

#include <fmt/format.h>

#include "normlab/cli/output.h"
#include "normlab/cli/terminal.h"
#include "normlab/lab/fairness.h"
#include "normlab/report/table.h"

namespace normlab {

std::string terminal_table(const Comparison& comparison, std::span<const DataFacts> data) {
  TableOptions options;
  if (const Terminal terminal = inspect_terminal(Stream::output); terminal.interactive) {
    options.width = terminal.columns;
  }
  return comparison_table(comparison, data, options);
}

void warn_of_unfairness(const Study& study, std::span<const TrialResult> results) {
  for (const FairnessWarning& warning : check_fairness(study, results)) {
    write_message(fmt::format("normlab: warning: {}\n", warning.text));
  }
}

}  // namespace normlab
