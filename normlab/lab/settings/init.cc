#include "normlab/lab/settings/groups.h"
#include "normlab/lab/settings/idle.h"
#include "normlab/lab/settings/ranges.h"
#include "normlab/lab/settings_parsers.h"
#include "normlab/lab/settings_rows.h"

namespace normlab {
namespace {

using settings_rows::flag;
using settings_rows::Group;
using settings_rows::number;

}  // namespace

SettingGroup init_settings() {
  Group group("Initial weights");
  group.add(init_setting())
      .aliases({"initializer", "initialization", "kernel_initializer"})
      .foreign_words({{"kaiming", "he"},
                      {"kaiming_normal", "he"},
                      {"he_normal", "he"},
                      {"glorot", "xavier"},
                      {"glorot_normal", "xavier"},
                      {"xavier_normal", "xavier"},
                      {"glorot_uniform", "keras"},
                      {"kaiming_uniform", "pytorch"},
                      {"default", "pytorch"},
                      {"torch", "pytorch"},
                      {"tensorflow", "keras"}});
  group
      .add(number(
          "init_gain", ranges::kPositive, [](auto& s) -> auto& { return s.init.gain; }))
      .help("Multiplies the initial weights, not the biases.")
      .idle(idle::unless_weights_are_drawn);
  group
      .add(flag(
          "init_identity", [](auto& s) -> auto& { return s.init.identity; }))
      .help(
          "Whether the first filters of every convolution, as many as it has inputs, start as "
          "the identity (PyTorch's dirac_): each hands one input on. The others are drawn.")
      .aliases({"dirac", "dirac_init", "identity_init"})
      .introduced_with("false")
      .idle(idle::unless_convolutions_are_drawn);
  return group.take();
}

}  // namespace normlab
