#pragma once

#include <span>
#include <string>
#include <vector>

#include "normlab/cli/progress_board.h"
#include "normlab/cli/terminal.h"

namespace normlab {

/// One line for each arm, none wider than the terminal; what finds no room is left out, the least
/// needed first. When the arms are more than the terminal has lines, only those under way, and a
/// line for all. Without line ends.
std::vector<std::string> draw_bars(std::span<const ArmProgress> arms, const Terminal& terminal);

/// "0:07", "12:30", "1:02:03".
std::string format_duration(double seconds);

}  // namespace normlab
