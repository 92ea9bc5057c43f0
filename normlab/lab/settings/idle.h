#pragma once

#include <string>

#include "normlab/lab/model_parts.h"
#include "normlab/train/trial_settings.h"

/// Why a setting would change nothing beside these others, or in a model of these parts: what stands
/// behind "lr_bias has no effect:". Empty: it has one.
namespace normlab::idle {

std::string unless_norm_slots(const TrialSettings& s, const ModelParts& model);
std::string unless_batch_norm(const TrialSettings& s, const ModelParts& model);
std::string unless_gamma(const TrialSettings& s, const ModelParts& model);
std::string unless_gamma_is_learnt(const TrialSettings& s, const ModelParts& model);
std::string unless_beta_is_learnt(const TrialSettings& s, const ModelParts& model);
std::string unless_biases(const TrialSettings& s, const ModelParts& model);
std::string unless_scales(const TrialSettings& s, const ModelParts& model);
std::string unless_bias_before_norm(const TrialSettings& s, const ModelParts& model);
std::string unless_linear(const TrialSettings& s, const ModelParts& model);
std::string unless_sgd(const TrialSettings& s);
std::string unless_momentum(const TrialSettings& s);
std::string unless_adam(const TrialSettings& s);
std::string unless_decay(const TrialSettings& s);
std::string unless_epochs_decide(const TrialSettings& s);
std::string unless_rate_steps(const TrialSettings& s);
std::string unless_warm_up(const TrialSettings& s);
std::string unless_weights_are_drawn(const TrialSettings& s);
std::string unless_convolutions_are_drawn(const TrialSettings& s, const ModelParts& model);

}  // namespace normlab::idle
