#include "normlab/store/store_ledger.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "normlab/lab/runner.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

class StoreLedgerTest : public testing::Test {
 protected:
  StoreLedgerTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              ("normlab_ledger_" + std::to_string(getpid()) + "_" + test->name());
    study_.arms.resize(1);
    for (const char* id : {"a", "b", "c", "d"}) study_.trials.push_back({id, 0, {}});
    for (Trial& trial : study_.trials) {
      trial.settings.model = "mlp-128-64";
      trial.settings.seed = static_cast<std::uint64_t>(trial.id[0]);
    }
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// Runs the study with a stand-in for training and says how many trials were trained.
  int run(bool force = false, int jobs = 2) {
    Store store(folder_, Database::Access::write);
    StoreLedger ledger(store, folder_, "{}", force);
    std::atomic<int> trained = 0;
    const Datasets datasets{{"glyphs", {}}};
    results_ =
        run_study(study_, datasets, {.jobs = jobs, .ledger = &ledger},
                  [&](const TrialSettings& settings, const Dataset&, const TrialContext& context) {
                    ++trained;
                    if (settings.seed == failing_seed_) throw std::runtime_error("no luck");
                    if (settings.seed == interrupted_seed_) throw Interrupted("stop");
                    std::ofstream(context.resume_path) << "state";
                    TrialRecord record;
                    record.steps = static_cast<std::int64_t>(settings.seed);
                    if (context.keep_predictions) record.predictions = Predictions{{1}, {0.5f}};
                    if (context.probe_interval > 0)
                      record.probe = ProbeRecord{.interval = context.probe_interval};
                    return record;
                  });
    return trained;
  }

  fs::path folder_;
  Study study_;
  std::uint64_t failing_seed_ = 0;
  std::uint64_t interrupted_seed_ = 0;
  std::vector<TrialResult> results_;
};

TEST_F(StoreLedgerTest, KeepsProbesAndPredictionsOutOfMemory) {
  run(false, 1);
  Store store(folder_, Database::Access::read);
  for (const TrialResult& result : results_) {
    EXPECT_FALSE(result.record.probe);
    EXPECT_FALSE(result.record.predictions);
    const bool lowest_seed = result.trial.id == "a";
    EXPECT_EQ(store.find_predictions(result.trial.id).has_value(), lowest_seed);
    EXPECT_EQ(store.find_probe(result.trial.id).has_value(), lowest_seed);
  }
}

TEST_F(StoreLedgerTest, AFinishedTrialWithoutAProbeIsTakenAsItIs) {
  for (Trial& trial : study_.trials) trial.settings.probe = 0;
  EXPECT_EQ(run(), 4);
  for (Trial& trial : study_.trials) trial.settings.probe = 7;
  EXPECT_EQ(run(), 0);
  EXPECT_FALSE(Store(folder_, Database::Access::read).find_probe("a"));
  EXPECT_EQ(run(true), 4);
  EXPECT_TRUE(Store(folder_, Database::Access::read).find_probe("a"));
}

TEST_F(StoreLedgerTest, TrainsNothingTwice) {
  EXPECT_EQ(run(), 4);
  EXPECT_EQ(run(), 0);
  ASSERT_EQ(results_.size(), 4u);
  EXPECT_EQ(results_[2].record.steps, 'c');
}

TEST_F(StoreLedgerTest, TrainsEverythingAgainWhenForced) {
  run();
  EXPECT_EQ(run(true), 4);
  EXPECT_EQ(run(true), 4);
  EXPECT_EQ(run(), 0);
}

TEST_F(StoreLedgerTest, TrainsAgainWhatFailedOrWasInterrupted) {
  failing_seed_ = 'b';
  interrupted_seed_ = 'c';
  EXPECT_EQ(run(), 4);
  EXPECT_EQ(results_.size(), 3u);
  failing_seed_ = 0;
  interrupted_seed_ = 0;
  EXPECT_EQ(run(), 2);
  EXPECT_EQ(results_.size(), 4u);
}

TEST_F(StoreLedgerTest, ForcedTrialsStartFromTheBeginning) {
  run();
  Store store(folder_, Database::Access::write);
  StoreLedger ledger(store, folder_, "{}", true);
  EXPECT_TRUE(fs::exists(ledger.resume_path(study_.trials[0])));
  ASSERT_TRUE(ledger.claim(study_.trials[0]));
  EXPECT_FALSE(fs::exists(ledger.resume_path(study_.trials[0])));
}

TEST_F(StoreLedgerTest, TwoStudiesAtOnceShareTheirTrials) {
  Store store(folder_, Database::Access::write);
  StoreLedger one(store, folder_, "{}", false);
  StoreLedger two(store, folder_, "{}", false);
  EXPECT_TRUE(one.claim(study_.trials[0]));
  EXPECT_FALSE(two.claim(study_.trials[0]));
  EXPECT_TRUE(two.claim(study_.trials[1]));
  one.finish({study_.trials[0], {}});
  EXPECT_TRUE(two.find_finished(study_.trials[0]));
}

}  // namespace
}  // namespace normlab
