#include "normlab/nn/scale.h"

#include <algorithm>
#include <span>

#include "normlab/base/tree.h"
#include "normlab/nn/stage.h"

namespace normlab {
namespace {

/// Runs as a norm without statistics: mean 0, gamma = v in every channel, beta 0.
class ScaleNorm : public Norm {
 public:
  explicit ScaleNorm(float initial) : initial_(initial) {}

  bool removes_bias() const override { return false; }

  void plan(Planner& planner, const LayerNode& node, std::int64_t pieces,
            const ParameterSlice*) override {
    channels_ = node.output.matrix_channels();
    Parameter scale{.name = node.name + ".weight",
                    .layer = node.index,
                    .kind = ParameterKind::scale,
                    .shape = {1}};
    scale.initial = initial_;
    planner.add_parameter(scale_, std::move(scale));
    for (ArenaSlice<float>* slice : {&zeros_, &ones_, &scales_}) {
      planner.reserve(*slice, channels_, Lifetime::step);
    }
    planner.reserve(partial_, pieces * channels_, Lifetime::backward);
    planner.reserve(unused_, pieces * channels_, Lifetime::backward);
  }

  void begin(const Pass&) override {
    std::fill_n(zeros_.data, channels_, 0.0f);
    std::fill_n(ones_.data, channels_, 1.0f);
    std::fill_n(scales_.data, channels_, scale_.value[0]);
  }
  bool needs_statistics(const Pass&) const override { return false; }
  void partial_moments(ConstMatrix, Range, std::int64_t) override {}
  void merge_moments(const Pass&, Range, const Pieces&) override {}

  void apply(Matrix y, ConstMatrix x, ConstMatrix addend, Range channels,
             Activation activation) const override {
    const float* zeros = zeros_.data + channels.first;
    const float* scales = scales_.data + channels.first;
    if (addend.data == nullptr) {
      return kernels::norm_forward(y, x, zeros, scales, zeros, activation);
    }
    kernels::norm_add_forward(y, x, addend, zeros, scales, zeros, activation);
  }

  void partial_gradients(Matrix dy, const Seen& seen, Range channels, std::int64_t piece) override {
    const std::int64_t first = piece * channels_ + channels.first;
    const auto count = static_cast<std::size_t>(channels.count);
    kernels::norm_backward_reduce({partial_.data + first, count}, {unused_.data + first, count}, dy,
                                  view(seen, channels));
  }
  void merge_gradients(const Pass&, Range channels, const Pieces& rows) override {
    merge_tree(rows.count(), [&](std::int64_t into, std::int64_t from) {
      for (std::int64_t c = channels.first; c < channels.first + channels.count; ++c) {
        partial_.data[into * channels_ + c] += partial_.data[from * channels_ + c];
      }
    });
  }
  void apply_backward(Matrix dx, ConstMatrix dy, const Seen& seen, Range channels) const override {
    const float* zeros = zeros_.data + channels.first;
    kernels::norm_backward_apply(dx, dy, view(seen, channels), zeros, zeros);
  }
  void end_backward() override {
    double sum = 0;
    for (std::int64_t c = 0; c < channels_; ++c) sum += partial_.data[c];
    scale_.gradient[0] = static_cast<float>(sum);
  }
  void share_partial(Team& team, const Pieces& pieces) const override {
    const auto count = static_cast<std::size_t>(pieces.count() * channels_);
    team.share(std::as_writable_bytes(std::span(partial_.data, count)), {pieces.count(), 1});
  }

 private:
  kernels::NormForward view(const Seen& seen, Range channels) const {
    const std::int64_t first = channels.first;
    return {.x = seen.x,
            .y = seen.y,
            .mean = zeros_.data + first,
            .inv_std = ones_.data + first,
            .scale = scales_.data + first,
            .gamma = scales_.data + first,
            .beta = zeros_.data + first,
            .activation = seen.activation,
            .behind_relu = seen.behind_relu,
            .after_sum = seen.after_sum};
  }

  float initial_;
  std::int64_t channels_ = 0;
  ParameterSlice scale_;
  ArenaSlice<float> zeros_;
  ArenaSlice<float> ones_;
  ArenaSlice<float> scales_;
  ArenaSlice<double> partial_;  ///< per piece and channel: sums of dy * x
  ArenaSlice<double> unused_;   ///< sums of dy, which the kernel makes as well
};

}  // namespace

std::unique_ptr<Layer> Scale::parse(LayerText& text, const NetworkOptions&) {
  const double initial = text.number("a number to start from", -1000, 1000);
  text.end();
  return std::make_unique<Scale>(initial);
}

std::string Scale::text() const {
  return fmt::format("scale {}", initial_);
}

std::unique_ptr<Norm> Scale::make_norm() const {
  return std::make_unique<ScaleNorm>(static_cast<float>(initial_));
}

}  // namespace normlab
