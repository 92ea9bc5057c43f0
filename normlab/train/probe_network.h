#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "normlab/nn/network.h"
#include "normlab/train/input.h"
#include "normlab/train/probe_record.h"
#include "normlab/train/trial_plan.h"

namespace normlab {

/// The images that a probe looks at: the first probe_examples() of `validation`.
std::span<const std::uint32_t> probe_images(std::span<const std::uint32_t> validation,
                                            std::int64_t batch);

/// Looks into a network while it is trained, and changes nothing there: its parameters are copied
/// into a second network of the same model, in which no layer runs inside another; through that the
/// probe batch goes forth and back in training mode, always with the same dropout masks. What it
/// sees does not depend on the number of threads. Not thread-safe.
class ProbeNetwork : private LayerObserver {
 public:
  struct Batch {
    const Dataset& data;
    const InputScaler& scaler;
    const ImageSet& set;
    std::span<const std::uint32_t> images;  ///< of `set`
  };

  /// `trained` must outlive it; the batch is copied.
  ProbeNetwork(const TrialSettings& settings, const TrialPlan& plan, Network& trained,
               const Batch& batch, Team& team);
  ProbeNetwork(const ProbeNetwork&) = delete;
  ProbeNetwork& operator=(const ProbeNetwork&) = delete;
  ~ProbeNetwork() override = default;

  std::int64_t examples() const { return std::ssize(labels_); }

  /// What the network is now, after `step` training steps. `example`, unless null, is filled in
  /// when there is a batch norm.
  ProbeStep measure(std::int64_t step, NormExample* example = nullptr);

 private:
  struct Weights {
    std::string layer;
    const ParameterSlice* slice = nullptr;
  };

  void on_input(const LayerNode& layer, const float* x) override;
  void look_at_norm(const LayerNode& layer, ConstMatrix x);
  template <class Sight>
  void measure_all(const std::string& layer, const Sight& sight);

  Network network_;
  std::map<std::string, std::span<const float>> trained_;  ///< parameters and statistics by name
  std::vector<Weights> weights_;
  std::vector<float> input_;
  std::vector<Label> labels_;
  float label_smoothing_;
  double eps_;
  // Of the measurement at hand.
  ProbeStep step_;
  NormExample* example_ = nullptr;
};

}  // namespace normlab
