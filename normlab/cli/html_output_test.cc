#include "normlab/cli/html_output.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/cli/stored_study_test.h"

namespace normlab {
namespace {

using testing::ElementsAre;

class InsightsTest : public StoredStudyTest {
 protected:
  void save(std::size_t arm, std::uint64_t seed, bool probe, bool predictions) {
    Store store(folder_, Database::Access::write);
    for (TrialResult result : mock_.results) {
      if (result.trial.arm != arm || result.trial.settings.seed != seed) continue;
      if (probe) result.record.probe = ProbeRecord{.interval = 100};
      if (predictions) result.record.predictions = Predictions{{1}, {0.5f}};
      store.save_trial(result, "{}");
    }
  }
};

TEST_F(InsightsTest, AreThoseOfEachArmsFirstFinishedTrialThatHasThem) {
  save(0, 2, true, false);  // diverged
  save(0, 3, true, true);
  save(0, 4, true, true);
  save(1, 1, false, true);
  save(1, 2, true, true);
  Store store(folder_, Database::Access::read);
  std::vector<TrialResult> results = store.results(stored_.study);
  add_insights(store, results);
  std::vector<std::string> probes, predictions;
  for (const TrialResult& result : results) {
    const auto name = fmt::format("{}.{}", result.trial.arm, result.trial.settings.seed);
    if (result.record.probe) probes.push_back(name);
    if (result.record.predictions) predictions.push_back(name);
  }
  EXPECT_THAT(probes, ElementsAre("0.3", "1.2"));
  EXPECT_THAT(predictions, ElementsAre("0.3", "1.1"));
}

TEST_F(InsightsTest, OfADivergedTrialAreBetterThanNone) {
  save(0, 2, true, false);
  Store store(folder_, Database::Access::read);
  std::vector<TrialResult> results = store.results(stored_.study);
  add_insights(store, results);
  EXPECT_TRUE(results[1].record.probe);
  EXPECT_EQ(results[1].trial.settings.seed, 2u);
}

}  // namespace
}  // namespace normlab
