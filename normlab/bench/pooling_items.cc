#include <utility>

#include <fmt/format.h>

#include "normlab/bench/kernel_item.h"
#include "normlab/kernels/pooling.h"
#include "normlab/kernels/reference/pooling.h"

namespace normlab::bench {
namespace {

using kernels::PoolShape;

constexpr int kX = 0;
constexpr int kY = 1;
constexpr int kDy = 2;

/// A pooling problem over images back to back.
struct Pool {
  Workspace& workspace;
  std::int64_t examples;
  PoolShape shape;
  std::vector<std::uint8_t> argmax = std::vector<std::uint8_t>(outputs());

  std::size_t inputs() const { return static_cast<std::size_t>(examples * shape.input_size()); }
  std::size_t outputs() const { return static_cast<std::size_t>(examples * shape.output_size()); }
  double input_bytes() const { return static_cast<double>(inputs() * sizeof(float)); }
  double output_bytes() const { return static_cast<double>(outputs() * sizeof(float)); }
  std::span<const float> span(int array, std::size_t count) const {
    return {workspace.data(array), count};
  }
  std::vector<double> doubles(int array, std::size_t count) const {
    const auto values = span(array, count);
    return {values.begin(), values.end()};
  }
  std::string text() const {
    return fmt::format("{}x{}x{}x{}", examples, shape.height, shape.width, shape.channels);
  }
  void fill() const {
    workspace.fill(kX, static_cast<std::int64_t>(inputs()), 1);
    workspace.fill(kDy, static_cast<std::int64_t>(outputs()), 2);
  }
  void max_forward() {
    kernels::maxpool_forward(workspace.data(kY), argmax.data(), workspace.data(kX), examples,
                             shape);
  }
  void max_backward() {
    kernels::maxpool_backward(workspace.data(kY), workspace.data(kDy), argmax.data(), examples,
                              shape);
  }
  void average_forward() {
    kernels::avgpool_forward(workspace.data(kY), workspace.data(kX), examples, shape);
  }
  void average_backward() {
    kernels::avgpool_backward(workspace.data(kY), workspace.data(kDy), examples, shape);
  }
};

void check_max(Pool& pool) {
  pool.fill();
  std::vector<double> y(pool.outputs());
  std::vector<double> dx(pool.inputs());
  std::vector<std::uint8_t> argmax(pool.outputs());
  reference::maxpool_forward(y, argmax, pool.doubles(kX, pool.inputs()), pool.shape);
  reference::maxpool_backward(dx, pool.doubles(kDy, pool.outputs()), argmax, pool.shape);
  pool.max_forward();
  expect_close("maxpool_forward", pool.span(kY, pool.outputs()), y);
  pool.max_backward();
  expect_close("maxpool_backward", pool.span(kY, pool.inputs()), dx);
}

void check_average(Pool& pool) {
  pool.fill();
  std::vector<double> y(pool.outputs());
  std::vector<double> dx(pool.inputs());
  reference::avgpool_forward(y, pool.doubles(kX, pool.inputs()), pool.shape);
  reference::avgpool_backward(dx, pool.doubles(kDy, pool.outputs()), pool.shape);
  pool.average_forward();
  expect_close("avgpool_forward", pool.span(kY, pool.outputs()), y);
  pool.average_backward();
  expect_close("avgpool_backward", pool.span(kY, pool.inputs()), dx);
}

void add_pool(std::vector<KernelItem>& items, Workspace& workspace, std::int64_t examples,
              const PoolShape& shape) {
  const auto pool = std::make_shared<Pool>(Pool{workspace, examples, shape});
  if (pool->inputs() > workspace.size()) return;
  const double bytes = pool->input_bytes() + pool->output_bytes();
  const double places = pool->output_bytes() / sizeof(float);  // a byte for each maximum
  const auto add = [&](const std::string& name, double traffic, Mix mix, std::function<void()> run,
                       void (*check)(Pool&)) {
    items.push_back({.name = name,
                     .shape = pool->text(),
                     .traffic = {{mix, traffic}},
                     .working_set = traffic,
                     .run = std::move(run),
                     .check = [=] { check(*pool); }});
  };
  // Reading is three quarters of the way forward, writing of the way back.
  add(
      "maxpool_forward", bytes + places, Mix::read, [=] { pool->max_forward(); }, check_max);
  add(
      "maxpool_backward", bytes + places, Mix::write, [=] { pool->max_backward(); }, check_max);
  add(
      "avgpool_forward", bytes, Mix::read, [=] { pool->average_forward(); }, check_average);
  add(
      "avgpool_backward", bytes, Mix::write, [=] { pool->average_backward(); }, check_average);
}

}  // namespace

void add_pooling_items(std::vector<KernelItem>& items, Workspace& workspace) {
  add_pool(items, workspace, 32,
           {.height = 26, .width = 26, .channels = 32, .window = 2, .stride = 2});
  add_pool(items, workspace, 32,
           {.height = 32, .width = 32, .channels = 64, .window = 2, .stride = 2});
}

}  // namespace normlab::bench
