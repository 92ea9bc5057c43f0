#include "normlab/kernels/norm.h"

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include <hwy/cache_control.h>

#include "normlab/base/aligned_buffer.h"
#include "normlab/kernels/row_fold.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/norm.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "normlab/kernels/activation-inl.h"
#include "normlab/kernels/strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {
namespace {

/// Rows of a block of whole rows that is a few pages: memory is gone through in its order, and what
/// is kept per channel is loaded once for some rows.
HWY_INLINE std::int64_t cached_rows(std::int64_t channels) {
  constexpr std::int64_t kFloats = 4096;
  return std::clamp(kFloats / channels, std::int64_t{1}, kBlockRows);
}

/// Stores as the caches would have it, or past them.
struct CachedStore {
  template <class Strip>
  HWY_INLINE void operator()(const Strip& strip, typename Strip::Vector v, float* p, int i) const {
    strip.store(v, p, i);
  }
};
struct StreamingStore : CachedStore {
  using CachedStore::operator();
  template <class D, int N>
  HWY_INLINE void operator()(const WholeStrip<D, N>& strip, hn::Vec<D> v, float* p, int i) const {
    hn::Stream(v, strip.d, p + i * strip.kLanes);
  }
};

/// `addend`, where kAdds, is as large as x.
template <bool kAdds, class Store>
HWY_INLINE void forward_with(Store store, Matrix y, ConstMatrix x, ConstMatrix addend,
                             const float* mean, const float* scale, const float* beta,
                             Activation activation) {
  with_activation(activation, [&](const auto op) HWY_ATTR {
    const std::int64_t block = cached_rows(x.channels);
    for_each_row_block(x.rows, block, [&](std::int64_t start, std::int64_t rows) HWY_ATTR {
      for_each_strip(x.channels, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
        const auto m = load(strip, mean + first);
        const auto s = load(strip, scale + first);
        const auto b = load(strip, beta + first);
        for (std::int64_t r = start; r < start + rows; ++r) {
          const auto values = load(strip, x.row(r) + first);
          for (int i = 0; i < strip.kVectors; ++i) {
            auto n = hn::MulAdd(hn::Sub(values.v[i], m.v[i]), s.v[i], b.v[i]);
            if constexpr (kAdds) n = hn::Add(n, strip.load(addend.row(r) + first, i));
            store(strip, op.forward(strip.d, n), y.row(r) + first, i);
          }
        }
      });
    });
  });
}

void forward(Matrix y, ConstMatrix x, const float* mean, const float* scale, const float* beta,
             Activation activation) {
  forward_with<false>(CachedStore(), y, x, x, mean, scale, beta, activation);
}

void add_forward(Matrix y, ConstMatrix x, ConstMatrix addend, const float* mean, const float* scale,
                 const float* beta, Activation activation) {
  forward_with<true>(CachedStore(), y, x, addend, mean, scale, beta, activation);
}

/// Every row of y starts on a cache line.
void streaming_forward(Matrix y, ConstMatrix x, const float* mean, const float* scale,
                       const float* beta, Activation activation) {
  forward_with<false>(StreamingStore(), y, x, x, mean, scale, beta, activation);
  hwy::FlushStream();
}

/// dn = dy * activation' of one strip's rows, piece by piece, from whatever tells it.
template <class Strip, class Op, bool kAfterSum>
class Gradient {
 public:
  /// True when dn is kept in place of dy, because nobody wants to compute it twice.
  static constexpr bool kKept = Op::kSaved == Saved::input || kAfterSum;

  HWY_INLINE Gradient(const Strip& strip, const NormForward& f, std::int64_t first)
      : mean_(load(strip, f.mean + first)), scale_(zeros(strip)), beta_(zeros(strip)) {
    if constexpr (kRebuilt) {
      beta_ = load(strip, f.beta + first);
      scale_ = load(strip, f.scale + first);
    }
    if constexpr (Op::kSaved == Saved::input) {
      for (int i = 0; i < strip.kVectors; ++i) {
        scale_.v[i] = hn::Mul(strip.load(f.gamma + first, i), strip.load(f.inv_std + first, i));
      }
    }
  }

