#include "normlab/nn/stage.h"

#include "normlab/kernels/activation.h"

namespace normlab {

void add_gradient(const Pass& pass, float* sum, const float* gradient, std::int64_t count) {
  constexpr std::int64_t kFloatsPerPiece = 16 * 1024;
  const Pieces pieces{count, kFloatsPerPiece};
  pass.team.run(pieces.count(), [&](std::int64_t i) {
    const Range range = pieces.range(i);
    const Matrix part{sum + range.first, 1, range.count, range.count};
    kernels::add_activation_forward(part, part,
                                    {gradient + range.first, 1, range.count, range.count}, {});
  });
}

}  // namespace normlab
