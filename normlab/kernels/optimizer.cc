#include "normlab/kernels/optimizer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/optimizer.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "normlab/kernels/strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {
namespace {

void plain_sgd(float* weights, const float* gradient, std::int64_t count, const SgdStep& step) {
  for_each_strip(count, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
    const auto d = strip.d;
    for (int i = 0; i < strip.kVectors; ++i) {
      const auto w = strip.load(weights + first, i);
      const auto scaled = hn::Mul(strip.load(gradient + first, i), hn::Set(d, step.gradient_scale));
      const auto g = hn::MulAdd(w, hn::Set(d, step.weight_decay), scaled);
      strip.store(hn::NegMulAdd(g, hn::Set(d, step.lr), w), weights + first, i);
    }
  });
}

void momentum_sgd(float* weights, float* velocity, const float* gradient, std::int64_t count,
                  const SgdStep& step) {
  for_each_strip(count, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
    const auto d = strip.d;
    const auto momentum = hn::Set(d, step.momentum);
    for (int i = 0; i < strip.kVectors; ++i) {
      const auto w = strip.load(weights + first, i);
      const auto scaled = hn::Mul(strip.load(gradient + first, i), hn::Set(d, step.gradient_scale));
      const auto g = hn::MulAdd(w, hn::Set(d, step.weight_decay), scaled);
      const auto v = step.first ? g : hn::MulAdd(strip.load(velocity + first, i), momentum, g);
      strip.store(v, velocity + first, i);
      const auto direction = step.nesterov ? hn::MulAdd(v, momentum, g) : v;
      strip.store(hn::NegMulAdd(direction, hn::Set(d, step.lr), w), weights + first, i);
    }
  });
}

/// sqrt(v), and numerator / denominator, of positive normal numbers. Where there are estimates of
/// 14 bits (AVX-512), one Newton step from them is within 1.5 ulp and faster than the divider.
constexpr bool kEstimates = HWY_TARGET == HWY_AVX3;

template <class D, class V>
HWY_INLINE V root(D d, V v) {
  if constexpr (kEstimates) {
    const V inverse = hn::ApproximateReciprocalSqrt(v);
    const V estimate = hn::Mul(v, inverse);
    const V error = hn::NegMulAdd(estimate, estimate, v);
    return hn::MulAdd(error, hn::Mul(inverse, hn::Set(d, 0.5f)), estimate);
  } else {
    return hn::Sqrt(v);
  }
}

template <class V>
HWY_INLINE V quotient(V numerator, V denominator) {
  if constexpr (kEstimates) {
    const V inverse = hn::ApproximateReciprocal(denominator);
    const V estimate = hn::Mul(numerator, inverse);
    return hn::MulAdd(hn::NegMulAdd(estimate, denominator, numerator), inverse, estimate);
  } else {
    return hn::Div(numerator, denominator);
  }
}

/// An Adam step's constants as they enter the loop. What rounding root_scale to float adds to it is
/// added to rate and eps, too, so that it cancels in rate / (root * root_scale + eps).
struct AdamFactors {
  explicit AdamFactors(const AdamStep& step)
      : gradient_scale(step.gradient_scale),
        coupled_decay(step.decoupled ? 0 : step.weight_decay),
        decoupled_decay(step.decoupled ? step.lr * step.weight_decay : 0),
        new_first(static_cast<float>(1 - step.beta1)),
        old_second(static_cast<float>(step.beta2)),
        new_second(static_cast<float>(1 - step.beta2)),
        root_scale(static_cast<float>(1 / std::sqrt(step.correction2))) {
    const double rounding = static_cast<double>(root_scale) * std::sqrt(step.correction2);
    rate = static_cast<float>(static_cast<double>(step.lr) / step.correction1 * rounding);
    eps = static_cast<float>(static_cast<double>(step.eps) * rounding);
  }

  bool is_plain() const {
    return gradient_scale == 1 && coupled_decay == 0 && decoupled_decay == 0;
  }

  float gradient_scale;
  float coupled_decay;
  float decoupled_decay;
  float new_first;
  float old_second;
  float new_second;
  float root_scale;
  float rate;
  float eps;
};