  HWY_INLINE auto centred(const Strip& strip, const float* x, int i) const {
    return hn::Sub(strip.load(x, i), mean_.v[i]);
  }
  /// Of vector i; `y` points at the row's output.
  template <class V>
  HWY_INLINE V operator()(const Strip& strip, const Op& op, V dy, V centred, const float* y,
                          int i) const {
    if constexpr (kRebuilt) {
      return op.backward(strip.d, dy, hn::MulAdd(centred, scale_.v[i], beta_.v[i]));
    } else if constexpr (Op::kSaved != Saved::nothing) {
      return op.backward(strip.d, dy, strip.load(y, i));
    } else {
      return dy;
    }
  }

 private:
  static constexpr bool kRebuilt =
      Op::kSaved == Saved::input || (Op::kSaved == Saved::sign && !kAfterSum);
  Values<Strip> mean_;
  Values<Strip> scale_;
  Values<Strip> beta_;
};

/// One strip's sums over rows [start, start + rows).
template <class Strip>
struct StripGradients {
  Values<Strip> gamma;  ///< still without inv_std
  Values<Strip> beta;
};

template <bool kAfterSum, class Strip, class Op>
HWY_INLINE StripGradients<Strip> strip_gradients(const Strip& strip, const Op& op, Matrix dy,
                                                 const NormForward& f, std::int64_t first) {
  const Gradient<Strip, Op, kAfterSum> gradient(strip, f, first);
  StripGradients<Strip> sums{zeros(strip), zeros(strip)};
  for (std::int64_t r = 0; r < dy.rows; ++r) {
    for (int i = 0; i < strip.kVectors; ++i) {
      const auto centred = gradient.centred(strip, f.x.row(r) + first, i);
      const auto dn =
          gradient(strip, op, strip.load(dy.row(r) + first, i), centred, f.y.row(r) + first, i);
      if constexpr (gradient.kKept) strip.store(dn, dy.row(r) + first, i);
      sums.gamma.v[i] = hn::MulAdd(dn, centred, sums.gamma.v[i]);
      sums.beta.v[i] = hn::Add(sums.beta.v[i], dn);
    }
  }
  return sums;
}

template <bool kAfterSum>
HWY_INLINE void reduce_with(double* HWY_RESTRICT dgamma, double* HWY_RESTRICT dbeta, Matrix dy,
                            const NormForward& f) {
  with_activation(f.activation, [&](const auto op) HWY_ATTR {
    const std::int64_t block_rows = summed_rows(dy.channels);
    for_each_row_block(dy.rows, block_rows, [&](std::int64_t start, std::int64_t rows) HWY_ATTR {
      NormForward block = f;
      block.x = f.x.row_range(start, rows);
      block.y = f.y.row_range(start, rows);
      for_each_strip(
          dy.channels, [&](const auto strip, std::int64_t first, std::int64_t count) HWY_ATTR {
            const auto sums =
                strip_gradients<kAfterSum>(strip, op, dy.row_range(start, rows), block, first);
            const StripArray gamma(sums.gamma);
            const StripArray beta(sums.beta);
            for (std::int64_t c = 0; c < count; ++c) {
              dgamma[first + c] +=
                  static_cast<double>(gamma.values[c]) * static_cast<double>(f.inv_std[first + c]);
              dbeta[first + c] += static_cast<double>(beta.values[c]);
            }
          });
    });
  });
}

/// Adds to dgamma and dbeta.
void backward_reduce(double* HWY_RESTRICT dgamma, double* HWY_RESTRICT dbeta, Matrix dy,
                     const NormForward& f) {
  if (f.after_sum) return reduce_with<true>(dgamma, dbeta, dy, f);
  reduce_with<false>(dgamma, dbeta, dy, f);
}

