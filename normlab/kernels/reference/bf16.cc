#include "normlab/kernels/reference/bf16.h"

#include <bit>
#include <cmath>

namespace normlab::reference {
namespace {

constexpr std::uint16_t kInfinity = 0x7F80;  // without its sign

/// Without the sign, and infinity in its place in the row of exponents: as 2^128.
double magnitude(std::uint16_t bits) {
  if (bits == kInfinity) return 0x1p128;
  return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16));
}

}  // namespace

kernels::Bf16 to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000);
  const auto below = static_cast<std::uint16_t>(bits >> 16 & 0x7FFF);
  const auto signed_bits = [sign](int b) {
    return kernels::Bf16{static_cast<std::uint16_t>(sign | b)};
  };
  if (std::isnan(value)) return signed_bits(below | 0x40);
  if (std::isinf(value)) return signed_bits(below);
  const double exact = std::abs(static_cast<double>(value));
  const auto above = static_cast<std::uint16_t>(below + 1);
  const double down = exact - magnitude(below);
  const double up = magnitude(above) - exact;
  const bool round_up = up < down || (up == down && below % 2 != 0);
  return signed_bits(round_up ? above : below);
}

double to_double(kernels::Bf16 value) {
  return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(value.bits) << 16));
}

}  // namespace normlab::reference
