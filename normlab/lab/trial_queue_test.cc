#include "normlab/lab/trial_queue.h"

#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace normlab {
namespace {

using testing::ElementsAre;

Study make_study_of(std::size_t trials) {
  Study study;
  study.arms.resize(1);
  for (std::size_t i = 0; i < trials; ++i) study.trials.push_back({fmt::format("t{}", i), 0, {}});
  return study;
}

/// In memory; `foreign` trials are claimed by somebody else.
class FakeLedger : public TrialLedger {
 public:
  std::optional<TrialRecord> find_finished(const Trial& trial) override {
    const std::scoped_lock lock(mutex);
    const auto found = finished.find(trial.id);
    return found == finished.end() ? std::nullopt : std::optional(found->second);
  }
  bool claim(const Trial& trial) override {
    const std::scoped_lock lock(mutex);
    return !foreign.contains(trial.id) && claimed.insert(trial.id).second;
  }
  void finish(const TrialResult& result) override {
    const std::scoped_lock lock(mutex);
    finished[result.trial.id] = result.record;
    claimed.erase(result.trial.id);
  }
  void abandon(const Trial& trial) override {
    const std::scoped_lock lock(mutex);
    claimed.erase(trial.id);
  }
  std::string resume_path(const Trial&) override { return {}; }

  std::mutex mutex;
  std::map<std::string, TrialRecord> finished;
  std::set<std::string> claimed;
  std::set<std::string> foreign;
};

std::vector<std::size_t> take_all(TrialQueue& queue) {
  std::vector<std::size_t> order;
  while (const auto turn = queue.next({})) order.push_back(turn->trial);
  return order;
}

TEST(TrialQueue, KeepsTheStudysOrder) {
  const Study study = make_study_of(3);
  TrialQueue queue(study, {});
  EXPECT_THAT(take_all(queue), ElementsAre(0, 1, 2));
}

TEST(TrialQueue, StartsTheLongestFirst) {
  const Study study = make_study_of(4);
  const std::map<std::string, double> costs{{"t0", 1}, {"t1", 3}, {"t2", 3}, {"t3", 9}};
  TrialQueue queue(study, {.needs = [&](const Trial& trial) -> TrialNeeds {
                     return {.cost = costs.at(trial.id)};
                   }});
  EXPECT_THAT(take_all(queue), ElementsAre(3, 1, 2, 0));
}

TEST(TrialQueue, ALargeTrialWaitsUntilThereIsRoomWhileSmallOnesGoOn) {
  const Study study = make_study_of(4);
  const std::map<std::string, std::int64_t> bytes{{"t0", 60}, {"t1", 50}, {"t2", 30}, {"t3", 500}};
  TrialQueue queue(study, {.needs = [&](const Trial& trial) -> TrialNeeds {
                             return {.bytes = bytes.at(trial.id)};
                           },
                           .memory = 100});
  EXPECT_EQ(queue.next({})->trial, 0u);
  EXPECT_EQ(queue.next({})->trial, 2u) << "50 bytes more than 60 do not fit, 30 do";
  const std::jthread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    queue.end_turn(0);
  });
  EXPECT_EQ(queue.next({})->trial, 1u);
  queue.end_turn(2);
  queue.end_turn(1);
  EXPECT_EQ(queue.next({})->trial, 3u) << "more than the limit, but alone";
}

TEST(TrialQueue, GivesOutWhatIsFinishedWithItsResult) {
  const Study study = make_study_of(2);
  FakeLedger ledger;
  ledger.finished["t0"].steps = 77;
  TrialQueue queue(study, {.ledger = &ledger});
  const auto first = queue.next({});
  ASSERT_TRUE(first && first->finished);
  EXPECT_EQ(first->finished->steps, 77);
  const auto second = queue.next({});
  EXPECT_TRUE(second && !second->finished);
  EXPECT_THAT(ledger.claimed, ElementsAre("t1"));
}

TEST(TrialQueue, TurnsToOthersFirstAndWaitsForTheResultOfAForeignTrial) {
  const Study study = make_study_of(2);
  FakeLedger ledger;
  ledger.foreign = {"t0"};
  TrialQueue queue(study, {.ledger = &ledger});
  EXPECT_EQ(queue.next({})->trial, 1u);
  const std::jthread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    ledger.finish({study.trials[0], {}});
  });
  const auto turn = queue.next({});
  EXPECT_EQ(turn->trial, 0u);
  EXPECT_TRUE(turn->finished);
  EXPECT_FALSE(queue.next({}));
}

TEST(TrialQueue, TakesOverATrialThatSomebodyGaveUp) {
  const Study study = make_study_of(1);
  FakeLedger ledger;
  ledger.foreign = {"t0"};
  TrialQueue queue(study, {.ledger = &ledger});
  const std::jthread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    const std::scoped_lock lock(ledger.mutex);
    ledger.foreign.clear();
  });
  const auto turn = queue.next({});
  ASSERT_TRUE(turn);
  EXPECT_FALSE(turn->finished);
}

TEST(TrialQueue, EndsWhenStopped) {
  const Study study = make_study_of(1);
  FakeLedger ledger;
  ledger.foreign = {"t0"};
  TrialQueue queue(study, {.ledger = &ledger});
  std::stop_source source;
  const std::jthread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    source.request_stop();
  });
  EXPECT_FALSE(queue.next(source.get_token()));
}

}  // namespace
}  // namespace normlab
