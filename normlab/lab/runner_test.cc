#include "normlab/lab/runner.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error.h"
#include "normlab/lab/grid_study.h"

namespace normlab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Study study_of(const std::vector<std::string>& arguments) {
  return make_study(parse_grid("m", arguments),
                    [](const TrialSettings&) {
                      return TrialContents{.model = "linear 3, norm", .data = "", .init = ""};
                    })
      .study;
}

Datasets glyphs() {
  Datasets datasets;
  datasets["glyphs"].name = "glyphs";
  return datasets;
}

/// A trial whose outcome is known: its test loss is its seed.
TrialRecord known_outcome(const TrialSettings& settings) {
  TrialRecord record;
  record.steps = settings.steps;
  record.test = Evaluation{{"loss", static_cast<double>(settings.seed)}, {"accuracy", 1}};
  return record;
}

std::vector<double> losses(const std::vector<TrialResult>& results) {
  std::vector<double> losses;
  for (const TrialResult& result : results)
    losses.push_back(result.record.test ? result.record.test->at("loss") : -1);
  return losses;
}

/// Counts what it is told, from any thread.
class CountingObserver final : public StudyObserver {
 public:
  void on_trial_start(std::size_t trial) override { count(started, trial); }
  void on_step(std::size_t trial, std::int64_t, std::int64_t) override { count(steps, trial); }
  void on_epoch(std::size_t trial, const EpochRecord&, std::int64_t) override {
    count(epochs, trial);
  }
  void on_trial_end(std::size_t trial, const TrialRecord&) override { count(ended, trial); }
  void on_trial_reused(std::size_t trial, const TrialRecord&) override { count(reused, trial); }

  std::multiset<std::size_t> started, steps, epochs, ended, reused;

 private:
  void count(std::multiset<std::size_t>& events, std::size_t trial) {
    const std::lock_guard lock(mutex_);
    events.insert(trial);
  }
  std::mutex mutex_;
};

TEST(Runner, ResultsComeInTheOrderOfTrialsForAnyNumberOfJobs) {
  const Study study = study_of({"seed=1..20", "norm=none"});
  for (const int jobs : {1, 2, 3, 50}) {
    const auto results = run_study(
        study, glyphs(), {.jobs = jobs},
        [](const auto& settings, const auto&, const auto&) { return known_outcome(settings); });
    ASSERT_EQ(results.size(), 20u) << jobs;
    for (std::size_t i = 0; i < results.size(); ++i) {
      EXPECT_EQ(results[i].trial.id, study.trials[i].id) << jobs;
      EXPECT_EQ(results[i].record.test->at("loss"), static_cast<double>(i + 1)) << jobs;
    }
  }
}

/// The first trial ends only after all others have: with two jobs the second must do the rest.
TEST(Runner, ASlowTrialDoesNotHoldUpTheOthers) {
  std::mutex mutex;
  std::condition_variable ended;
  int others = 0;
  const auto train = [&](const TrialSettings& settings, const Dataset&, const TrialContext&) {
    std::unique_lock lock(mutex);
    if (settings.seed == 1) {
      ended.wait(lock, [&] { return others == 4; });
    } else {
      ++others;
      ended.notify_all();
    }
    return known_outcome(settings);
  };
  const auto results =
      run_study(study_of({"norm=none", "seed=1..5"}), glyphs(), {.jobs = 2}, train);
  EXPECT_THAT(losses(results), ElementsAre(1, 2, 3, 4, 5));
}

TEST(Runner, AFailedTrialIsAResultAndTheOthersGoOn) {
  const auto train = [](const TrialSettings& settings, const Dataset&, const TrialContext&) {
    if (settings.seed == 2) throw Error("no space left");
    return known_outcome(settings);
  };
  CountingObserver observer;
  const auto results =
      run_study(study_of({"norm=none", "seed=1..3"}), glyphs(), {.observer = &observer}, train);
  ASSERT_THAT(losses(results), ElementsAre(1, -1, 3));
  EXPECT_EQ(results[1].record.status, TrialStatus::failed);
  EXPECT_EQ(results[1].record.error, "no space left");
  EXPECT_EQ(results[0].record.status, TrialStatus::done);
  EXPECT_EQ(observer.ended, (std::multiset<std::size_t>{0, 1, 2}));
}

TEST(Runner, FailFastStartsNothingAfterAFailure) {
  const auto train = [](const TrialSettings& settings, const Dataset&, const TrialContext&) {
    if (settings.seed == 2) throw Error("no space left");
    return known_outcome(settings);
  };
  const auto results = run_study(study_of({"norm=none"}), glyphs(), {.fail_fast = true}, train);
  EXPECT_THAT(losses(results), ElementsAre(1, -1));
}

