#include "normlab/bench/limit_loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/bench/limit_loops.cc"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "normlab/kernels/strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::bench::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;

/// More than two ports times a latency of four or five, and few enough for 16 registers.
constexpr int kChains = 10;
using Chains = kernels::HWY_NAMESPACE::WholeStrip<D, kChains>;
/// What one turn of a memory loop covers.
using Run = kernels::HWY_NAMESPACE::WholeStrip<D, 8>;
constexpr std::int64_t kRun = Run::kVectors * Run::kLanes;

template <class Strip>
HWY_INLINE float total(const kernels::HWY_NAMESPACE::Values<Strip>& values) {
  auto sum = hn::Zero(Strip::d);
  for (int i = 0; i < Strip::kVectors; ++i) sum = hn::Add(sum, values.v[i]);
  return hn::GetLane(hn::SumOfLanes(Strip::d, sum));
}

double flops_per_round() {
  return 2.0 * kChains * Chains::kLanes;
}

float chains(std::int64_t rounds) {
  const auto half = hn::Set(D(), 0.5f);
  const auto one = hn::Set(D(), 1.0f);
  auto values = kernels::HWY_NAMESPACE::zeros(Chains());
  for (std::int64_t round = 0; round < rounds; ++round) {
    for (int i = 0; i < kChains; ++i) values.v[i] = hn::MulAdd(values.v[i], half, one);
  }
  return total(values);
}

float read(const float* source, std::int64_t count) {
  auto sums = kernels::HWY_NAMESPACE::zeros(Run());
  for (std::int64_t i = 0; i + kRun <= count; i += kRun) {
    for (int j = 0; j < Run::kVectors; ++j) {
      sums.v[j] = hn::Add(sums.v[j], Run().load(source + i, j));
    }
  }
  return total(sums);
}

void write(float* target, std::int64_t count, float value) {
  const auto values = hn::Set(D(), value);
  for (std::int64_t i = 0; i + kRun <= count; i += kRun) {
    for (int j = 0; j < Run::kVectors; ++j) Run().store(values, target + i, j);
  }
}

void copy(float* target, const float* source, std::int64_t count) {
  for (std::int64_t i = 0; i + kRun <= count; i += kRun) {
    for (int j = 0; j < Run::kVectors; ++j) Run().store(Run().load(source + i, j), target + i, j);
  }
}

void stream(float* target, const float* source, std::int64_t count) {
  for (std::int64_t i = 0; i + kRun <= count; i += kRun) {
    for (int j = 0; j < Run::kVectors; ++j) {
      hn::Stream(Run().load(source + i, j), D(), target + i + j * Run::kLanes);
    }
  }
  hwy::FlushStream();
}

void update(float* target, const float* source, std::int64_t count) {
  for (std::int64_t i = 0; i + kRun <= count; i += kRun) {
    for (int j = 0; j < Run::kVectors; ++j) {
      Run().store(hn::Add(Run().load(target + i, j), Run().load(source + i, j)), target + i, j);
    }
  }
}

}  // namespace
}  // namespace normlab::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normlab::bench {
namespace {

HWY_EXPORT(flops_per_round);
HWY_EXPORT(chains);
HWY_EXPORT(read);
HWY_EXPORT(write);
HWY_EXPORT(copy);
HWY_EXPORT(stream);
HWY_EXPORT(update);

}  // namespace

double multiply_add_flops() {
  return HWY_DYNAMIC_DISPATCH(flops_per_round)();
}

float multiply_add(std::int64_t rounds) {
  return HWY_DYNAMIC_DISPATCH(chains)(rounds);
}

float read_floats(const float* source, std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(read)(source, static_cast<std::int64_t>(count));
}

void write_floats(float* target, std::size_t count, float value) {
  HWY_DYNAMIC_DISPATCH(write)(target, static_cast<std::int64_t>(count), value);
}

void copy_floats(float* target, const float* source, std::size_t count, bool streaming) {
  const auto floats = static_cast<std::int64_t>(count);
  if (streaming) return HWY_DYNAMIC_DISPATCH(stream)(target, source, floats);
  HWY_DYNAMIC_DISPATCH(copy)(target, source, floats);
}

void update_floats(float* target, const float* source, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(update)(target, source, static_cast<std::int64_t>(count));
}

}  // namespace normlab::bench
#endif  // HWY_ONCE
