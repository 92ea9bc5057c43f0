// Compiled once per instruction set: the guard below lets it through once for each, as Highway asks
// of such headers.
#if defined(NORMLAB_KERNELS_ACTIVATION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NORMLAB_KERNELS_ACTIVATION_INL_H_
#undef NORMLAB_KERNELS_ACTIVATION_INL_H_
#else
#define NORMLAB_KERNELS_ACTIVATION_INL_H_
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "normlab/kernels/activation.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// What a derivative is a function of, besides dy: `sign` is that of the output or the input, which
/// have the same.
enum class Saved { nothing, sign, output, input };

// One type per activation: `forward(d, x)` and `backward(d, dy, saved)` = dy * activation'. NaN
// gives NaN.

struct IdentityOp {
  static constexpr Saved kSaved = Saved::nothing;
  template <class D, class V>
  HWY_INLINE V forward(D, V x) const {
    return x;
  }
  template <class D, class V>
  HWY_INLINE V backward(D, V dy, V) const {
    return dy;
  }
};

struct ReluOp {
  static constexpr Saved kSaved = Saved::sign;
  template <class D, class V>
  HWY_INLINE V forward(D d, V x) const {
    // x86 gives the second operand where one is NaN, so this keeps it; Max(x, 0) would not.
    if constexpr (HWY_ARCH_X86) return hn::Max(hn::Zero(d), x);
    return hn::IfThenZeroElse(hn::Lt(x, hn::Zero(d)), x);
  }
  template <class D, class V>
  HWY_INLINE V backward(D d, V dy, V y) const {
    return hn::IfThenElseZero(hn::Gt(y, hn::Zero(d)), dy);
  }
};

struct LeakyReluOp {
  static constexpr Saved kSaved = Saved::sign;
  float slope;
  template <class D, class V>
  HWY_INLINE V forward(D d, V x) const {
    return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Mul(x, hn::Set(d, slope)), x);
  }
  template <class D, class V>
  HWY_INLINE V backward(D d, V dy, V y) const {
    return hn::IfThenElse(hn::Gt(y, hn::Zero(d)), dy, hn::Mul(dy, hn::Set(d, slope)));
  }
};

struct SigmoidOp {
  static constexpr Saved kSaved = Saved::output;
  template <class D, class V>
  HWY_INLINE V forward(D d, V x) const {
    // exp of -|x| only: it cannot overflow, and both tails keep their digits.
    const V one = hn::Set(d, 1.0f);
    const V e = hn::Exp(d, hn::Neg(hn::Abs(x)));
    const V y = hn::Div(hn::IfThenElse(hn::Lt(x, hn::Zero(d)), e, one), hn::Add(one, e));
    return hn::IfThenElse(hn::IsNaN(x), x, y);
  }
  template <class D, class V>
  HWY_INLINE V backward(D d, V dy, V y) const {
    return hn::Mul(dy, hn::Mul(y, hn::Sub(hn::Set(d, 1.0f), y)));
  }
};

struct TanhOp {
  static constexpr Saved kSaved = Saved::output;
  template <class D, class V>
  HWY_INLINE V forward(D d, V x) const {
    return hn::IfThenElse(hn::IsNaN(x), x, hn::Tanh(d, x));
  }
  template <class D, class V>
  HWY_INLINE V backward(D d, V dy, V y) const {
    return hn::Mul(dy, hn::NegMulAdd(y, y, hn::Set(d, 1.0f)));
  }
};

/// x * Phi(x), by the upper tail Q(a) = 1 - Phi(a) = exp(-a^2/2) * W(a) at a = |x|, so that
/// nothing cancels:
///   gelu(x) = max(x, 0) - a * Q(a),   gelu'(x) = x < 0 ? h : 1 - h,   h = Q(a) - a * phi(a).
struct GeluOp {
  static constexpr Saved kSaved = Saved::input;

  template <class D, class V>
  HWY_INLINE V forward(D d, V x) const {
    const V a = magnitude(d, x);
    const V tail = hn::Mul(gauss(d, a), scaled_tail(d, a));
    return hn::NegMulAdd(a, tail, ReluOp().forward(d, x));
  }
  template <class D, class V>
  HWY_INLINE V backward(D d, V dy, V x) const {
    const V a = magnitude(d, x);
    const V inverse_sqrt_two_pi = hn::Set(d, 0.398942280f);
    const V h = hn::Mul(gauss(d, a), hn::NegMulAdd(a, inverse_sqrt_two_pi, scaled_tail(d, a)));
    const V one = hn::Set(d, 1.0f);
    const V derivative = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), h, hn::Sub(one, h));
    return hn::Mul(dy, hn::IfThenElse(hn::IsNaN(x), x, derivative));
  }

 private:
  /// |x|, at most 14: there the tail is below the smallest float, and infinity times it would be
  /// NaN.
  template <class D, class V>
  static HWY_INLINE V magnitude(D d, V x) {
    return hn::Min(hn::Abs(x), hn::Set(d, 15.0f));
  }
  /// exp(-a^2 / 2)
  template <class D, class V>
  static HWY_INLINE V gauss(D d, V a) {
    return hn::Exp(d, hn::Mul(hn::Mul(a, a), hn::Set(d, -0.5f)));
  }
  /// W(a) = Q(a) * exp(a^2 / 2) for 0 <= a <= 14, where the last float is in sight: a polynomial in
  /// t = 1 / (1 + 0.3 a) without constant term (W falls as 1/a), of degree 8. Coefficients: our own
  /// fit of scipy's erfcx(a / sqrt(2)) / 2 at 4,000 Chebyshev points of t, least squares of the
  /// relative error, reweighted (Lawson's algorithm) until the largest was least: 1.5e-7. In float
  /// arithmetic Q is within 2e-7.
  template <class D, class V>
  static HWY_INLINE V scaled_tail(D d, V a) {
    const V one = hn::Set(d, 1.0f);
    const V t = hn::Div(one, hn::MulAdd(a, hn::Set(d, 0.3f), one));
    V w = hn::Set(d, 0.035674773f);
    w = hn::MulAdd(w, t, hn::Set(d, -0.157203078f));
    w = hn::MulAdd(w, t, hn::Set(d, 0.206353500f));
    w = hn::MulAdd(w, t, hn::Set(d, -0.0536836423f));
    w = hn::MulAdd(w, t, hn::Set(d, 0.128561631f));
    w = hn::MulAdd(w, t, hn::Set(d, 0.0999134928f));
    w = hn::MulAdd(w, t, hn::Set(d, 0.120753959f));
    w = hn::MulAdd(w, t, hn::Set(d, 0.119629301f));
    return hn::Mul(w, t);
  }
};

/// Calls `work(op)` with the activation as a type, so that no loop asks which it is.
template <class Work>
HWY_INLINE void with_activation(const Activation& activation, const Work& work) {
  switch (activation.kind) {
    case ActivationKind::identity:
      return work(IdentityOp());
    case ActivationKind::relu:
      return work(ReluOp());
    case ActivationKind::leaky_relu:
      return work(LeakyReluOp{activation.negative_slope});
    case ActivationKind::sigmoid:
      return work(SigmoidOp());
    case ActivationKind::tanh:
      return work(TanhOp());
    case ActivationKind::gelu:
      return work(GeluOp());
  }
}

}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
