#pragma once

#include <span>
#include <string_view>

namespace normlab {

/// The instruction sets the kernels are compiled for, narrowest first.
enum class Isa { sse4, avx2, avx512, neon };

std::string_view to_string(Isa isa);

/// What this binary holds code for and this machine can run, narrowest first. Never empty.
std::span<const Isa> supported_isas();

/// The instruction set all kernels use from now on, oneDNN included. Called once, before the first
/// kernel: oneDNN cannot change any more after its first use (the other kernels can, which their
/// tests use). With `name` empty the widest supported is taken. Throws RequestError, naming the
/// choices, when `name` is unknown or this machine lacks it.
void select_isa(std::string_view name);

/// The instruction set in use (the widest supported one before `select_isa`): asked of the code
/// that runs.
Isa current_isa();

/// Whether this processor multiplies bf16 numbers (AVX512-BF16) and the instruction set in use lets
/// oneDNN do so. What is asked here first fixes oneDNN's instruction set: after `select_isa`.
bool has_bf16();

}  // namespace normlab
