#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error_test.h"
#include "normlab/data/glyphs.h"
#include "normlab/kernels/isa.h"
#include "normlab/train/test_data.h"
#include "normlab/train/trial_runner.h"

namespace normlab {
namespace {

TEST(Precision, Bf16IsRefusedWhereTheMachineLacksIt) {
  EXPECT_THAT([] { check_precision(Precision::bf16, false); },
              throws_request("precision=bf16", "lacks AVX512-BF16", "use precision=float",
                             "normlab version"));
  EXPECT_NO_THROW(check_precision(Precision::bf16, true));
  EXPECT_NO_THROW(check_precision(Precision::float32, false));
}

TEST(Precision, IsCheckedBeforeATrial) {
  TrialSettings settings;
  settings.model = "flatten, linear 3";
  settings.precision = Precision::bf16;
  const Dataset data = make_test_data(30, 30);
  if (has_bf16()) {
    EXPECT_NO_THROW(check_trial(settings, data));
  } else {
    EXPECT_THROW(check_trial(settings, data), RequestError);
  }
}

TEST(Precision, Bf16LearnsAsWellAsFloat) {
  TrialSettings settings;
  settings.model = "flatten, linear 64, norm, relu, linear 64, norm, relu, linear 10";
  settings.epochs = 3;
  const Dataset data = draw_glyphs(1, 3000, 1000, 1);
  const TrialRecord exact = run_trial(settings, data, {});
  ASSERT_EQ(exact.status, TrialStatus::done);
  settings.precision = Precision::bf16;
  if (supported_isas().back() != Isa::avx512) {  // not even imitated
    EXPECT_THROW(run_trial(settings, data, {}), Error);
    return;
  }
  const TrialRecord rounded = run_trial(settings, data, {});
  ASSERT_EQ(rounded.status, TrialStatus::done);
  EXPECT_GT(exact.test->at("accuracy"), 0.8);
  // Two standard errors of a share of 1000 images.
  EXPECT_NEAR(rounded.test->at("accuracy"), exact.test->at("accuracy"), 0.025);
  EXPECT_NE(rounded.step_losses, exact.step_losses);
}

}  // namespace
}  // namespace normlab
