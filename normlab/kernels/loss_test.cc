#include "normlab/kernels/loss.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "normlab/kernels/kernel_test.h"
#include "normlab/kernels/reference/loss.h"

namespace normlab::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

std::vector<Label> some_labels(std::int64_t rows, std::int64_t classes) {
  std::vector<Label> labels;
  for (std::int64_t r = 0; r < rows; ++r) {
    labels.push_back(static_cast<Label>((r * 37 + 1) % classes));
  }
  return labels;
}

struct Case {
  std::int64_t rows = 1;
  std::int64_t classes = 2;
  float smoothing = 0;
  std::int64_t gap = 0;  ///< unused values between rows
  std::int64_t misalignment = 0;
  double sd = 1;  ///< of the logits

  std::string text() const {
    return fmt::format("{}x{}, smoothing {}, gap {}, misalignment {}, sd {}", rows, classes,
                       smoothing, gap, misalignment, sd);
  }
};

void expect_as_reference(const Case& c) {
  Guarded<float> logits(c.rows, c.classes, c.classes + c.gap, c.misalignment);
  Guarded<float> gradient(c.rows, c.classes, c.classes + c.gap, c.misalignment);
  logits.assign(normal_values(c.rows * c.classes, 1, 0, c.sd));
  const std::vector<Label> labels = some_labels(c.rows, c.classes);
  const float scale = 0.5f;
  std::vector<double> expected(static_cast<std::size_t>(c.rows * c.classes));
  const LossSums sums = reference::softmax_cross_entropy(expected, to_double(logits.values()),
                                                         labels, c.smoothing, scale);
  const auto expect_sums = [&](const LossSums& actual, const std::string& form) {
    const double row_error = 4e-7 * (1 + c.sd * 8) * static_cast<double>(c.rows);
    expect_close<double>(
        std::vector{actual.loss}, std::vector{sums.loss},
        {row_error, 1e-6, "float rounding of each row's sum and of its largest difference"},
        form + c.text());
    EXPECT_EQ(actual.correct, sums.correct) << reproduction(form + c.text());
  };
  const Tolerance close = {3e-7, 1e-6, "exp to 1 ulp of differences that are rounded once"};

  expect_sums(softmax_cross_entropy({}, logits.matrix(), labels, c.smoothing, scale),
              "no gradient ");
  expect_sums(softmax_cross_entropy(gradient.matrix(), logits.matrix(), labels, c.smoothing, scale),
              "");
  expect_close<float>(gradient.values(), expected, close, c.text());
  const std::vector<float> separate = gradient.values();
  expect_sums(softmax_cross_entropy(logits.matrix(), logits.matrix(), labels, c.smoothing, scale),
              "in place ");
  EXPECT_EQ(logits.values(), separate) << reproduction("in place " + c.text());
  logits.expect_intact(c.text());
  gradient.expect_intact(c.text());
}

class LossTest : public KernelTest {};
INSTANTIATE_TEST_SUITE_P(Isas, LossTest, every_isa(), isa_name);

TEST_P(LossTest, IsAsTheReference) {
  for (const std::int64_t classes : {2, 3, 7, 8, 10, 15, 16, 17, 33, 100, 256, 1000}) {
    for (const std::int64_t rows : {1, 3, 130}) {
      for (const float smoothing : {0.0f, 0.1f}) {
        expect_as_reference({.rows = rows, .classes = classes, .smoothing = smoothing});
      }
    }
    expect_as_reference({.rows = 5, .classes = classes, .gap = 3, .misalignment = 1});
  }
}

TEST_P(LossTest, LargeLogitsDoNotOverflow) {
  for (const double sd : {30.0, 1e4, 1e8}) {
    expect_as_reference({.rows = 70, .classes = 10, .sd = sd});
  }
}

TEST_P(LossTest, EqualLogitsCountForTheFirst) {
  for (const std::int64_t classes : {2, 10, 33, 100}) {
    std::vector<float> row(static_cast<std::size_t>(classes), 1.0f);
    for (const Label label : {Label{0}, Label{1}}) {
      const ConstMatrix logits{row.data(), 1, classes, classes};
      const LossSums sums = softmax_cross_entropy({}, logits, std::vector{label}, 0, 1);
      EXPECT_EQ(sums.correct, label == 0 ? 1 : 0) << reproduction(fmt::format("{}", classes));
      EXPECT_NEAR(sums.loss, std::log(static_cast<double>(classes)), 1e-6);
    }
  }
}

