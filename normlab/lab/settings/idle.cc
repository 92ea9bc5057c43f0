#include "normlab/lab/settings/idle.h"

#include <string_view>

#include <fmt/format.h>

namespace normlab::idle {

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

namespace {

/// What a norm has, gamma or beta, moves only when it is learnt.
std::string unless_learnt(const TrialSettings& s, const ModelParts& model,
                          AffineMode NormOptions::*part, std::string_view name) {
  const std::string without_norm = unless_batch_norm(s, model);
  if (!without_norm.empty() || s.norm.*part == AffineMode::learn) return without_norm;
  return fmt::format("only {}=learn uses it", name);
}

}  // namespace

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

}  // namespace normlab::idle