/// Trial 1 waits to be stopped, which only the failure of trial 2 can bring about.
TEST(Runner, FailFastStopsTrialsUnderWay) {
  const auto train = [](const TrialSettings& settings, const Dataset&,
                        const TrialContext& context) -> TrialRecord {
    if (settings.seed == 2) throw Error("no space left");
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait(lock, context.stop, [] { return false; });
    throw Interrupted("interrupted");
  };
  const auto results = run_study(study_of({"norm=none", "seed=1,2"}), glyphs(),
                                 {.jobs = 2, .fail_fast = true}, train);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].trial.settings.seed, 2u);
}

TEST(Runner, AStopKeepsWhatIsFinishedAndDropsTheRest) {
  std::stop_source stop;
  CountingObserver observer;
  const auto train = [&](const TrialSettings& settings, const Dataset&,
                         const TrialContext& context) {
    if (settings.seed == 3) stop.request_stop();
    if (context.stop.stop_requested()) throw Interrupted("interrupted");
    return known_outcome(settings);
  };
  const auto results = run_study(study_of({"norm=none"}), glyphs(),
                                 {.observer = &observer, .stop = stop.get_token()}, train);
  EXPECT_THAT(losses(results), ElementsAre(1, 2));
  EXPECT_EQ(observer.started, (std::multiset<std::size_t>{0, 1, 2}));
  EXPECT_EQ(observer.ended, (std::multiset<std::size_t>{0, 1}));
}

TEST(Runner, ATrialThatEndsDespiteAStopIsKept) {
  std::stop_source stop;
  const auto train = [&](const TrialSettings& settings, const Dataset&, const TrialContext&) {
    stop.request_stop();
    return known_outcome(settings);
  };
  EXPECT_THAT(
      losses(run_study(study_of({"norm=none"}), glyphs(), {.stop = stop.get_token()}, train)),
      ElementsAre(1));
}

TEST(Runner, AStopBeforeTheStartRunsNothing) {
  std::stop_source stop;
  stop.request_stop();
  const auto train = [](const TrialSettings& settings, const Dataset&, const TrialContext&) {
    return known_outcome(settings);
  };
  EXPECT_THAT(run_study(study_of({}), glyphs(), {.stop = stop.get_token()}, train), IsEmpty());
}

TEST(Runner, TellsEachTrialWhereItStands) {
  const Study study = study_of({"norm=none", "seed=1..2", "checkpoint=last,none"});
  std::map<std::string, TrialContext> contexts;
  CountingObserver observer;
  const auto train = [&](const TrialSettings& settings, const Dataset& data,
                         const TrialContext& context) {
    EXPECT_EQ(data.name, "glyphs");
    context.observer->on_step(1, 1);
    context.observer->on_epoch({}, 1);
    contexts[fmt::format("{} {}", settings.seed, settings.checkpoint == CheckpointPolicy::none)] =
        context;
    return known_outcome(settings);
  };
  run_study(study, glyphs(),
            {.threads = 3, .checkpoints = "runs/checkpoints", .observer = &observer}, train);
  ASSERT_EQ(contexts.size(), 4u);
  EXPECT_EQ(contexts["2 false"].threads, 3);
  EXPECT_EQ(contexts["2 false"].checkpoint_path,
            "runs/checkpoints/" + study.trials[1].id + ".safetensors");
  EXPECT_EQ(contexts["2 false"].checkpoint_metadata.at("normlab.trial"), study.trials[1].id);
  EXPECT_EQ(contexts["2 false"].checkpoint_metadata.at("normlab.settings.seed"), "2");
  EXPECT_EQ(contexts["1 true"].checkpoint_path, "");
  const std::multiset<std::size_t> all = {0, 1, 2, 3};
  EXPECT_EQ(observer.started, all);
  EXPECT_EQ(observer.steps, all);
  EXPECT_EQ(observer.epochs, all);
  EXPECT_EQ(observer.ended, all);
}

std::string describe(const TrialSettings& settings) {
  return fmt::format("{} {} {}", settings.norm.kind == NormKind::batch, settings.batch,
                     settings.seed);
}

/// Which trials' predictions are kept when those of the seeds in `diverging` diverge.
std::set<std::string> kept_predictions(const std::set<std::uint64_t>& diverging) {
  const auto train = [&](const TrialSettings& settings, const Dataset&,
                         const TrialContext& context) {
    TrialRecord record = known_outcome(settings);
    if (context.keep_predictions) record.predictions.emplace();
    if (diverging.contains(settings.seed)) record.status = TrialStatus::diverged;
    return record;
  };
  const auto results = run_study(
      study_of({"norm=none,batch", "batch=32,64", "seed=3,7,5", "probe=0"}), glyphs(), {}, train);
  std::set<std::string> kept;
  for (const TrialResult& result : results) {
    if (result.record.predictions) kept.insert(describe(result.trial.settings));
  }
  return kept;
}

