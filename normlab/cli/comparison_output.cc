#include "normlab/cli/comparison_output.h"

#include <fmt/format.h>

#include "normlab/cli/output.h"
#include "normlab/cli/terminal.h"
#include "normlab/report/table.h"

namespace normlab {

std::string terminal_table(const Comparison& comparison, std::span<const DataFacts> data) {
  TableOptions options;
  if (const Terminal terminal = inspect_terminal(Stream::output); terminal.interactive) {
    options.width = terminal.columns;
  }
  return comparison_table(comparison, data, options);
}

void write_warnings(const Comparison& comparison) {
  for (const FairnessWarning& warning : comparison.warnings) {
    write_message(fmt::format("normlab: warning: {}\n", warning.text));
  }
}

}  // namespace normlab
