#include "normlab/lab/settings/groups.h"
#include "normlab/lab/settings/idle.h"
#include "normlab/lab/settings/ranges.h"
#include "normlab/lab/settings_parsers.h"
#include "normlab/lab/settings_rows.h"

namespace normlab {
namespace {

using settings_rows::Group;
using settings_rows::number;
using settings_rows::whole;

}  // namespace

SettingGroup regularization_settings() {
  Group group("Regularization");
  group
      .add(number(
          "weight_decay", ranges::kNotNegative,
          [](auto& s) -> auto& { return s.optimizer.weight_decay; }))
      .help("Pull of the parameters towards 0, as in PyTorch's optimizer of the same name.")
      .aliases({"wd", "l2"});
  group.add(decay_places_setting()).aliases({"decay_on", "no_decay"}).idle(idle::unless_decay);
  group
      .add(number(
          "clip", ranges::kNotNegative, [](auto& s) -> auto& { return s.optimizer.clip; }))
      .help(
          "Largest Euclidean norm of the whole gradient, which is scaled down to it; 0: no limit.")
      .aliases({"clip_norm", "grad_clip", "max_norm"});
  group
      .add(number(
          "label_smoothing", ranges::kShare, [](auto& s) -> auto& { return s.label_smoothing; }))
      .help("Share of the target's probability that is spread evenly over all classes.");
  return group.take();
}

}  // namespace normlab
