#include "normlab/nn/dropout.h"

#include "normlab/base/philox.h"
#include "normlab/base/pieces.h"
#include "normlab/kernels/dropout.h"
#include "normlab/kernels/optimizer.h"

namespace normlab {
namespace {

constexpr std::int64_t kElementsPerPiece = 16384;
constexpr std::uint64_t kLayersPerStep = 1024;

}  // namespace

std::unique_ptr<Layer> Dropout::parse(LayerText& text, const NetworkOptions&) {
  const double rate = text.number("a probability", 0, 1);
  text.end();
  return std::make_unique<Dropout>(rate);
}

std::string Dropout::text() const {
  return fmt::format("dropout {}", rate_);
}

Shape Dropout::plan(Planner& planner, const Shape& input) {
  size_ = input.size();
  ordinal_ = planner.next_dropout();
  planner.reserve(y_, planner.max_examples() * size_);
  planner.reserve(mask_, planner.max_examples() * size_);
  return input;
}

const float* Dropout::forward(const Pass& pass, const float* x) {
  if (!pass.training) return x;
  const Philox stream(pass.seed, Purpose::dropout, pass.step * kLayersPerStep + ordinal_);
  const Pieces pieces{pass.examples * size_, kElementsPerPiece};
  pass.pool.run(pieces.count(), [&](std::int64_t i) {
    const Range range = pieces.range(i);
    kernels::dropout_forward(y_.data + range.first, mask_.data + range.first, x + range.first,
                             static_cast<std::size_t>(range.count), static_cast<float>(rate_),
                             stream, static_cast<std::uint64_t>(range.first));
  });
  return y_.data;
}

float* Dropout::backward(const Pass& pass, float* dy) {
  if (!pass.training) return dy;
  const Pieces pieces{pass.examples * size_, kElementsPerPiece};
  pass.pool.run(pieces.count(), [&](std::int64_t i) {
    const Range range = pieces.range(i);
    kernels::dropout_backward(dy + range.first, dy + range.first, mask_.data + range.first,
                              static_cast<std::size_t>(range.count));
  });
  return dy;
}

std::string Dropout::find_non_finite(const Pass& pass) const {
  if (!pass.training) return {};
  const bool finite = kernels::all_finite(y_.data, static_cast<std::size_t>(pass.examples * size_));
  return finite ? std::string() : label();
}

}  // namespace normlab
