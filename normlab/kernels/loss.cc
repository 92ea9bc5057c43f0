#include "normlab/kernels/loss.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/loss.cc"
#include <hwy/foreach_target.h>  // must be the first of Highway's
// clang-format off
#include <hwy/contrib/math/math-inl.h>
// clang-format on
#include <hwy/highway.h>

#include "normlab/kernels/strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {
namespace {

/// `v` with `filler` in the lanes that are not part of the strip.
template <class D, int N, class V>
HWY_INLINE V fill_rest(const WholeStrip<D, N>&, V v, float) {
  return v;
}
template <class D, class V>
HWY_INLINE V fill_rest(const MaskedStrip<D>& strip, V v, float filler) {
  return hn::IfThenElse(strip.mask, v, hn::Set(strip.d, filler));
}

/// The largest of a row, NaN if any of it is.
HWY_INLINE float row_max(const float* row, std::int64_t classes) {
  constexpr float kLowest = -std::numeric_limits<float>::infinity();
  float largest = kLowest;
  bool has_nan = false;
  for_each_strip(classes, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
    auto best = hn::Set(strip.d, kLowest);
    for (int i = 0; i < strip.kVectors; ++i) {
      const auto z = strip.load(row + first, i);
      has_nan |= !hn::AllFalse(strip.d, hn::IsNaN(z));
      best = hn::Max(best, fill_rest(strip, z, kLowest));
    }
    largest = std::max(largest, hn::GetLane(hn::MaxOfLanes(strip.d, best)));
  });
  return has_nan ? std::numeric_limits<float>::quiet_NaN() : largest;
}

/// The sum of exp(row - shift), NaN if any of the row is not finite; the terms go to `exps` if it
/// is not null.
HWY_INLINE float exp_sum(float* exps, const float* row, std::int64_t classes, float shift) {
  float sum = 0;
  for_each_strip(classes, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
    const auto d = strip.d;
    auto strip_sum = hn::Zero(d);
    for (int i = 0; i < strip.kVectors; ++i) {
      const auto z = strip.load(row + first, i);
      // Exp makes 0 of NaN and of -infinity; 0 * z makes NaN of both.
      const auto e = hn::MulAdd(z, hn::Zero(d), hn::Exp(d, hn::Sub(z, hn::Set(d, shift))));
      if (exps != nullptr) strip.store(e, exps + first, i);
      strip_sum = hn::Add(strip_sum, fill_rest(strip, e, 0));
    }
    sum += hn::GetLane(hn::SumOfLanes(d, strip_sum));
  });
  return sum;
}

/// Sum of row - shift.
HWY_INLINE float deviation_sum(const float* row, std::int64_t classes, float shift) {
  float sum = 0;
  for_each_strip(classes, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
    auto strip_sum = hn::Zero(strip.d);
    for (int i = 0; i < strip.kVectors; ++i) {
      const auto deviation = hn::Sub(strip.load(row + first, i), hn::Set(strip.d, shift));
      strip_sum = hn::Add(strip_sum, fill_rest(strip, deviation, 0));
    }
    sum += hn::GetLane(hn::SumOfLanes(strip.d, strip_sum));
  });
  return sum;
}

/// What the loss of one row is made of: log(exp_sum) - log_likelihood.
struct RowTerms {
  float exp_sum;
  float log_likelihood;  ///< of the target, before the softmax is normalized
  bool is_correct;
};

HWY_INLINE RowTerms row_terms(float* exps, const float* row, std::int64_t classes, Label label,
                              float smoothing) {
  const float largest = row_max(row, classes);
  RowTerms terms{};
  terms.is_correct = row[label] == largest && std::find(row, row + label, largest) == row + label;
  terms.log_likelihood = (1 - smoothing) * (row[label] - largest);
  if (smoothing != 0) {
    terms.log_likelihood +=
        smoothing / static_cast<float>(classes) * deviation_sum(row, classes, largest);
  }
  terms.exp_sum = exp_sum(exps, row, classes, largest);
  return terms;
}

/// exps becomes softmax * gradient_scale - base, less at the label by `peak`.
HWY_INLINE void finish_gradient(float* exps, std::int64_t classes, Label label, float softmax_scale,
                                float base, float peak) {
  for_each_strip(classes, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
    const auto d = strip.d;
    const hn::RebindToSigned<decltype(d)> integers;
    for (int i = 0; i < strip.kVectors; ++i) {
      const auto here = static_cast<std::int32_t>(label - first - i * strip.kLanes);
      const auto at_label = hn::Eq(hn::Iota(integers, 0), hn::Set(integers, here));
      const auto target =
          hn::IfThenElse(hn::RebindMask(d, at_label), hn::Set(d, base + peak), hn::Set(d, base));
      const auto e = strip.load(exps + first, i);
      strip.store(hn::MulSub(e, hn::Set(d, softmax_scale), target), exps + first, i);
    }
  });
}

/// Natural logarithms, in place; NaN of NaN. `count` is a multiple of any vector's lanes.
HWY_INLINE void take_logs(double* values, int count) {
  const hn::ScalableTag<double> d;
  for (int i = 0; i < count; i += static_cast<int>(hn::Lanes(d))) {
    const auto value = hn::Load(d, values + i);
    hn::Store(hn::IfThenElse(hn::IsNaN(value), value, hn::Log(d, value)), d, values + i);
  }
}

/// Rows that are taken through each step together: nothing waits for a row's sum.
constexpr int kRows = 64;

LossSums cross_entropy(Matrix gradient, ConstMatrix logits, const Label* labels, float smoothing,
                       float gradient_scale) {
  const std::int64_t classes = logits.channels;
  const auto exps = [&](std::int64_t r) {
    return gradient.data == nullptr ? nullptr : gradient.row(r);
  };
  RowTerms terms[kRows];
  alignas(64) double logs[kRows];
  std::fill_n(logs, kRows, 1.0);
  LossSums sums;
  for (std::int64_t start = 0; start < logits.rows; start += kRows) {
    const auto rows = static_cast<int>(std::min<std::int64_t>(kRows, logits.rows - start));
    for (int r = 0; r < rows; ++r) {
      terms[r] =
          row_terms(exps(start + r), logits.row(start + r), classes, labels[start + r], smoothing);
      logs[r] = static_cast<double>(terms[r].exp_sum);
    }
    take_logs(logs, kRows);
    for (int r = 0; r < rows; ++r) {
      sums.loss += logs[r] - static_cast<double>(terms[r].log_likelihood);
      sums.correct += terms[r].is_correct ? 1 : 0;
      if (gradient.data == nullptr) continue;
      finish_gradient(exps(start + r), classes, labels[start + r],
                      gradient_scale / terms[r].exp_sum,
                      gradient_scale * smoothing / static_cast<float>(classes),
                      gradient_scale * (1 - smoothing));
    }
  }
  return sums;
}

}  // namespace
}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normlab::kernels {
namespace {

HWY_EXPORT(cross_entropy);

}  // namespace

LossSums softmax_cross_entropy(Matrix gradient, ConstMatrix logits, std::span<const Label> labels,
                               float smoothing, float gradient_scale) {
  return HWY_DYNAMIC_DISPATCH(cross_entropy)(gradient, logits, labels.data(), smoothing,
                                             gradient_scale);
}

}  // namespace normlab::kernels
#endif  // HWY_ONCE
