#include "normlab/kernels/pooling.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "normlab/kernels/kernel_test.h"
#include "normlab/kernels/reference/pooling.h"

namespace normlab::kernels {
namespace {

constexpr std::int64_t kExamples = 2;

std::size_t to_size(std::int64_t value) {
  return static_cast<std::size_t>(value);
}

/// Windows that tile, leave a rest, overlap, leave gaps, and fill the image.
std::vector<PoolShape> shapes() {
  std::vector<PoolShape> all;
  for (const std::int64_t channels : {1, 3, 7, 8, 15, 16, 17, 33, 64, 100}) {
    all.push_back({4, 6, channels, 2, 2});
    all.push_back({5, 6, channels, 2, 2});
    all.push_back({4, 7, channels, 2, 2});
    all.push_back({7, 6, channels, 3, 2});
    all.push_back({7, 8, channels, 2, 3});
    all.push_back({5, 5, channels, 5, 1});
    all.push_back({3, 4, channels, 1, 1});
  }
  all.push_back({4, 4, 1000, 2, 2});
  all.push_back({16, 15, 3, 15, 1});
  return all;
}

/// Arrays of one shape, in float and in double.
struct Arrays {
  PoolShape shape;
  std::string test_case;
  Guarded<float> x;
  Guarded<float> y;
  Guarded<std::uint8_t> argmax;
  Guarded<float> dx;
  Guarded<float> dy;
  std::vector<double> y_expected;
  std::vector<std::uint8_t> argmax_expected;
  std::vector<double> dx_expected;

  Arrays(const PoolShape& s, std::int64_t misalignment)
      : shape(s),
        test_case(fmt::format("{}x{}x{}, window {}, stride {}, misalignment {}", s.height, s.width,
                              s.channels, s.window, s.stride, misalignment)),
        x(kExamples, s.input_size(), 0, misalignment),
        y(kExamples, s.output_size(), 0, misalignment),
        argmax(kExamples, s.output_size(), 0, misalignment),
        dx(kExamples, s.input_size(), 0, misalignment),
        dy(kExamples, s.output_size(), 0, misalignment),
        y_expected(to_size(kExamples * s.output_size())),
        argmax_expected(y_expected.size()),
        dx_expected(to_size(kExamples * s.input_size())) {
    x.assign(normal_values(kExamples * s.input_size(), 1));
    dy.assign(normal_values(kExamples * s.output_size(), 2));
    dx.assign(std::vector<float>(dx_expected.size(), std::numeric_limits<float>::quiet_NaN()));
  }
  void expect_intact() {
    for (Guarded<float>* values : {&x, &y, &dx, &dy}) values->expect_intact(test_case);
    argmax.expect_intact(test_case);
  }
};

template <class Check>
void for_each_shape(const Check& check) {
  for (const PoolShape& shape : shapes()) {
    for (const std::int64_t misalignment : {0, 1, 5}) {
      Arrays arrays(shape, misalignment);
      check(arrays);
      arrays.expect_intact();
    }
  }
}

const Tolerance kExact = {0, 0, "nothing is rounded"};

class PoolingTest : public KernelTest {};
INSTANTIATE_TEST_SUITE_P(Isas, PoolingTest, every_isa(), isa_name);

void run_maxpool_forward(Arrays& a) {
  maxpool_forward(a.y.data(), a.argmax.data(), a.x.data(), kExamples, a.shape);
  reference::maxpool_forward(a.y_expected, a.argmax_expected, to_double(a.x.values()), a.shape);
  EXPECT_EQ(a.argmax.values(), a.argmax_expected) << reproduction(a.test_case);
}

TEST_P(PoolingTest, MaxpoolIsAsTheReference) {
  for_each_shape([](Arrays& a) {
    run_maxpool_forward(a);
    expect_close<float>(a.y.values(), a.y_expected, kExact, a.test_case);
    maxpool_backward(a.dx.data(), a.dy.data(), a.argmax.data(), kExamples, a.shape);
    reference::maxpool_backward(a.dx_expected, to_double(a.dy.values()), a.argmax_expected,
                                a.shape);
    const bool overlaps = a.shape.stride < a.shape.window;
    expect_close<float>(a.dx.values(), a.dx_expected,
                        overlaps ? Tolerance{1e-6, 0, "at most nine numbers added up"} : kExact,
                        a.test_case);
  });
}

TEST_P(PoolingTest, FirstOfEqualMaximaWins) {
  for_each_shape([](Arrays& a) {
    for (std::int64_t i = 0; i < kExamples * a.shape.input_size(); ++i) {
      a.x.data()[i] = std::round(a.x.data()[i]);
    }
    run_maxpool_forward(a);
    expect_close<float>(a.y.values(), a.y_expected, kExact, a.test_case);
  });
}

TEST_P(PoolingTest, NanIsTheMaximum) {
  for_each_shape([](Arrays& a) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const std::vector<float> deviants = {std::numeric_limits<float>::quiet_NaN(), kInfinity,
                                         -kInfinity};
    for (std::int64_t i = 0; i < kExamples * a.shape.input_size(); i += 2) {
      a.x.data()[i] = deviants[to_size(i / 2 % 3)];
    }
    run_maxpool_forward(a);
    const std::vector<float> y = a.y.values();
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double expected = a.y_expected[i];
      ASSERT_TRUE(std::isnan(expected) ? std::isnan(y[i]) : static_cast<double>(y[i]) == expected)
          << y[i] << " at " << i << "\n  " << reproduction(a.test_case);
    }
  });
}

