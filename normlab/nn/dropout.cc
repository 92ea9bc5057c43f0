#include "normlab/nn/dropout.h"

#include "normlab/base/philox.h"
#include "normlab/base/pieces.h"
#include "normlab/kernels/dropout.h"
#include "normlab/kernels/optimizer.h"
#include "normlab/nn/stage.h"

namespace normlab {
namespace {

constexpr std::int64_t kElementsPerPiece = 16384;
constexpr std::uint64_t kLayersPerStep = 1024;

class DropoutStage : public Stage {
 public:
  DropoutStage(const StageParts& parts, double rate)
      : Stage(parts), rate_(rate), size_(parts.shape().size()) {}

  void plan(Planner& planner) override {
    ordinal_ = planner.next_dropout();
    planner.reserve_output(y_, planner.max_examples() * size_);
    planner.may_return_input();
    planner.reserve(mask_, planner.max_examples() * size_, Lifetime::step);
    planner.pass_gradient_on();
    input_gradient_ = planner.input_gradient();
  }

  const float* forward(const Pass& pass, const float* x, const float*) override {
    output_ = x;
    if (!pass.mode.dropout) return x;
    const Philox stream(pass.seed, Purpose::dropout, pass.step * kLayersPerStep + ordinal_);
    const Pieces pieces{pass.examples * size_, kElementsPerPiece};
    pass.team.run(pieces.count(), [&](std::int64_t i) {
      const Range range = pieces.range(i);
      kernels::dropout_forward(y_.data + range.first, mask_.data + range.first, x + range.first,
                               static_cast<std::size_t>(range.count), static_cast<float>(rate_),
                               stream, static_cast<std::uint64_t>(range.first));
    });
    return output_ = y_.data;
  }

  float* backward(const Pass& pass, float* dy, const float* also) override {
    if (!input_gradient_) return nullptr;
    const std::int64_t count = pass.examples * size_;
    if (pass.mode.dropout) {
      const Pieces pieces{count, kElementsPerPiece};
      pass.team.run(pieces.count(), [&](std::int64_t i) {
        const Range range = pieces.range(i);
        kernels::dropout_backward(dy + range.first, dy + range.first, mask_.data + range.first,
                                  static_cast<std::size_t>(range.count));
      });
    }
    if (also != nullptr) add_gradient(pass, dy, also, count);
    return dy;
  }

  const LayerNode* find_non_finite(const Pass& pass) const override {
    const auto count = static_cast<std::size_t>(pass.examples * size_);
    return kernels::all_finite(output_, count) ? nullptr : &parts().head();
  }

 private:
  double rate_;
  std::int64_t size_;
  std::uint64_t ordinal_ = 0;  ///< tells the network's dropout layers apart
  bool input_gradient_ = false;
  ArenaSlice<float> y_;
  ArenaSlice<float> mask_;
  const float* output_ = nullptr;
};

}  // namespace

std::unique_ptr<Layer> Dropout::parse(LayerText& text, const NetworkOptions&) {
  const double rate = text.number("a probability", 0, 1);
  text.end();
  return std::make_unique<Dropout>(rate);
}

std::string Dropout::text() const {
  return fmt::format("dropout {}", rate_);
}

std::unique_ptr<Stage> Dropout::make_stage(const StageParts& parts) const {
  return std::make_unique<DropoutStage>(parts, rate_);
}

}  // namespace normlab
