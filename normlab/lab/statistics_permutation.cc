#include "normlab/lab/statistics_permutation.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "normlab/base/philox.h"

namespace normlab {
namespace {

constexpr std::size_t kExactUpTo = 16;
constexpr std::uint32_t kPatterns = 1u << kExactUpTo;

/// The smallest |sum| that counts as at least as far from zero as the observed one.
double observed_distance(std::span<const double> differences) {
  double sum = 0;
  double size = 0;
  for (const double difference : differences) {
    sum += difference;
    size += std::abs(difference);
  }
  return std::abs(sum) - 1e-12 * size;
}

/// `value` with its sign flipped when the bit is set, without a branch that random bits would
/// mispredict.
double flipped(double value, std::uint32_t bits, std::size_t bit) {
  const std::uint64_t sign = std::uint64_t{bits >> bit & 1} << 63;
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) ^ sign);
}

double exact_p(std::span<const double> differences, double distance) {
  // A pattern and its opposite are equally far out: the first difference keeps its sign.
  const std::uint32_t patterns = 1u << (differences.size() - 1);
  std::uint32_t far = 0;
  for (std::uint32_t pattern = 0; pattern < patterns; ++pattern) {
    double sum = differences[0];
    for (std::size_t i = 1; i < differences.size(); ++i) {
      sum += flipped(differences[i], pattern, i - 1);
    }
    if (std::abs(sum) >= distance) ++far;
  }
  return static_cast<double>(far) / patterns;
}

double sampled_p(std::span<const double> differences, double distance) {
  Philox random(0, Purpose::permutation, 0);
  std::uint32_t far = 1;
  for (std::uint32_t draw = 1; draw < kPatterns; ++draw) {
    double sum = 0;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < differences.size(); ++i) {
      if (i % 32 == 0) bits = random.next();
      sum += flipped(differences[i], bits, i % 32);
    }
    if (std::abs(sum) >= distance) ++far;
  }
  return static_cast<double>(far) / kPatterns;
}

}  // namespace

double sign_flip_p(std::span<const double> differences) {
  if (differences.empty()) return 1;
  const double distance = observed_distance(differences);
  return differences.size() <= kExactUpTo ? exact_p(differences, distance)
                                          : sampled_p(differences, distance);
}

}  // namespace normlab
