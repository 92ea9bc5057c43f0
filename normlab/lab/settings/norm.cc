#include <vector>

#include "normlab/lab/settings/groups.h"
#include "normlab/lab/settings/idle.h"
#include "normlab/lab/settings/ranges.h"
#include "normlab/lab/settings_rows.h"

namespace normlab {
namespace {

using settings_rows::choice;
using settings_rows::Choice;
using settings_rows::Group;
using settings_rows::number;
using settings_rows::number_or_word;

void add_running_statistics(Group& group) {
  group
      .add(number_or_word(
          "stat_update", {.low = 0, .high = 1, .low_included = false},
          [](auto& s) -> auto& { return s.norm.stat_update; }, "cumulative",
          [](auto& s) -> auto& { return s.norm.cumulative; }))
      .help(
          "Weight of the new batch in the running statistics: PyTorch's 'momentum' of a batch "
          "norm, and 1 minus that of Keras. 'cumulative' takes the plain mean over all batches.")
      .aliases({"bn_momentum", "norm_momentum"})
      .idle(idle::unless_batch_norm);
  const std::vector<Choice<RunningVariance>> variances = {{"unbiased", RunningVariance::unbiased},
                                                          {"biased", RunningVariance::biased}};
  group
      .add(choice(
          "running_var", variances, [](auto& s) -> auto& { return s.norm.running_var; }))
      .help(
          "The variance that is tracked: divided by m-1 (PyTorch) or by m (Keras, Flax). Batches "
          "are always normalized by the biased one.")
      .idle(idle::unless_batch_norm);
}

void add_scale_and_shift(Group& group) {
  const std::vector<Choice<AffineMode>> modes = {
      {"learn", AffineMode::learn}, {"fixed", AffineMode::fixed}, {"off", AffineMode::off}};
  group
      .add(choice(
          "gamma", modes, [](auto& s) -> auto& { return s.norm.gamma; }))
      .help("The scale after normalization: learnt, fixed at gamma_init, or left out.")
      .idle(idle::unless_batch_norm);
  group
      .add(choice(
          "beta", modes, [](auto& s) -> auto& { return s.norm.beta; }))
      .help(
          "The shift after normalization: learnt, fixed at 0, or left out. (Adam's betas are "
          "beta1 and beta2.)")
      .idle(idle::unless_batch_norm);
  group
      .add(number(
          "gamma_init", {.low = -ranges::kLarge, .high = ranges::kLarge},
          [](auto& s) -> auto& { return s.norm.gamma_init; }))
      .help("Where gamma starts.")
      .idle(idle::unless_gamma);
}

void add_norm(Group& group) {
  const std::vector<Choice<NormKind>> kinds = {{"none", NormKind::none},
                                               {"batch", NormKind::batch}};
  group
      .add(choice(
          "norm", kinds, [](auto& s) -> auto& { return s.norm.kind; }))
      .help("What fills the norm slots of the model: nothing, or batch normalization.")
      .aliases({"normalization", "bn", "batchnorm", "batch_norm"})
      .foreign_words({{"bn", "batch"},
                      {"batchnorm", "batch"},
                      {"batch_norm", "batch"},
                      {"batchnorm1d", "batch"},
                      {"batchnorm2d", "batch"},
                      {"batchnormalization", "batch"},
                      {"true", "batch"},
                      {"yes", "batch"},
                      {"on", "batch"},
                      {"1", "batch"},
                      {"false", "none"},
                      {"no", "none"},
                      {"off", "none"},
                      {"0", "none"},
                      {"identity", "none"},
                      {"null", "none"}})
      .idle(idle::unless_norm_slots);
}

}  // namespace

SettingGroup norm_settings() {
  Group group("Normalization");
  add_norm(group);
  group
      .add(number(
          "eps", ranges::kEpsilon, [](auto& s) -> auto& { return s.norm.eps; }))
      .help("Added to the variance, inside the root.")
      .aliases({"epsilon", "bn_eps"})
      .idle(idle::unless_batch_norm);
  add_running_statistics(group);
  add_scale_and_shift(group);
  const std::vector<Choice<RedundantBias>> biases = {{"keep", RedundantBias::keep},
                                                     {"drop", RedundantBias::drop}};
  group
      .add(choice(
          "redundant_bias", biases, [](auto& s) -> auto& { return s.redundant_bias; }))
      .help(
          "The bias directly before a batch norm, which subtracts it again: kept as a parameter "
          "with gradient zero, as in PyTorch and Keras, or left out.")
      .idle(idle::unless_bias_before_norm);
  return group.take();
}

}  // namespace normlab
