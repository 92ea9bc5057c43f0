#include "normlab/train/probe_network.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "normlab/kernels/loss.h"
#include "normlab/kernels/moments.h"
#include "normlab/train/probe_quantity.h"
#include "normlab/train/probe_size.h"

namespace normlab {
namespace {

constexpr std::int64_t kMostExampleRows = 4096;

struct BatchStatistics {
  std::vector<double> mean;
  std::vector<double> variance;  ///< biased
};

BatchStatistics batch_statistics(ConstMatrix x) {
  BatchStatistics statistics;
  statistics.mean.resize(static_cast<std::size_t>(x.channels));
  statistics.variance.resize(statistics.mean.size());
  kernels::moments(statistics.mean, statistics.variance, x);
  for (double& variance : statistics.variance) variance /= static_cast<double>(x.rows);
  return statistics;
}

/// The channel of median variance; one that is not a number counts as least.
std::int64_t typical_channel(const std::vector<double>& variance) {
  std::vector<std::pair<double, std::int64_t>> order;
  for (std::size_t c = 0; c < variance.size(); ++c) {
    order.emplace_back(std::isnan(variance[c]) ? -1 : variance[c], static_cast<std::int64_t>(c));
  }
  const auto middle = order.begin() + std::ssize(order) / 2;
  std::ranges::nth_element(order, middle);
  return middle->second;
}

std::vector<float> first_rows(ConstMatrix x, std::int64_t channel) {
  std::vector<float> values;
  for (std::int64_t r = 0; r < std::min(x.rows, kMostExampleRows); ++r)
    values.push_back(x.row(r)[channel]);
  return values;
}

}  // namespace

std::span<const std::uint32_t> probe_images(std::span<const std::uint32_t> validation,
                                            std::int64_t batch) {
  return validation.first(static_cast<std::size_t>(probe_examples(std::ssize(validation), batch)));
}

ProbeNetwork::ProbeNetwork(const TrialSettings& settings, const TrialPlan& plan, Network& trained,
                           const Batch& batch, Team& team)
    : network_(plan.model, plan.input, plan.network,
               {.max_examples = std::ssize(batch.images), .fuse = false}, team),
      input_(batch.images.size() * static_cast<std::size_t>(plan.input.size())),
      labels_(batch.images.size()),
      label_smoothing_(static_cast<float>(settings.label_smoothing)),
      eps_(settings.norm.eps) {
  batch.scaler.gather({input_.data(), examples(), plan.input.size(), plan.input.size()}, labels_,
                      batch.set, batch.images);
  network_.initialize({}, settings.seed);
  network_.observe(this);
  for (const Parameter& parameter : trained.parameters().parameters())
    trained_[parameter.name] = parameter.slice->values();
  for (const StateTensor& tensor : trained.state()) trained_[tensor.name] = tensor.values;
  for (const Parameter& parameter : network_.parameters().parameters()) {
    // A bias that the trained network goes without (redundant_bias=drop) is zero here.
    if (!trained_.contains(parameter.name)) std::ranges::fill(parameter.slice->values(), 0.0f);
    if (parameter.kind == ParameterKind::weight)
      weights_.push_back({network_.layers()[parameter.layer].label, parameter.slice});
  }
}

/// Of every quantity that is measured where it looks.
template <class Sight>
void ProbeNetwork::measure_all(const std::string& layer, const Sight& sight) {
  for (const ProbePicture* picture : probe_pictures()) {
    for (const ProbeQuantity& quantity : picture->quantities) {
      const auto* measure = std::get_if<Measure<Sight>>(&quantity.measure);
      if (measure == nullptr) continue;
      step_.quantities[std::string(quantity.name)].push_back({layer, {(*measure)(sight)}});
    }
  }
}

ProbeStep ProbeNetwork::measure(std::int64_t step, NormExample* example) {
  step_ = {.step = step};
  example_ = example;
  for (const Parameter& parameter : network_.parameters().parameters()) {
    const auto source = trained_.find(parameter.name);
    if (source != trained_.end())
      std::ranges::copy(source->second, parameter.slice->values().begin());
  }
  const ConstMatrix logits = network_.forward(input_.data(), examples(), Mode::training);
  kernels::softmax_cross_entropy(network_.output_gradient(), logits, labels_, label_smoothing_,
                                 1 / static_cast<float>(examples()));
  network_.backward();
  for (const Weights& weights : weights_) {
    const auto size = static_cast<std::size_t>(weights.slice->size);
    measure_all(weights.layer, GradientSight{{weights.slice->gradient, size}});
  }
  return std::move(step_);
}

void ProbeNetwork::on_input(const LayerNode& layer, const float* x) {
  if (layer.is_residual()) return;
  const Shape& shape = layer.output;
  const ConstMatrix input{x, examples() * shape.positions(), shape.matrix_channels(),
                          shape.matrix_channels()};
  if (layer.layer->role() == LayerRole::activation) {
    measure_all(layer.label(), ActivationSight{layer.layer->activation().kind, input});
  } else if (trained_.contains(layer.name + ".running_mean")) {
    look_at_norm(layer, input);
  }
}

void ProbeNetwork::look_at_norm(const LayerNode& layer, ConstMatrix x) {
  const BatchStatistics batch = batch_statistics(x);
  const NormSight sight{.gamma = trained_.at(layer.name + ".weight"),
                        .beta = trained_.at(layer.name + ".bias"),
                        .running_mean = trained_.at(layer.name + ".running_mean"),
                        .running_var = trained_.at(layer.name + ".running_var"),
                        .batch_mean = batch.mean,
                        .batch_var = batch.variance,
                        .eps = eps_};
  measure_all(layer.label(), sight);

  if (example_ == nullptr || !example_->x.empty()) return;
  const std::int64_t channel = typical_channel(batch.variance);
  const auto c = static_cast<std::size_t>(channel);
  *example_ = {.layer = layer.label(),
               .channel = channel,
               .x = first_rows(x, channel),
               .batch_mean = batch.mean[c],
               .batch_var = batch.variance[c],
               .rows = x.rows,
               .eps = static_cast<float>(eps_),
               .gamma = sight.gamma[c],
               .beta = sight.beta[c],
               .running_mean = sight.running_mean[c],
               .running_var = sight.running_var[c]};
}

}  // namespace normlab
