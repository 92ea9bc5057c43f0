#include <array>
#include <cstdio>

#include "normlab/base/moments.h"
#include "normlab/base/thread_pool.h"

int main() {
  const std::array<double, 3> values{1, 2, 6};
  normlab::ThreadPool pool(1);
  std::array<double, 3> squares{};
  pool.run(3, [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    squares[index] = values[index] * values[index];
  });
  std::printf("mean %g\n", normlab::moments_of(squares).mean);
}
