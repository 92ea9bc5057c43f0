#include <string>
#include <utility>
#include <vector>

#include "normlab/lab/settings/groups.h"
#include "normlab/lab/settings/idle.h"
#include "normlab/lab/settings/ranges.h"
#include "normlab/lab/settings_parsers.h"
#include "normlab/lab/settings_rows.h"

namespace normlab {
namespace {

using settings_rows::choice;
using settings_rows::Choice;
using settings_rows::flag;
using settings_rows::Group;
using settings_rows::number;

void add_schedule(Group& group) {
  group.add(schedule_setting())
      .aliases({"lr_schedule", "scheduler", "lr_scheduler"})
      .foreign_words({{"none", "constant"},
                      {"cosineannealinglr", "cosine"},
                      {"cosine_annealing", "cosine"},
                      {"cosinedecay", "cosine"},
                      {"onecyclelr", "one-cycle"},
                      {"onecycle", "one-cycle"},
                      {"one_cycle", "one-cycle"},
                      {"multisteplr", "steps:EPOCH+EPOCH:FACTOR"},
                      {"steps", "steps:EPOCH+EPOCH:FACTOR"},
                      {"linearlr", "linear"},
                      {"steplr", "step:EPOCHS:FACTOR"},
                      {"step", "step:EPOCHS:FACTOR"}})
      .idle(idle::unless_rate_steps);
  group
      .add(number(
          "warmup", {.low = 0, .high = 1e6},
          [](auto& s) -> auto& { return s.optimizer.schedule.warmup_epochs; }))
      .help(
          "Epochs, or a part of one, in which the learning rate first rises along a line; the "
          "schedule has what is left.")
      .aliases({"warmup_epochs", "warm_up"})
      .introduced_with("0")
      .idle(idle::unless_warm_up);
}

/// What multiplies the learning rate of one kind of parameter.
Setting rate_of(std::string key, ParameterKind kind) {
  return number(
      std::move(key),
      ranges::kNotNegative, [kind](auto& s) -> auto& { return s.optimizer.lr_multiplier[kind]; });
}

void add_rates_of_kinds(Group& group) {
  group.add(rate_of("lr_bias", ParameterKind::bias))
      .help("Multiplies the learning rate of biases; 0 keeps them as they are.")
      .aliases({"bias_lr", "bias_scaler"})
      .introduced_with("1")
      .idle(idle::unless_biases);
  group.add(rate_of("lr_gamma", ParameterKind::gamma))
      .help("Multiplies the learning rate of the norms' gammas.")
      .introduced_with("1")
      .idle(idle::unless_gamma_is_learnt);
  group.add(rate_of("lr_beta", ParameterKind::beta))
      .help("Multiplies the learning rate of the norms' betas.")
      .introduced_with("1")
      .idle(idle::unless_beta_is_learnt);
  group.add(rate_of("lr_scale", ParameterKind::scale))
      .help("Multiplies the learning rate of the layers 'scale V'; 0 makes them constants.")
      .introduced_with("1")
      .idle(idle::unless_scales);
}

void add_adam(Group& group) {
  group
      .add(number(
          "beta1", ranges::kShare, [](auto& s) -> auto& { return s.optimizer.beta1; }))
      .help("Adam's decay of the mean gradient.")
      .idle(idle::unless_adam);
  group
      .add(number(
          "beta2", ranges::kShare, [](auto& s) -> auto& { return s.optimizer.beta2; }))
      .help("Adam's decay of the mean squared gradient.")
      .idle(idle::unless_adam);
  group
      .add(number(
          "adam_eps", ranges::kEpsilon, [](auto& s) -> auto& { return s.optimizer.adam_eps; }))
      .help("Added to the root in Adam's denominator.")
      .idle(idle::unless_adam);
}

}  // namespace

SettingGroup optimizer_settings() {
  Group group("Optimizer");
  const std::vector<Choice<OptimizerKind>> kinds = {
      {"sgd", OptimizerKind::sgd}, {"adam", OptimizerKind::adam}, {"adamw", OptimizerKind::adamw}};
  group
      .add(choice(
          "optimizer", kinds, [](auto& s) -> auto& { return s.optimizer.kind; }))
      .help(
          "The rule that turns gradients into steps. adamw decays weights apart from the gradient.")
      .aliases({"optim", "opt"})
      .foreign_words({{"momentum", "sgd"},
                      {"torch.optim.sgd", "sgd"},
                      {"torch.optim.adam", "adam"},
                      {"torch.optim.adamw", "adamw"}});
  group
      .add(number(
          "lr", ranges::kPositive, [](auto& s) -> auto& { return s.optimizer.lr; }))
      .help("Learning rate; with a schedule, its largest value.")
      .aliases({"learning_rate", "learningrate", "eta"});
  add_schedule(group);
  add_rates_of_kinds(group);
  group
      .add(number(
          "momentum", ranges::kShare, [](auto& s) -> auto& { return s.optimizer.momentum; }))
      .help("Momentum of sgd. (The weight of a new batch in running statistics is stat_update.)")
      .idle(idle::unless_sgd);
  group
      .add(flag(
          "nesterov", [](auto& s) -> auto& { return s.optimizer.nesterov; }))
      .help("Nesterov's form of momentum.")
      .idle(idle::unless_momentum);
  add_adam(group);
  return group.take();
}

}  // namespace normlab
