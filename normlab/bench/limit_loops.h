#pragma once

#include <cstddef>
#include <cstdint>

/// Loops that do nothing but reach a limit of the processor, on the instruction set in use.
namespace normlab::bench {

/// Independent chains of fused multiply-adds on registers. Returns a number made of the results.
float multiply_add(std::int64_t rounds);
/// Floating-point operations of one round, a multiply-add counted as two.
double multiply_add_flops();

/// Floats at `source` added up.
float read_floats(const float* source, std::size_t count);
/// `value` written over all floats.
void write_floats(float* target, std::size_t count, float value);
/// target = source. `streaming` writes past the caches.
void copy_floats(float* target, const float* source, std::size_t count, bool streaming);
/// target = target + source: reads two arrays and writes over one of them.
void update_floats(float* target, const float* source, std::size_t count);

}  // namespace normlab::bench
