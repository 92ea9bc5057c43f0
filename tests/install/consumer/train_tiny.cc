// A program outside normlab that trains a small network with batch normalization through the
// installed headers. Ends with status 0 when the network has learnt its task.

#include <cstdint>
#include <cstdio>
#include <vector>

#include "normlab/base/philox.h"
#include "normlab/base/thread_pool.h"
#include "normlab/kernels/loss.h"
#include "normlab/nn/network.h"
#include "normlab/optim/optimizer.h"

namespace {

constexpr std::int64_t kExamples = 64;

/// Points of the plane around 100, labelled by the quadrant pair they lie in: no linear model can
/// tell them apart.
struct Points {
  std::vector<float> x;
  std::vector<normlab::Label> labels;
};

Points draw_points() {
  normlab::Philox random(1, normlab::Purpose::test, 0);
  Points points;
  for (std::int64_t i = 0; i < kExamples; ++i) {
    const float a = random.uniform() * 2 - 1;
    const float b = random.uniform() * 2 - 1;
    points.x.insert(points.x.end(), {100 + a, 100 + b});
    points.labels.push_back(a * b > 0 ? 1 : 0);
  }
  return points;
}

}  // namespace

int main() {
  const normlab::ModelSpec model =
      normlab::parse_model_text("1x1x2: flatten, linear 32, norm, relu, linear 2");
  normlab::ThreadPool team(1);
  normlab::Network network(model, *model.input, {}, {.max_examples = kExamples}, team);
  network.initialize({}, 1);

  normlab::OptimizerOptions options;
  options.lr = 0.05;
  normlab::Optimizer optimizer(options, network.parameters());

  const Points points = draw_points();
  normlab::kernels::LossSums sums;
  for (std::uint64_t step = 0; step < 200; ++step) {
    const normlab::ConstMatrix logits =
        network.forward(points.x.data(), kExamples, normlab::Mode::training, step);
    sums = normlab::kernels::softmax_cross_entropy(network.output_gradient(), logits, points.labels,
                                                   0, 1.0F / kExamples);
    network.backward();
    optimizer.step(options.lr);
  }
  std::printf("loss %.4f, %d of %d right\n", sums.loss / kExamples, static_cast<int>(sums.correct),
              static_cast<int>(kExamples));
  return sums.correct == kExamples ? 0 : 1;
}