TEST_P(PoolingTest, AvgpoolIsAsTheReference) {
  for_each_shape([](Arrays& a) {
    avgpool_forward(a.y.data(), a.x.data(), kExamples, a.shape);
    reference::avgpool_forward(a.y_expected, to_double(a.x.values()), a.shape);
    const Tolerance sums = {1e-6, 0, "up to 225 numbers added up, the sum at most 50"};
    expect_close<float>(a.y.values(), a.y_expected, sums, a.test_case);
    avgpool_backward(a.dx.data(), a.dy.data(), kExamples, a.shape);
    reference::avgpool_backward(a.dx_expected, to_double(a.dy.values()), a.shape);
    expect_close<float>(a.dx.values(), a.dx_expected, sums, a.test_case);
  });
}

TEST_P(PoolingTest, GlobalAvgpoolIsAsTheReference) {
  for (const std::int64_t channels : {1, 3, 7, 8, 15, 16, 17, 33, 100, 1000}) {
    for (const std::int64_t positions : {1, 9, 128, 300}) {
      // Seen as one window over an image in one row.
      Arrays a({1, positions, channels, 1, positions}, channels % 3);
      global_avgpool_forward(a.y.data(), a.x.data(), kExamples, positions, channels);
      reference::global_avgpool_forward(a.y_expected, to_double(a.x.values()), positions, channels);
      expect_close<float>(a.y.values(), a.y_expected,
                          {1e-6, 0, "300 numbers added up, the sum at most 100"}, a.test_case);
      global_avgpool_backward(a.dx.data(), a.dy.data(), kExamples, positions, channels);
      reference::global_avgpool_backward(a.dx_expected, to_double(a.dy.values()), positions,
                                         channels);
      expect_close<float>(a.dx.values(), a.dx_expected,
                          {0, 2.5e-7, "1 / positions and the product, each rounded"}, a.test_case);
      a.expect_intact();
    }
  }
}

/// Checks dx against the slopes of sum(r * y) with a random r, for a forward(y, x).
template <class Forward>
void expect_slopes(const std::vector<double>& dx, std::vector<double> x,
                   const std::vector<double>& r, const Forward& forward) {
  const auto objective = [&] {
    std::vector<double> y(r.size());
    forward(y, x);
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) sum += r[i] * y[i];
    return sum;
  };
  std::vector<double> slopes;
  for (double& value : x) {
    constexpr double kStep = 1e-6;  // far below the distance of any two inputs
    value += kStep;
    const double above = objective();
    value -= 2 * kStep;
    slopes.push_back((above - objective()) / (2 * kStep));
    value += kStep;
  }
  expect_close<double>(dx, slopes, {1e-8, 0, "linear: rounding of the objective over the step"},
                       "");
}

TEST(PoolingReferenceTest, BackwardIsTheSlopeOfForward) {
  for (const PoolShape& shape :
       {PoolShape{4, 5, 3, 2, 2}, PoolShape{5, 5, 2, 3, 2}, PoolShape{5, 6, 2, 2, 3}}) {
    const auto x = to_double(normal_values(kExamples * shape.input_size(), 1));
    const auto r = to_double(normal_values(kExamples * shape.output_size(), 2));
    std::vector<std::uint8_t> argmax(r.size());
    std::vector<double> y(r.size());
    std::vector<double> dx(x.size());
    reference::maxpool_forward(y, argmax, x, shape);
    reference::maxpool_backward(dx, r, argmax, shape);
    expect_slopes(dx, x, r, [&](auto& out, const auto& in) {
      reference::maxpool_forward(out, argmax, in, shape);
    });
    reference::avgpool_backward(dx, r, shape);
    expect_slopes(dx, x, r,
                  [&](auto& out, const auto& in) { reference::avgpool_forward(out, in, shape); });
  }
  const auto x = to_double(normal_values(2 * 6 * 3, 1));
  const auto r = to_double(normal_values(2 * 3, 2));
  std::vector<double> dx(x.size());
  reference::global_avgpool_backward(dx, r, 6, 3);
  expect_slopes(dx, x, r, [](auto& out, const auto& in) {
    reference::global_avgpool_forward(out, in, 6, 3);
  });
}

}  // namespace
}  // namespace normlab::kernels
