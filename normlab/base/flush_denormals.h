#pragma once

#include <cstdint>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace normlab {

/// While it lives, this thread's arithmetic takes numbers below 1.2e-38 for zero. A unit whose
/// gradient has become zero leaves moments that shrink until they are denormal and then stay there,
/// and every operation on one takes over a hundred cycles: training would slow down several times.
/// Everything that computes for a network does so under it, so results do not depend on who called.
/// Restores the caller's mode.
class FlushDenormals {
 public:
  FlushDenormals() : previous_(read()) { write(previous_ | kFlags); }
  ~FlushDenormals() { write(previous_); }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__SSE__)
  using Register = std::uint32_t;
  static constexpr Register kFlags = 0x8040;  // flush to zero, denormals are zero
  static Register read() {
    return _mm_getcsr();
  }
  static void write(Register value) {
    _mm_setcsr(value);
  }
#elif defined(__aarch64__)
  using Register = std::uint64_t;
  static constexpr Register kFlags = Register{1} << 24;  // FPCR.FZ
  static Register read() {
    Register value = 0;
    asm volatile("mrs %0, fpcr" : "=r"(value));
    return value;
  }
  static void write(Register value) {
    asm volatile("msr fpcr, %0" : : "r"(value));
  }
#else
  using Register = std::uint32_t;
  static constexpr Register kFlags = 0;
  static Register read() {
    return 0;
  }
  static void write(Register) {}
#endif

  Register previous_;
};

}  // namespace normlab