/// kPlain: without what is rarely asked for, a gradient to be scaled and decay of either kind.
template <bool kPlain>
void adam_with(const AdamFactors& factors, float* weights, float* first_moment,
               float* second_moment, const float* gradient, std::int64_t count) {
  const AdamFactors f = factors;
  for_each_strip(count, [&, f](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
    const auto d = strip.d;
    const auto smallest = hn::Set(d, std::numeric_limits<float>::min());
    const auto largest = hn::Set(d, std::numeric_limits<float>::max());
    for (int i = 0; i < strip.kVectors; ++i) {
      const auto w = strip.load(weights + first, i);
      const auto m = strip.load(first_moment + first, i);
      const auto v = strip.load(second_moment + first, i);
      auto g = strip.load(gradient + first, i);
      auto kept = w;
      if constexpr (!kPlain) {
        g = hn::MulAdd(w, hn::Set(d, f.coupled_decay), hn::Mul(g, hn::Set(d, f.gradient_scale)));
        kept = hn::NegMulAdd(w, hn::Set(d, f.decoupled_decay), w);
      }
      const auto new_m = hn::MulAdd(hn::Sub(g, m), hn::Set(d, f.new_first), m);
      const auto square = hn::Mul(hn::Mul(g, hn::Set(d, f.new_second)), g);
      const auto new_v = hn::MulAdd(v, hn::Set(d, f.old_second), square);
      strip.store(new_m, first_moment + first, i);
      strip.store(new_v, second_moment + first, i);

      const auto deviation = root(d, hn::Min(hn::Max(new_v, smallest), largest));
      const auto denominator = hn::MulAdd(deviation, hn::Set(d, f.root_scale), hn::Set(d, f.eps));
      const auto direction = quotient(new_m, denominator);
      strip.store(hn::NegMulAdd(direction, hn::Set(d, f.rate), kept), weights + first, i);
    }
  });
}

void adam(float* weights, float* first_moment, float* second_moment, const float* gradient,
          std::int64_t count, const AdamStep& step) {
  const AdamFactors f(step);
  const auto run = f.is_plain() ? adam_with<true> : adam_with<false>;
  run(f, weights, first_moment, second_moment, gradient, count);
}

/// What is left when `step(d, value, sum)` has run over all values, starting from 0.
template <class Step>
HWY_INLINE float fold(const float* values, std::int64_t count, const Step& step) {
  using D = hn::ScalableTag<float>;
  constexpr int kSums = 4;  // as many as hide the latency of an addition
  using Strip = WholeStrip<D, kSums>;
  auto sums = zeros(Strip());
  std::int64_t i = 0;
  for (; count - i >= kSums * Strip::kLanes; i += kSums * Strip::kLanes) {
    const auto loaded = load(Strip(), values + i);
    for (int j = 0; j < kSums; ++j) sums.v[j] = step(Strip::d, loaded.v[j], sums.v[j]);
  }
  for (; count - i >= Strip::kLanes; i += Strip::kLanes) {
    sums.v[0] = step(Strip::d, hn::LoadU(Strip::d, values + i), sums.v[0]);
  }
  const auto pairs = hn::Add(hn::Add(sums.v[0], sums.v[1]), hn::Add(sums.v[2], sums.v[3]));
  const hn::CappedTag<float, 1> single;
  auto total = hn::Set(single, hn::GetLane(hn::SumOfLanes(Strip::d, pairs)));
  for (; i < count; ++i) total = step(single, hn::LoadU(single, values + i), total);
  return hn::GetLane(total);
}

float squares(const float* values, std::int64_t count) {
  return fold(values, count,
              [](auto, auto value, auto sum) HWY_ATTR { return hn::MulAdd(value, value, sum); });
}

bool finite(const float* values, std::int64_t count) {
  // 0 * value is 0, but NaN for infinity and NaN.
  return fold(values, count, [](auto d, auto value, auto sum) HWY_ATTR {
           return hn::MulAdd(value, hn::Zero(d), sum);
         }) == 0;
}

}  // namespace
}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normlab::kernels {
namespace {

HWY_EXPORT(plain_sgd);
HWY_EXPORT(momentum_sgd);
HWY_EXPORT(adam);
HWY_EXPORT(squares);
HWY_EXPORT(finite);

}  // namespace

void sgd_step(float* weights, float* velocity, const float* gradient, std::size_t count,
              const SgdStep& step) {
  const auto n = static_cast<std::int64_t>(count);
  if (step.momentum == 0) return HWY_DYNAMIC_DISPATCH(plain_sgd)(weights, gradient, n, step);
  HWY_DYNAMIC_DISPATCH(momentum_sgd)(weights, velocity, gradient, n, step);
}

void adam_step(float* weights, float* first_moment, float* second_moment, const float* gradient,
               std::size_t count, const AdamStep& step) {
  HWY_DYNAMIC_DISPATCH(adam)
  (weights, first_moment, second_moment, gradient, static_cast<std::int64_t>(count), step);
}

double sum_of_squares(const float* values, std::size_t count) {
  constexpr std::size_t kChunk = 4096;
  double sum = 0;
  for (std::size_t first = 0; first < count; first += kChunk) {
    const std::size_t size = std::min(kChunk, count - first);
    sum += static_cast<double>(
        HWY_DYNAMIC_DISPATCH(squares)(values + first, static_cast<std::int64_t>(size)));
  }
  return sum;
}

bool all_finite(const float* values, std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(finite)(values, static_cast<std::int64_t>(count));
}

}  // namespace normlab::kernels
#endif  // HWY_ONCE
