#pragma once

#include <span>
#include <string>

#include "normlab/cli/cli11_fwd.h"
#include "normlab/store/store.h"

namespace normlab {

/// Adds `list`: the studies of a runs folder.
void add_list_command(CLI::App& root);

/// A line for each study under a heading, in the order given; with a column for what differs
/// between studies of one name where there are any.
std::string list_text(std::span<const StudyLine> studies);

/// {"studies": [{"id", "name", "started_at", "arms", "trials", "done", "diverged", "failed",
/// "seconds", "differs_in"}]}
std::string list_json(std::span<const StudyLine> studies);

}  // namespace normlab
