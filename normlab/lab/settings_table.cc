#include "normlab/lab/settings_table.h"

#include "normlab/lab/settings_parsers.h"
#include "normlab/lab/settings_rows.h"

namespace normlab {
namespace {

using settings_rows::choice;
using settings_rows::Choice;
using settings_rows::flag;
using settings_rows::Group;
using settings_rows::number;
using settings_rows::number_or_word;
using settings_rows::text;
using settings_rows::whole;

/// Beyond these, and below the last, float arithmetic has no use for a number.
constexpr double kLarge = 1e6;
constexpr double kTiny = 1e-30;
constexpr std::int64_t kMany = 1'000'000;
/// The largest integer that JSON readers keep exactly.
constexpr std::int64_t kLargestSeed = 9'007'199'254'740'991;

constexpr NumberRange kPositive{.low = 0, .high = kLarge, .low_included = false};
constexpr NumberRange kNotNegative{.low = 0, .high = kLarge};
constexpr NumberRange kEpsilon{.low = kTiny, .high = kLarge};
constexpr NumberRange kShare{.low = 0, .high = 1, .high_included = false};
constexpr NumberRange kOpenShare{
    .low = 0, .high = 1, .low_included = false, .high_included = false};

std::string unless_norm_slots(const TrialSettings&, const ModelParts& model) {
  return model.norm_slots ? "" : "it has nothing to fill, as the model has no norm slots";
}

std::string unless_batch_norm(const TrialSettings& s, const ModelParts& model) {
  if (!model.norm_slots) return "the model has no norm slots";
  return s.norm.kind == NormKind::none ? "only norm=batch uses it" : "";
}

std::string unless_gamma(const TrialSettings& s, const ModelParts& model) {
  const bool gamma_is_left_out = s.norm.kind != NormKind::none && s.norm.gamma == AffineMode::off;
  if (model.norm_slots && gamma_is_left_out) return "gamma=off leaves gamma out";
  return unless_batch_norm(s, model);
}

/// What a norm has, gamma or beta, moves only when it is learnt.
std::string unless_learnt(const TrialSettings& s, const ModelParts& model,
                          AffineMode NormOptions::*part, std::string_view name) {
  const std::string without_norm = unless_batch_norm(s, model);
  if (!without_norm.empty() || s.norm.*part == AffineMode::learn) return without_norm;
  return fmt::format("only {}=learn uses it", name);
}

std::string unless_gamma_is_learnt(const TrialSettings& s, const ModelParts& model) {
  return unless_learnt(s, model, &NormOptions::gamma, "gamma");
}

std::string unless_beta_is_learnt(const TrialSettings& s, const ModelParts& model) {
  return unless_learnt(s, model, &NormOptions::beta, "beta");
}

std::string unless_biases(const TrialSettings&, const ModelParts& model) {
  return model.bias ? "" : "no layer of the model has a bias";
}

std::string unless_scales(const TrialSettings&, const ModelParts& model) {
  return model.scale ? "" : "the model has no layer 'scale V'";
}

std::string unless_bias_before_norm(const TrialSettings& s, const ModelParts& model) {
  const std::string without_norm = unless_batch_norm(s, model);
  if (!without_norm.empty() || model.bias_before_norm) return without_norm;
  return "no layer with a bias stands directly before a norm slot";
}

std::string unless_linear(const TrialSettings&, const ModelParts& model) {
  return model.linear ? "" : "only linear layers use it, and the model has none";
}

std::string unless_sgd(const TrialSettings& s) {
  return s.optimizer.kind != OptimizerKind::sgd ? "only optimizer=sgd uses it" : "";
}

std::string unless_momentum(const TrialSettings& s) {
  const bool bare = s.optimizer.kind == OptimizerKind::sgd && s.optimizer.momentum == 0;
  return bare ? "it changes nothing without momentum" : unless_sgd(s);
}

std::string unless_adam(const TrialSettings& s) {
  return s.optimizer.kind == OptimizerKind::sgd ? "only optimizer=adam and adamw use it" : "";
}

std::string unless_decay(const TrialSettings& s) {
  return s.optimizer.weight_decay == 0 ? "weight_decay is 0" : "";
}

std::string unless_epochs_decide(const TrialSettings& s) {
  return s.steps > 0 ? "steps ends the trial" : "";
}

/// A schedule of steps that come after the trial's end is a constant one.
std::string unless_rate_steps(const TrialSettings& s) {
  const ScheduleOptions& schedule = s.optimizer.schedule;
  if (s.steps > 0) return "";
  const bool waits =
      (schedule.kind == ScheduleKind::step && schedule.every_epochs >= s.epochs) ||
      (schedule.kind == ScheduleKind::milestones && schedule.milestones.front() >= s.epochs);
  return waits ? "the trial ends before the first step" : "";
}

std::string unless_warm_up(const TrialSettings& s) {
  return s.optimizer.schedule.kind == ScheduleKind::one_cycle ? "one-cycle has its own" : "";
}

std::string unless_weights_are_drawn(const TrialSettings& s) {
  return s.init.method == InitMethod::file ? "the file's weights are taken as they are" : "";
}

std::string unless_convolutions_are_drawn(const TrialSettings& s, const ModelParts& model) {
  if (!model.convolution) return "only convolutions use it, and the model has none";
  return unless_weights_are_drawn(s);
}

SettingGroup data_group() {
  Group group("Model and data");
  group
      .add(text(
          "model", [](auto& s) -> auto& { return s.model; },
          "a model's name, a .toml file or a list of layers"))
      .help(
          "The network: a name ('mlp-128-64'), a model file, or its layers ('flatten, linear 10'). "
          "Usually given without "
          "'model='; to compare models, write model=mlp-128-64,cnn-32.")
      .aliases({"net", "network", "arch"});
  group
      .add(text(
          "data", [](auto& s) -> auto& { return s.data; }, "a data set's name or a folder"))
      .help(
          "The data set: a name ('normlab data list') or a folder that holds one. --data X is "
          "short for data=X.")
      .aliases({"dataset", "data_set"});
  const std::vector<Choice<InputScale>> scales = {{"-1..1", InputScale::minus_one_to_one},
                                                  {"0..1", InputScale::zero_to_one},
                                                  {"standardize", InputScale::standardize}};
  group
      .add(choice(
          "input_scale", scales, [](auto& s) -> auto& { return s.input_scale; }))
      .help(
          "What bytes become: numbers from -1 to 1, from 0 to 1, or numbers with mean 0 and "
          "variance 1 in each channel of "
          "the training images.");
  group
      .add(number_or_word(
          "validation", kOpenShare, [](auto& s) -> auto& { return s.validation; }, "test",
          [](auto& s) -> auto& { return s.validation_is_test; }))
      .help(
          "Share of the training images that is held out and evaluated after every epoch. With "
          "'test' all training "
          "images train and the test images take that part.")
      .aliases({"validation_split", "val"});
  group
      .add(whole(
          "subset", {.low = 0, .high = 1'000'000'000}, [](auto& s) -> auto& { return s.subset; }))
      .help(
          "Train on so many of the training images only, the first in the seed's order, so that a "
          "larger subset has all images of a smaller one; 0: on all. Validation images are held "
          "out "
          "before, and are the same with and without it.")
      .aliases({"train_size", "n_train", "limit"})
      .introduced_with("0");
  group
      .add(flag(
          "shuffle", [](auto& s) -> auto& { return s.shuffle; }))
      .help("Whether every epoch takes the training images in a new random order.");
  group.add(augment_setting()).aliases({"augmentation", "transforms"}).introduced_with("none");
  return group.take();
}

void add_running_statistics(Group& group) {
  group
      .add(number_or_word(
          "stat_update", {.low = 0, .high = 1, .low_included = false},
          [](auto& s) -> auto& { return s.norm.stat_update; }, "cumulative",
          [](auto& s) -> auto& { return s.norm.cumulative; }))
      .help(
          "Weight of the new batch in the running statistics: PyTorch's 'momentum' of a batch "
          "norm, and 1 minus that of "
          "Keras. 'cumulative' takes the plain mean over all batches.")
      .aliases({"bn_momentum", "norm_momentum"})
      .idle(unless_batch_norm);
  const std::vector<Choice<RunningVariance>> variances = {{"unbiased", RunningVariance::unbiased},
                                                          {"biased", RunningVariance::biased}};
  group
      .add(choice(
          "running_var", variances, [](auto& s) -> auto& { return s.norm.running_var; }))
      .help(
          "The variance that is tracked: divided by m-1 (PyTorch) or by m (Keras, Flax). Batches "
          "are always normalized "
          "by the biased one.")
      .idle(unless_batch_norm);
}

void add_scale_and_shift(Group& group) {
  const std::vector<Choice<AffineMode>> modes = {
      {"learn", AffineMode::learn}, {"fixed", AffineMode::fixed}, {"off", AffineMode::off}};
  group
      .add(choice(
          "gamma", modes, [](auto& s) -> auto& { return s.norm.gamma; }))
      .help("The scale after normalization: learnt, fixed at gamma_init, or left out.")
      .idle(unless_batch_norm);
  group
      .add(choice(
          "beta", modes, [](auto& s) -> auto& { return s.norm.beta; }))
      .help(
          "The shift after normalization: learnt, fixed at 0, or left out. (Adam's betas are beta1 "
          "and beta2.)")
      .idle(unless_batch_norm);
  group
      .add(number(
          "gamma_init", {.low = -kLarge, .high = kLarge},
          [](auto& s) -> auto& { return s.norm.gamma_init; }))
      .help("Where gamma starts.")
      .idle(unless_gamma);
}

SettingGroup norm_group() {
  Group group("Normalization");
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
      .idle(unless_norm_slots);
  group
      .add(number(
          "eps", kEpsilon, [](auto& s) -> auto& { return s.norm.eps; }))
      .help("Added to the variance, inside the root.")
      .aliases({"epsilon", "bn_eps"})
      .idle(unless_batch_norm);
  add_running_statistics(group);
  add_scale_and_shift(group);
  const std::vector<Choice<RedundantBias>> biases = {{"keep", RedundantBias::keep},
                                                     {"drop", RedundantBias::drop}};
  group
      .add(choice(
          "redundant_bias", biases, [](auto& s) -> auto& { return s.redundant_bias; }))
      .help(
          "The bias directly before a batch norm, which subtracts it again: kept as a parameter "
          "with gradient zero, as "
          "in PyTorch and Keras, or left out.")
      .idle(unless_bias_before_norm);
  return group.take();
}

SettingGroup training_group() {
  Group group("Training");
  group
      .add(whole(
          "batch", {.low = 1, .high = kMany}, [](auto& s) -> auto& { return s.batch; }))
      .help("Examples per optimizer step.")
      .aliases({"batch_size", "batchsize", "bs"});
  const std::vector<Choice<Tail>> tails = {
      {"keep", Tail::keep}, {"drop", Tail::drop}, {"merge", Tail::merge}, {"wrap", Tail::wrap}};
  group
      .add(choice(
          "tail", tails, [](auto& s) -> auto& { return s.tail; }))
      .help(
          "The last batch of an epoch when the batch size does not divide the data: kept short, "
          "dropped, merged into the "
          "one before, or filled up from the epoch's start.");
  group
      .add(whole(
          "epochs", {.low = 1, .high = kMany}, [](auto& s) -> auto& { return s.epochs; }))
      .help("Times the training images are gone through.")
      .idle(unless_epochs_decide);
  group
      .add(whole(
          "steps", {.low = 0, .high = 1'000'000'000}, [](auto& s) -> auto& { return s.steps; }))
      .help(
          "Ends the trial after so many optimizer steps instead of after 'epochs'; 0: epochs "
          "decide.");
  group
      .add(whole(
          "patience", {.low = 0, .high = kMany}, [](auto& s) -> auto& { return s.patience; }))
      .help(
          "Ends the trial after so many epochs in a row without a better validation accuracy than "
          "before them; 0: never. Results are then those of its last epoch (checkpoint=best keeps "
          "the best one's weights), and the schedule of the learning rate is cut off there. With "
          "validation=test it is the test images that end it.")
      .aliases({"early_stopping", "early_stop"})
      .introduced_with("0");
  group
      .add(whole(
          "seed", {.low = 0, .high = kLargestSeed}, [](auto& s) -> auto& { return s.seed; }))
      .help("Fixes initial weights, data order, split and dropout. Arms are compared seed by seed.")
      .aliases({"seeds", "random_state"});
  const std::vector<Choice<Precision>> precisions = {{"float", Precision::float32},
                                                     {"bf16", Precision::bf16}};
  group
      .add(choice(
          "precision", precisions, [](auto& s) -> auto& { return s.precision; }))
      .help(
          "What linear layers multiply, forward and backward: floats, or floats rounded to bf16 (8 "
          "significant bits), added up in float. Weights are kept and updated in float, and all "
          "else is float, convolutions too. bf16 needs a processor with AVX512-BF16.")
      .aliases({"dtype", "amp", "autocast", "mixed_precision"})
      .foreign_words({{"float32", "float"},
                      {"fp32", "float"},
                      {"32", "float"},
                      {"bfloat16", "bf16"},
                      {"mixed", "bf16"},
                      {"mixed_bfloat16", "bf16"}})
      .idle(unless_linear);
  const std::vector<Choice<CheckpointPolicy>> policies = {{"none", CheckpointPolicy::none},
                                                          {"last", CheckpointPolicy::last},
                                                          {"best", CheckpointPolicy::best}};
  group
      .add(choice(
          "checkpoint", policies, [](auto& s) -> auto& { return s.checkpoint; }))
      .help(
          "Which weights a trial leaves in the runs folder: none, those of its end, or those of "
          "the epoch with the best "
          "validation accuracy.");
  group
      .add(flag(
          "eval_flip", [](auto& s) -> auto& { return s.eval_flip; }))
      .help(
          "Whether validation and test images are looked at twice, as they are and mirrored left "
          "to right, and the two answers (logits) averaged. Training is not changed by it; "
          "evaluation takes twice as long.")
      .aliases({"tta", "flip_eval", "test_time_augmentation"})
      .introduced_with("false");
  group
      .add(whole(
          "probe", {.low = 0, .high = 1'000'000'000}, [](auto& s) -> auto& { return s.probe; }))
      .help(
          "In the first seed of every arm, the inside of the network is looked at every so many "
          "steps, on a batch of validation images: pre-activations, gradients, batch and running "
          "statistics, for the report. Training is not changed by it; 0: never.")
      .outside_ids();
  return group.take();
}

SettingGroup optimizer_group() {
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
          "lr", kPositive, [](auto& s) -> auto& { return s.optimizer.lr; }))
      .help("Learning rate; with a schedule, its largest value.")
      .aliases({"learning_rate", "learningrate", "eta"});
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
      .idle(unless_rate_steps);
  group
      .add(number(
          "warmup", {.low = 0, .high = 1e6},
          [](auto& s) -> auto& { return s.optimizer.schedule.warmup_epochs; }))
      .help(
          "Epochs, or a part of one, in which the learning rate first rises along a line; the "
          "schedule has what is left.")
      .aliases({"warmup_epochs", "warm_up"})
      .introduced_with("0")
      .idle(unless_warm_up);
  group
      .add(number(
          "lr_bias", kNotNegative,
          [](auto& s) -> auto& { return s.optimizer.lr_multiplier[ParameterKind::bias]; }))
      .help("Multiplies the learning rate of biases; 0 keeps them as they are.")
      .aliases({"bias_lr", "bias_scaler"})
      .introduced_with("1")
      .idle(unless_biases);
  group
      .add(number(
          "lr_gamma", kNotNegative,
          [](auto& s) -> auto& { return s.optimizer.lr_multiplier[ParameterKind::gamma]; }))
      .help("Multiplies the learning rate of the norms' gammas.")
      .introduced_with("1")
      .idle(unless_gamma_is_learnt);
  group
      .add(number(
          "lr_beta", kNotNegative,
          [](auto& s) -> auto& { return s.optimizer.lr_multiplier[ParameterKind::beta]; }))
      .help("Multiplies the learning rate of the norms' betas.")
      .introduced_with("1")
      .idle(unless_beta_is_learnt);
  group
      .add(number(
          "lr_scale", kNotNegative,
          [](auto& s) -> auto& { return s.optimizer.lr_multiplier[ParameterKind::scale]; }))
      .help("Multiplies the learning rate of the layers 'scale V'; 0 makes them constants.")
      .introduced_with("1")
      .idle(unless_scales);
  group
      .add(number(
          "momentum", kShare, [](auto& s) -> auto& { return s.optimizer.momentum; }))
      .help("Momentum of sgd. (The weight of a new batch in running statistics is stat_update.)")
      .idle(unless_sgd);
  group
      .add(flag(
          "nesterov", [](auto& s) -> auto& { return s.optimizer.nesterov; }))
      .help("Nesterov's form of momentum.")
      .idle(unless_momentum);
  group
      .add(number(
          "beta1", kShare, [](auto& s) -> auto& { return s.optimizer.beta1; }))
      .help("Adam's decay of the mean gradient.")
      .idle(unless_adam);
  group
      .add(number(
          "beta2", kShare, [](auto& s) -> auto& { return s.optimizer.beta2; }))
      .help("Adam's decay of the mean squared gradient.")
      .idle(unless_adam);
  group
      .add(number(
          "adam_eps", kEpsilon, [](auto& s) -> auto& { return s.optimizer.adam_eps; }))
      .help("Added to the root in Adam's denominator.")
      .idle(unless_adam);
  return group.take();
}

SettingGroup regularization_group() {
  Group group("Regularization");
  group
      .add(number(
          "weight_decay", kNotNegative, [](auto& s) -> auto& { return s.optimizer.weight_decay; }))
      .help("Pull of the parameters towards 0, as in PyTorch's optimizer of the same name.")
      .aliases({"wd", "l2"});
  group.add(decay_places_setting()).aliases({"decay_on", "no_decay"}).idle(unless_decay);
  group
      .add(number(
          "clip", kNotNegative, [](auto& s) -> auto& { return s.optimizer.clip; }))
      .help(
          "Largest Euclidean norm of the whole gradient, which is scaled down to it; 0: no limit.")
      .aliases({"clip_norm", "grad_clip", "max_norm"});
  group
      .add(number(
          "label_smoothing", kShare, [](auto& s) -> auto& { return s.label_smoothing; }))
      .help("Share of the target's probability that is spread evenly over all classes.");
  return group.take();
}

SettingGroup init_group() {
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
          "init_gain", kPositive, [](auto& s) -> auto& { return s.init.gain; }))
      .help("Multiplies the initial weights, not the biases.")
      .idle(unless_weights_are_drawn);
  group
      .add(flag(
          "init_identity", [](auto& s) -> auto& { return s.init.identity; }))
      .help(
          "Whether the first filters of every convolution, as many as it has inputs, start as the "
          "identity (PyTorch's dirac_): each hands one input on. The others are drawn.")
      .aliases({"dirac", "dirac_init", "identity_init"})
      .introduced_with("false")
      .idle(unless_convolutions_are_drawn);
  return group.take();
}

}  // namespace

std::vector<SettingGroup> make_setting_groups() {
  return {data_group(),      norm_group(),           training_group(),
          optimizer_group(), regularization_group(), init_group()};
}

}  // namespace normlab