template <bool kBehindRelu, class Op>
HWY_INLINE void apply_with(const Op& op, Matrix dx, ConstMatrix dy, const NormForward& f,
                           const float* dbeta_mean, const float* dgamma_mean) {
  const std::int64_t block = cached_rows(dy.channels);
  for_each_row_block(dy.rows, block, [&](std::int64_t start, std::int64_t rows) HWY_ATTR {
    for_each_strip(dy.channels, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
      const Gradient<std::remove_cv_t<decltype(strip)>, Op, false> gradient(strip, f, first);
      const auto s = load(strip, f.scale + first);
      const auto db = load(strip, dbeta_mean + first);
      auto slope = load(strip, dgamma_mean + first);
      for (int i = 0; i < strip.kVectors; ++i) {
        slope.v[i] = hn::Mul(slope.v[i], hn::Mul(s.v[i], strip.load(f.inv_std + first, i)));
      }
      for (std::int64_t r = start; r < start + rows; ++r) {
        for (int i = 0; i < strip.kVectors; ++i) {
          const auto centred = gradient.centred(strip, f.x.row(r) + first, i);
          const auto dn =
              gradient(strip, op, strip.load(dy.row(r) + first, i), centred, f.y.row(r) + first, i);
          auto dx_here = hn::NegMulAdd(centred, slope.v[i], hn::Mul(hn::Sub(dn, db.v[i]), s.v[i]));
          if constexpr (kBehindRelu) {
            dx_here = ReluOp().backward(strip.d, dx_here, strip.load(f.x.row(r) + first, i));
          }
          strip.store(dx_here, dx.row(r) + first, i);
        }
      }
    });
  });
}

