#include "normlab/lab/settings_table.h"

#include "normlab/lab/settings_parsers.h"
#include "normlab/lab/settings_rows.h"

namespace normlab {
namespace {

using settings_rows::choice;
using settings_rows::Choice;
using settings_rows::flag;
using settings_rows::number;
using settings_rows::number_or_word;
using settings_rows::row;
using settings_rows::text;
using settings_rows::whole;

/// Beyond these, and below the last, float arithmetic has no use for a number.
constexpr double kLarge = 1e6;
constexpr double kTiny = 1e-30;
constexpr std::int64_t kMany = 1'000'000;
/// The largest integer that JSON readers keep exactly.
constexpr std::int64_t kLargestSeed = 9'007'199'254'740'991;

constexpr NumberRange kPositive{.low = 0, .high = kLarge, .low_included = false};
constexpr NumberRange kShare{.low = 0, .high = 1, .high_included = false};
constexpr NumberRange kOpenShare{
    .low = 0, .high = 1, .low_included = false, .high_included = false};

using Idle = std::string (*)(const TrialSettings&);

Setting with_idle(Setting setting, Idle idle) {
  setting.idle = idle;
  return setting;
}

Setting with_aliases(Setting setting, std::vector<std::string> aliases) {
  setting.aliases = std::move(aliases);
  return setting;
}

std::string unless_batch_norm(const TrialSettings& s) {
  return s.norm.kind == NormKind::none ? "only norm=batch uses it" : "";
}

std::string unless_sgd(const TrialSettings& s) {
  return s.optimizer.kind != OptimizerKind::sgd ? "only optimizer=sgd uses it" : "";
}

std::string unless_adam(const TrialSettings& s) {
  return s.optimizer.kind == OptimizerKind::sgd ? "only optimizer=adam and adamw use it" : "";
}

SettingGroup data_group() {
  return {"Model and data",
          {with_aliases(
               text(
                   "model", [](auto& s) -> auto& { return s.model; },
                   "a model's name, a .toml file or a list of layers",
                   "The network: a name ('mlp-128-64'), a model file, or its layers "
                   "('flatten, linear 10'). Usually given without 'model='; to compare models, "
                   "write model=mlp-128-64,cnn-32."),
               {"net", "network", "arch"}),
           with_aliases(
               text(
                   "data", [](auto& s) -> auto& { return s.data; }, "a data set's name or a folder",
                   "The data set: a name ('normlab data list') or a folder that holds one. "
                   "--data X is short for data=X."),
               {"dataset", "data_set"}),
           choice<InputScale>(
               "input_scale",
               {{"-1..1", InputScale::minus_one_to_one},
                {"0..1", InputScale::zero_to_one},
                {"standardize", InputScale::standardize}},
               [](auto& s) -> auto& { return s.input_scale; },
               "What bytes become: numbers from -1 to 1, from 0 to 1, or numbers with mean 0 "
               "and variance 1 in each channel of the training images."),
           with_aliases(number_or_word(
                            "validation", kOpenShare, [](auto& s) -> auto& { return s.validation; },
                            "test", [](auto& s) -> auto& { return s.validation_is_test; },
                            "Share of the training images that is held out and evaluated after "
                            "every epoch. With 'test' all training images train and the test "
                            "images take that part."),
                        {"validation_split", "val"}),
           flag(
               "shuffle", [](auto& s) -> auto& { return s.shuffle; },
               "Whether every epoch takes the training images in a new random order.")}};
}

SettingGroup norm_group() {
  const auto gamma_idle = [](const TrialSettings& s) -> std::string {
    if (s.norm.kind == NormKind::none) return unless_batch_norm(s);
    return s.norm.gamma == AffineMode::off ? "gamma=off leaves gamma out" : "";
  };
  const std::vector<Choice<AffineMode>> affine_modes = {
      {"learn", AffineMode::learn}, {"fixed", AffineMode::fixed}, {"off", AffineMode::off}};
  return {
      "Normalization",
      {with_aliases(choice<NormKind>(
                        "norm", {{"none", NormKind::none}, {"batch", NormKind::batch}},
                        [](auto& s) -> auto& { return s.norm.kind; },
                        "What fills the norm slots of the model: nothing, or batch "
                        "normalization."),
                    {"normalization", "bn", "batchnorm", "batch_norm"}),
       with_idle(with_aliases(number(
                                  "eps", {.low = kTiny, .high = kLarge},
                                  [](auto& s) -> auto& { return s.norm.eps; },
                                  "Added to the variance, inside the root."),
                              {"epsilon", "bn_eps"}),
                 unless_batch_norm),
       with_idle(with_aliases(number_or_word(
                                  "stat_update", {.low = 0, .high = 1, .low_included = false},
                                  [](auto& s) -> auto& { return s.norm.stat_update; }, "cumulative",
                                  [](auto& s) -> auto& { return s.norm.cumulative; },
                                  "Weight of the new batch in the running statistics: PyTorch's "
                                  "'momentum' of a batch norm, and 1 minus that of Keras. "
                                  "'cumulative' takes the plain mean over all batches."),
                              {"bn_momentum", "norm_momentum"}),
                 unless_batch_norm),
       with_idle(choice<RunningVariance>(
                     "running_var",
                     {{"unbiased", RunningVariance::unbiased}, {"biased", RunningVariance::biased}},
                     [](auto& s) -> auto& { return s.norm.running_var; },
                     "The variance that is tracked: divided by m-1 (PyTorch) or by "
                     "m (Keras, Flax). Batches are always normalized by the biased "
                     "one."),
                 unless_batch_norm),
       with_idle(choice(
                     "gamma", affine_modes, [](auto& s) -> auto& { return s.norm.gamma; },
                     "The scale after normalization: learnt, fixed at gamma_init, or left out."),
                 unless_batch_norm),
       with_idle(
           choice(
               "beta", affine_modes, [](auto& s) -> auto& { return s.norm.beta; },
               "The shift after normalization: learnt, fixed at 0, or left out. (Adam's betas "
               "are beta1 and beta2.)"),
           unless_batch_norm),
       with_idle(number(
                     "gamma_init", {.low = -kLarge, .high = kLarge},
                     [](auto& s) -> auto& { return s.norm.gamma_init; }, "Where gamma starts."),
                 gamma_idle),
       with_idle(
           choice<RedundantBias>(
               "redundant_bias", {{"keep", RedundantBias::keep}, {"drop", RedundantBias::drop}},
               [](auto& s) -> auto& { return s.redundant_bias; },
               "The bias directly before a batch norm, which subtracts it again: "
               "kept as a parameter with gradient zero, as in PyTorch and Keras, "
               "or left out."),
           unless_batch_norm)}};
}

SettingGroup training_group() {
  return {
      "Training",
      {with_aliases(whole(
                        "batch", {.low = 1, .high = kMany},
                        [](auto& s) -> auto& { return s.batch; }, "Examples per optimizer step."),
                    {"batch_size", "batchsize", "bs"}),
       choice<Tail>(
           "tail",
           {{"keep", Tail::keep},
            {"drop", Tail::drop},
            {"merge", Tail::merge},
            {"wrap", Tail::wrap}},
           [](auto& s) -> auto& { return s.tail; },
           "The last batch of an epoch when the batch size does not divide the data: kept "
           "short, dropped, merged into the one before, or filled up from the epoch's start."),
       with_idle(whole(
                     "epochs", {.low = 1, .high = kMany}, [](auto& s) -> auto& { return s.epochs; },
                     "Times the training images are gone through."),
                 [](const TrialSettings& s) -> std::string {
                   return s.steps > 0 ? "steps ends the trial" : "";
                 }),
       whole(
           "steps", {.low = 0, .high = 1'000'000'000}, [](auto& s) -> auto& { return s.steps; },
           "Ends the trial after so many optimizer steps instead of after 'epochs'; 0: epochs "
           "decide."),
       number(
           "label_smoothing", kShare, [](auto& s) -> auto& { return s.label_smoothing; },
           "Share of the target's probability that is spread evenly over all classes."),
       with_aliases(
           whole(
               "seed", {.low = 0, .high = kLargestSeed}, [](auto& s) -> auto& { return s.seed; },
               "Fixes initial weights, data order, split and dropout. Arms are compared seed "
               "by seed."),
           {"seeds", "random_state"}),
       choice<CheckpointPolicy>(
           "checkpoint",
           {{"none", CheckpointPolicy::none},
            {"last", CheckpointPolicy::last},
            {"best", CheckpointPolicy::best}},
           [](auto& s) -> auto& { return s.checkpoint; },
           "Which weights a trial leaves in the runs folder: none, those of its end, "
           "or those of the epoch with the best validation accuracy.")}};
}

SettingGroup optimizer_group() {
  return {"Optimizer",
          {with_aliases(choice<OptimizerKind>(
                            "optimizer",
                            {{"sgd", OptimizerKind::sgd},
                             {"adam", OptimizerKind::adam},
                             {"adamw", OptimizerKind::adamw}},
                            [](auto& s) -> auto& { return s.optimizer.kind; },
                            "The rule that turns gradients into steps. adamw decays weights "
                            "apart from the gradient."),
                        {"optim", "opt"}),
           with_aliases(number(
                            "lr", kPositive, [](auto& s) -> auto& { return s.optimizer.lr; },
                            "Learning rate; with a schedule, its largest value."),
                        {"learning_rate", "learningrate", "eta"}),
           with_idle(number(
                         "momentum", kShare, [](auto& s) -> auto& { return s.optimizer.momentum; },
                         "Momentum of sgd. (The weight of a new batch in running statistics is "
                         "stat_update.)"),
                     unless_sgd),
           with_idle(flag(
                         "nesterov", [](auto& s) -> auto& { return s.optimizer.nesterov; },
                         "Nesterov's form of momentum."),
                     [](const TrialSettings& s) -> std::string {
                       const bool bare =
                           s.optimizer.kind == OptimizerKind::sgd && s.optimizer.momentum == 0;
                       return bare ? "it changes nothing without momentum" : unless_sgd(s);
                     }),
           with_aliases(
               number(
                   "weight_decay", {.low = 0, .high = kLarge},
                   [](auto& s) -> auto& { return s.optimizer.weight_decay; },
                   "Pull of the parameters towards 0, as in PyTorch's optimizer of the same name."),
               {"wd", "l2"}),
           with_idle(choice<DecayOn>(
                         "weight_decay_on", {{"weights", DecayOn::weights}, {"all", DecayOn::all}},
                         [](auto& s) -> auto& { return s.optimizer.weight_decay_on; },
                         "What decays: weights only, or biases, gammas and betas as well (as "
                         "PyTorch does unless told otherwise)."),
                     [](const TrialSettings& s) -> std::string {
                       return s.optimizer.weight_decay == 0 ? "weight_decay is 0" : "";
                     }),
           with_idle(number(
                         "beta1", kShare, [](auto& s) -> auto& { return s.optimizer.beta1; },
                         "Adam's decay of the mean gradient."),
                     unless_adam),
           with_idle(number(
                         "beta2", kShare, [](auto& s) -> auto& { return s.optimizer.beta2; },
                         "Adam's decay of the mean squared gradient."),
                     unless_adam),
           with_idle(number(
                         "adam_eps", {.low = kTiny, .high = kLarge},
                         [](auto& s) -> auto& { return s.optimizer.adam_eps; },
                         "Added to the root in Adam's denominator."),
                     unless_adam),
           with_aliases(
               number(
                   "clip", {.low = 0, .high = kLarge},
                   [](auto& s) -> auto& { return s.optimizer.clip; },
                   "Largest Euclidean norm of the whole gradient, which is scaled down to it; 0: "
                   "no limit."),
               {"clip_norm", "grad_clip", "max_norm"}),
           with_aliases(schedule_setting(), {"lr_schedule", "scheduler"})}};
}

SettingGroup init_group() {
  return {"Initial weights",
          {with_aliases(init_setting(), {"initializer", "initialization"}),
           with_idle(number(
                         "init_gain", kPositive, [](auto& s) -> auto& { return s.init.gain; },
                         "Multiplies the initial weights, not the biases."),
                     [](const TrialSettings& s) -> std::string {
                       return s.init.method == InitMethod::file
                                  ? "the file's weights are taken as they are"
                                  : "";
                     })}};
}

}  // namespace

std::vector<SettingGroup> make_setting_groups() {
  return {data_group(), norm_group(), training_group(), optimizer_group(), init_group()};
}

}  // namespace normlab
