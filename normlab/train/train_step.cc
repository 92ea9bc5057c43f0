#include "normlab/train/train_step.h"

#include "normlab/base/stopwatch.h"

namespace normlab {

TrainStep::TrainStep(const Dataset& data, const InputScaler& scaler, Network& network,
                     Optimizer& optimizer, std::int64_t max_examples, double label_smoothing)
    : data_(data),
      scaler_(scaler),
      network_(network),
      optimizer_(optimizer),
      label_smoothing_(static_cast<float>(label_smoothing)),
      input_(static_cast<std::size_t>(max_examples * data.image_size())),
      labels_(static_cast<std::size_t>(max_examples)) {}

void TrainStep::record_times(StepTimes* times) {
  times_ = times;
  network_.record_times(times == nullptr ? nullptr : &times->layers);
}

ConstMatrix TrainStep::forward(const ImageSet& set, std::span<const std::uint32_t> images,
                               Mode mode, std::int64_t step,
                               std::span<const kernels::Placement> placements) {
  examples_ = images.size();
  const auto count = static_cast<std::int64_t>(images.size());
  const std::int64_t size = data_.image_size();
  {
    const AddSeconds time(times_ == nullptr ? nullptr : &times_->gather);
    scaler_.gather({input_.data(), count, size, size}, labels_, set, images, placements);
  }
  return network_.forward(input_.data(), count, mode, static_cast<std::uint64_t>(step));
}

kernels::LossSums TrainStep::forward_loss(std::span<const std::uint32_t> images, std::int64_t step,
                                          std::span<const kernels::Placement> placements) {
  const ConstMatrix logits = forward(data_.train, images, Mode::training, step, placements);
  const AddSeconds time(times_ == nullptr ? nullptr : &times_->loss);
  return kernels::softmax_cross_entropy(network_.output_gradient(), logits, labels(),
                                        label_smoothing_, 1 / static_cast<float>(images.size()));
}

void TrainStep::update(double lr) {
  const bool in_backward = optimizer_.begin_step(lr);
  network_.backward(in_backward ? &optimizer_ : nullptr);
  const AddSeconds time(times_ == nullptr ? nullptr : &times_->optimizer);
  optimizer_.finish_step();
}

}  // namespace normlab