TEST_P(LossTest, NonFiniteLogitMakesTheLossNonFinite) {
  for (const std::int64_t classes : {2, 10, 16, 37, 100}) {
    for (const float bad : {kNan, kInfinity, -kInfinity}) {
      for (std::int64_t place = 0; place < classes; ++place) {
        for (const Label label : {Label{0}, Label{1}}) {
          const std::string test_case =
              fmt::format("{} at {} of {}, label {}", bad, place, classes, label);
          std::vector<float> logits = normal_values(classes, 1);
          logits[static_cast<std::size_t>(place)] = bad;
          const Matrix matrix{logits.data(), 1, classes, classes};
          std::vector<double> ignored(logits.size());
          const LossSums expected = reference::softmax_cross_entropy(ignored, to_double(logits),
                                                                     std::vector{label}, 0, 1);
          const LossSums sums = softmax_cross_entropy(matrix, matrix, std::vector{label}, 0, 1);
          EXPECT_FALSE(std::isfinite(sums.loss)) << reproduction(test_case);
          EXPECT_EQ(sums.correct, expected.correct) << reproduction(test_case);
          for (const float g : logits) EXPECT_FALSE(std::isfinite(g)) << reproduction(test_case);
        }
      }
    }
  }
}

TEST_P(LossTest, OtherRowsKeepTheirGradients) {
  std::vector<float> logits = normal_values(3 * 10, 1);
  std::vector<float> spoilt = logits;
  spoilt[14] = kNan;
  const std::vector<Label> labels = {1, 2, 3};
  for (std::vector<float>* values : {&logits, &spoilt}) {
    const Matrix matrix{values->data(), 3, 10, 10};
    softmax_cross_entropy(matrix, matrix, labels, 0, 1);
  }
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (i / 10 != 1) {
      EXPECT_EQ(logits[i], spoilt[i]);
    }
  }
}

TEST(LossReferenceTest, GradientIsTheSlopeOfTheLoss) {
  constexpr std::size_t kClasses = 5;
  const std::vector<Label> labels = {0, 4, 2};
  std::vector<double> logits = to_double(normal_values(3 * kClasses, 1, 0, 2));
  for (const double smoothing : {0.0, 0.2}) {
    std::vector<double> gradient(logits.size());
    std::vector<double> ignored(logits.size());
    const auto loss = [&] {
      return reference::softmax_cross_entropy(ignored, logits, labels, smoothing, 1).loss;
    };
    reference::softmax_cross_entropy(gradient, logits, labels, smoothing, 0.25);
    std::vector<double> slopes;
    for (double& z : logits) {
      constexpr double kStep = 1e-5;
      z += kStep;
      const double above = loss();
      z -= 2 * kStep;
      slopes.push_back(0.25 * (above - loss()) / (2 * kStep));
      z += kStep;
    }
    expect_close<double>(gradient, slopes, {1e-9, 1e-8, "central differences: step^2, 1e-16/step"},
                         fmt::format("smoothing {}", smoothing));
  }
}

TEST(LossReferenceTest, IsPyTorchs) {
  // torch.nn.functional.cross_entropy(x, torch.tensor([2, 0]), reduction="sum", label_smoothing=s)
  // for x = torch.tensor([[0.5, -1.0, 2.0], [3.0, 0.25, -0.75]], dtype=torch.float64)
  const std::vector<double> logits = {0.5, -1.0, 2.0, 3.0, 0.25, -0.75};
  const std::vector<Label> labels = {2, 0};
  std::vector<double> gradient(6);
  EXPECT_NEAR(reference::softmax_cross_entropy(gradient, logits, labels, 0, 1).loss,
              0.32514276289293903, 1e-12);
  EXPECT_NEAR(reference::softmax_cross_entropy(gradient, logits, labels, 0.25, 1).loss,
              1.2418094295596056, 1e-12);
}

}  // namespace
}  // namespace normlab::kernels