TEST(Runner, KeepsPredictionsOfTheLowestSeedOfEachArmAlone) {
  EXPECT_THAT(kept_predictions({}),
              ElementsAre("false 32 3", "false 64 3", "true 32 3", "true 64 3"));
}

TEST(Runner, WhereTheLowestSeedDivergedTheLowestThatIsDoneHasPredictions) {
  EXPECT_THAT(kept_predictions({3, 7}),
              ElementsAre("false 32 5", "false 64 5", "true 32 5", "true 64 5"));
  EXPECT_THAT(kept_predictions({3, 5, 7}), IsEmpty());
  const auto kept = kept_predictions({3});
  EXPECT_TRUE(kept.contains("true 64 5")) << "7 was done before it";
}

/// A full disk meets every trial.
TEST(Runner, TellsOfAFileThatCannotBeWrittenOnceForEachKind) {
  class Warnings final : public StudyObserver {
   public:
    void on_trial_start(std::size_t) override {}
    void on_step(std::size_t, std::int64_t, std::int64_t) override {}
    void on_epoch(std::size_t, const EpochRecord&, std::int64_t) override {}
    void on_trial_end(std::size_t, const TrialRecord&) override {}
    void on_trial_reused(std::size_t, const TrialRecord&) override {}
    void on_warning(const std::string& warning) override {
      const std::lock_guard lock(mutex_);
      warnings.push_back(warning);
    }
    std::vector<std::string> warnings;

   private:
    std::mutex mutex_;
  } observer;
  const auto train = [](const TrialSettings& settings, const Dataset&,
                        const TrialContext& context) {
    context.observer->on_unwritten(TrialFile::state, "no room for the state");
    context.observer->on_unwritten(TrialFile::checkpoint, "no room for weights");
    return known_outcome(settings);
  };
  const auto results =
      run_study(study_of({"seed=1..9"}), glyphs(), {.jobs = 2, .observer = &observer}, train);
  EXPECT_EQ(results.size(), 18u);
  EXPECT_THAT(observer.warnings,
              testing::UnorderedElementsAre(testing::StartsWith("no room for the state; "),
                                            testing::StartsWith("no room for weights; ")));
}

TEST(Runner, ProbesTheLowestSeedOfEachArmAsItsSettingSays) {
  const Study study = study_of({"norm=none,batch", "batch=32,64", "seed=7,3,5", "probe=20"});
  std::mutex mutex;
  std::set<std::string> probed;
  const auto train = [&](const TrialSettings& settings, const Dataset&,
                         const TrialContext& context) {
    if (context.probe_interval != 0) {
      const std::lock_guard lock(mutex);
      EXPECT_EQ(context.probe_interval, 20);
      probed.insert(describe(settings));
    }
    return known_outcome(settings);
  };
  run_study(study, glyphs(), {.jobs = 2}, train);
  EXPECT_THAT(probed, ElementsAre("false 32 3", "false 64 3", "true 32 3", "true 64 3"));
  probed.clear();
  run_study(study_of({"probe=0"}), glyphs(), {}, train);
  EXPECT_THAT(probed, IsEmpty());
}

TEST(LoadDatasets, LoadsEachOnce) {
  std::vector<std::string> loaded;
  const std::vector<std::string> names = {"mnist", "glyphs", "mnist"};
  const Datasets datasets = load_datasets(names, [&](const std::string& name) {
    loaded.push_back(name);
    Dataset dataset;
    dataset.name = name;
    return dataset;
  });
  EXPECT_THAT(loaded, ElementsAre("mnist", "glyphs"));
  EXPECT_EQ(datasets.at("mnist").name, "mnist");
}

TEST(CheckStudy, NamesTheArmThatCannotRun) {
  const auto check = [](const TrialSettings& settings, const Dataset&) {
    if (settings.batch == 1 && settings.norm.kind == NormKind::batch) fail("a batch of one");
    return std::vector<std::string>{};
  };
  const auto error_of = [&](const std::vector<std::string>& arguments) -> std::string {
    try {
      check_study(study_of(arguments), glyphs(), check);
    } catch (const RequestError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(error_of({"batch=2"}), "no error");
  EXPECT_EQ(error_of({"batch=1"}), "norm=batch: a batch of one");
  EXPECT_EQ(error_of({"batch=1", "norm=batch"}), "a batch of one");
}

TEST(CheckStudy, SaysOnceWhatThereIsToSay) {
  const auto check = [](const TrialSettings& settings, const Dataset&) {
    std::vector<std::string> notes = {"all"};
    if (settings.norm.kind == NormKind::batch) notes.push_back("batch");
    return notes;
  };
  EXPECT_THAT(check_study(study_of({}), glyphs(), check), ElementsAre("all", "batch"));
}

}  // namespace
}  // namespace normlab
