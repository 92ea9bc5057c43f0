#include "normlab/train/train_step.h"

#include <chrono>
#include <numeric>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/thread_pool.h"
#include "normlab/train/test_data.h"

namespace normlab {
namespace {

using testing::ElementsAre;

TEST(StepTimes, TellWhereAStepSpendsItsTime) {
  const Dataset data = make_test_data(64, 3);
  std::vector<std::uint32_t> images(64);
  std::iota(images.begin(), images.end(), 0u);
  const InputScaler scaler(InputScale::minus_one_to_one, data, images);
  ThreadPool team(1);
  Network network(parse_model_text("conv 4 3x3, norm, relu, flatten, linear 8, norm, linear 3"),
                  {6, 6, 1}, {}, {.max_examples = 64}, team);
  network.initialize({}, 1);
  Optimizer optimizer({}, network.parameters());
  TrainStep step(data, scaler, network, optimizer, 64, 0);
  StepTimes times(network);
  step.record_times(&times);
  const auto start = std::chrono::steady_clock::now();
  step.forward_loss(images, 0);
  step.update(0.01);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;

  std::vector<std::string> kinds;
  double total = 0;
  for (const KindTime& time : by_kind(times, network)) {
    kinds.push_back(time.kind);
    total += time.seconds;
    // ReLU is done in the norm's loops, flatten moves nothing.
    const bool has_loop = time.kind != "relu" && time.kind != "flatten";
    EXPECT_TRUE(time.seconds > 0 || !has_loop) << time.kind;
  }
  EXPECT_THAT(kinds, ElementsAre("gather", "conv", "norm", "relu", "flatten", "linear", "loss",
                                 "optimizer"));
  EXPECT_LE(total, wall.count());

  step.record_times(nullptr);
  times.reset();
  step.forward_loss(images, 1);
  step.update(0.01);
  for (const KindTime& time : by_kind(times, network)) EXPECT_EQ(time.seconds, 0) << time.kind;
}

}  // namespace
}  // namespace normlab
