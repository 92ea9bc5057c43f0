#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "normlab/cli/progress_board.h"
#include "normlab/cli/terminal.h"

namespace normlab {

/// How far the whole study is.
struct StudyProgress {
  double share = 0;                         ///< of its work, in [0, 1]
  std::optional<double> seconds_left = {};  ///< absent while unknown
};

/// One line for each arm, and one for the study where there are several arms; none wider than the
/// terminal; what finds no room is left out, the least needed first. When the arms are more than
/// the terminal has lines, only those under way. Without line ends.
std::vector<std::string> draw_bars(std::span<const ArmProgress> arms, const StudyProgress& study,
                                   const Terminal& terminal);

/// "0:07", "12:30", "1:02:03".
std::string format_duration(double seconds);

}  // namespace normlab
