#include "normlab/lab/setting_difference.h"

#include <gmock/gmock.h>

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TrialSettings with(NormKind norm, std::int64_t batch) {
  TrialSettings settings;
  settings.norm.kind = norm;
  settings.batch = batch;
  return settings;
}

TEST(SettingDifference, NamesTheKeysButNotTheSeed) {
  TrialSettings other = with(NormKind::none, 64);
  other.seed = 7;
  EXPECT_THAT(differing_keys(with(NormKind::none, 64), other), IsEmpty());
  EXPECT_THAT(differing_keys(with(NormKind::none, 64), with(NormKind::batch, 32)),
              ElementsAre("batch", "norm"));
}

TEST(SettingDifference, NormAloneAllowsTheNormsOwnSettings) {
  TrialSettings batch_norm = with(NormKind::batch, 64);
  batch_norm.norm.eps = 1e-3;
  EXPECT_TRUE(differ_in_norm_alone(with(NormKind::none, 64), batch_norm));
  EXPECT_FALSE(differ_in_norm_alone(with(NormKind::none, 32), batch_norm));
  EXPECT_FALSE(differ_in_norm_alone(with(NormKind::batch, 64), batch_norm)) << "the same kind";
}

}  // namespace
}  // namespace normlab