void backward_apply(Matrix dx, ConstMatrix dy, const NormForward& f, const float* dbeta_mean,
                    const float* dgamma_mean) {
  const auto apply = [&](const auto op) HWY_ATTR {
    if (f.behind_relu) return apply_with<true>(op, dx, dy, f, dbeta_mean, dgamma_mean);
    apply_with<false>(op, dx, dy, f, dbeta_mean, dgamma_mean);
  };
  if (f.after_sum) return apply(IdentityOp());  // dy is dn already
  with_activation(f.activation, [&](const auto op) HWY_ATTR {
    if constexpr (decltype(op)::kSaved == Saved::input) {
      apply(IdentityOp());  // dy is dn already
    } else {
      apply(op);
    }
  });
}

}  // namespace
}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normlab::kernels {
namespace {

HWY_EXPORT(forward);
HWY_EXPORT(add_forward);
HWY_EXPORT(streaming_forward);
HWY_EXPORT(backward_reduce);
HWY_EXPORT(backward_apply);

/// The parameters that the backward pass reads, for folded rows.
struct FoldedParameters {
  RowFold::Tile mean;
  RowFold::Tile inv_std;
  RowFold::Tile scale;
  RowFold::Tile gamma;
  RowFold::Tile beta;

  FoldedParameters(const RowFold& fold, const NormForward& forward)
      : mean(fold.tile(forward.mean)),
        inv_std(fold.tile(forward.inv_std)),
        scale(fold.tile(forward.scale)),
        gamma(forward.activation.derivative_needs_input() ? fold.tile(forward.gamma) : scale),
        beta(fold.tile(forward.beta)) {}
};

/// `parameters` must outlive the result.
NormForward head_of(const RowFold& fold, const NormForward& forward,
                    const FoldedParameters& parameters) {
  return {fold.head(forward.x),      fold.head(forward.y),    parameters.mean.data(),
          parameters.inv_std.data(), parameters.scale.data(), parameters.gamma.data(),
          parameters.beta.data(),    forward.activation,      forward.behind_relu,
          forward.after_sum};
}

NormForward tail_of(const RowFold& fold, const NormForward& forward) {
  NormForward tail = forward;
  tail.x = fold.tail(forward.x);
  tail.y = fold.tail(forward.y);
  return tail;
}

/// True for an output so large that it would only push other things out of the caches before
/// anyone reads it, and laid out as streaming stores ask for. Not in place: those lines are in the
/// caches already.
bool streams(ConstMatrix y, ConstMatrix x) {
  constexpr std::int64_t kFloats = std::int64_t{8} << 20;
  constexpr std::int64_t kLine = kAlignment / sizeof(float);
  return y.rows * y.channels >= kFloats && y.data != x.data && y.stride % kLine == 0 &&
         reinterpret_cast<std::uintptr_t>(y.data) % kAlignment == 0;
}

/// `forward` with x in place of a y that is not read, and so need not be there.
NormForward with_readable_y(const NormForward& forward) {
  NormForward readable = forward;
  if (!norm_backward_reads_output(forward.activation, forward.after_sum)) readable.y = readable.x;
  return readable;
}

}  // namespace

void norm_forward(Matrix y, ConstMatrix x, const float* mean, const float* scale, const float* beta,
                  Activation activation) {
  const RowFold fold(x, y);
  const auto run = [&](Matrix to, ConstMatrix from, const float* m, const float* s,
                       const float* b) {
    if (streams(to, from)) {
      HWY_DYNAMIC_DISPATCH(streaming_forward)(to, from, m, s, b, activation);
    } else {
      HWY_DYNAMIC_DISPATCH(forward)(to, from, m, s, b, activation);
    }
  };
  if (!fold.folds()) return run(y, x, mean, scale, beta);
  const RowFold::Tile means = fold.tile(mean);
  const RowFold::Tile scales = fold.tile(scale);
  const RowFold::Tile betas = fold.tile(beta);
  run(fold.head(y), fold.head(x), means.data(), scales.data(), betas.data());
  run(fold.tail(y), fold.tail(x), mean, scale, beta);
}

void norm_add_forward(Matrix y, ConstMatrix x, ConstMatrix addend, const float* mean,
                      const float* scale, const float* beta, Activation activation) {
  const RowFold fold(x, y, addend);
  if (!fold.folds()) {
    return HWY_DYNAMIC_DISPATCH(add_forward)(y, x, addend, mean, scale, beta, activation);
  }
  const RowFold::Tile means = fold.tile(mean);
  const RowFold::Tile scales = fold.tile(scale);
  const RowFold::Tile betas = fold.tile(beta);
  HWY_DYNAMIC_DISPATCH(add_forward)
  (fold.head(y), fold.head(x), fold.head(addend), means.data(), scales.data(), betas.data(),
   activation);
  HWY_DYNAMIC_DISPATCH(add_forward)
  (fold.tail(y), fold.tail(x), fold.tail(addend), mean, scale, beta, activation);
}

bool norm_backward_reads_output(Activation activation, bool after_sum) {
  if (after_sum) return activation.kind != ActivationKind::identity;
  return activation.kind == ActivationKind::sigmoid || activation.kind == ActivationKind::tanh;
}

void norm_backward_reduce(std::span<double> dgamma, std::span<double> dbeta, Matrix dy,
                          const NormForward& forward) {
  std::fill(dgamma.begin(), dgamma.end(), 0.0);
  std::fill(dbeta.begin(), dbeta.end(), 0.0);
  const NormForward f = with_readable_y(forward);
  const RowFold fold(dy, f.x, f.y);
  if (!fold.folds()) {
    return HWY_DYNAMIC_DISPATCH(backward_reduce)(dgamma.data(), dbeta.data(), dy, f);
  }
  const FoldedParameters parameters(fold, f);
  const Matrix head = fold.head(dy);
  RowFold::Sums folded_dgamma(head.channels);
  RowFold::Sums folded_dbeta(head.channels);
  HWY_DYNAMIC_DISPATCH(backward_reduce)
  (folded_dgamma.data(), folded_dbeta.data(), head, head_of(fold, f, parameters));
  fold.add_copies(dgamma, folded_dgamma.values);
  fold.add_copies(dbeta, folded_dbeta.values);
  HWY_DYNAMIC_DISPATCH(backward_reduce)
  (dgamma.data(), dbeta.data(), fold.tail(dy), tail_of(fold, f));
}

void norm_backward_apply(Matrix dx, ConstMatrix dy, const NormForward& forward,
                         const float* dbeta_mean, const float* dgamma_mean) {
  const NormForward f = with_readable_y(forward);
  const RowFold fold(dy, dx, f.x, f.y);
  if (!fold.folds()) {
    return HWY_DYNAMIC_DISPATCH(backward_apply)(dx, dy, f, dbeta_mean, dgamma_mean);
  }
  const FoldedParameters parameters(fold, f);
  const RowFold::Tile dbeta_means = fold.tile(dbeta_mean);
  const RowFold::Tile dgamma_means = fold.tile(dgamma_mean);
  HWY_DYNAMIC_DISPATCH(backward_apply)
  (fold.head(dx), fold.head(dy), head_of(fold, f, parameters), dbeta_means.data(),
   dgamma_means.data());
  HWY_DYNAMIC_DISPATCH(backward_apply)
  (fold.tail(dx), fold.tail(dy), tail_of(fold, f), dbeta_mean, dgamma_mean);
}

}  // namespace normlab::kernels
#endif  // HWY_ONCE
