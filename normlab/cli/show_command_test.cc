#include "normlab/cli/show_command.h"

#include <gmock/gmock.h>

#include "normlab/cli/stored_study_test.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

class ShowCommand : public StoredStudyTest {
 protected:
  std::string show(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "show");
    return run(add_show_command, arguments);
  }
};

TEST_F(ShowCommand, ShowsAStudyByNameOrId) {
  const std::string text = show({"mlp-128-64"});
  EXPECT_THAT(text, StartsWith("mlp-128-64 (study 5eed00000001), started 2"));
  EXPECT_THAT(text, HasSubstr("\nnormlab run mlp-128-64 seed=1..5 --runs " + folder_.string() +
                              "\ndata glyphs (synthetic): 48,000 examples to train, 12,000 to "
                              "validate, 10,000 to test\n"));
  EXPECT_THAT(text, HasSubstr("\na0   norm=none (the baseline)\na1   norm=batch\n"));
  EXPECT_THAT(text, HasSubstr("\nt0-1   norm=none      1  done           3"));
  EXPECT_THAT(text, HasSubstr("at step 901, first in 1: linear 128\n"));
  EXPECT_THAT(text, HasSubstr("\nt1-5   norm=batch     5  not run\n"));
  EXPECT_EQ(show({"5eed"}), text);
}

TEST_F(ShowCommand, ShowsATrial) {
  const std::string text = show({"t1-1"});
  EXPECT_THAT(text, StartsWith("trial t1-1: done\n2,250 steps in 0:01"));
  EXPECT_THAT(text, HasSubstr("\n  norm=batch\n"));
  EXPECT_THAT(text, HasSubstr("\n  seed=1\n"));
  EXPECT_THAT(text, HasSubstr("\nenvironment\n  processor: abacus\n  threads: 2\n"));
  EXPECT_THAT(text, HasSubstr("validation accuracy, %  seconds\n    1    750"));
  EXPECT_THAT(show({"t0-2"}),
              StartsWith("trial t0-2: diverged at step 901, first in 1: linear 128\n"));
}

TEST_F(ShowCommand, TellsWhatAProbeTook) {
  TrialResult probed = mock_.results.back();
  probed.record.train_seconds = 2;
  probed.record.probe = ProbeRecord{.interval = 100, .seconds = 0.05};
  probed.record.probe->steps = {0, 100, 137};
  Store(folder_, Database::Access::write).save_trial(probed, "{}");
  EXPECT_THAT(show({probed.trial.id}),
              HasSubstr("probed at 3 steps, which took 2.5 % of the training's time\n"));
}

TEST_F(ShowCommand, PrintsASeries) {
  EXPECT_EQ(show({"t0-1", "--series", "train_loss"}), "step,value\n1,2.5\n2,0.1\n");
  EXPECT_THAT(([&] {
                show({"t0-1", "--series", "loss"});
              }),
              ThrowsMessage<RequestError>(HasSubstr("no series 'loss': there is train_loss")));
  EXPECT_THAT(([&] {
                show({"mlp-128-64", "--series", "train_loss"});
              }),
              ThrowsMessage<RequestError>(HasSubstr("no trial 'mlp-128-64'")));
}

// The folder was moved since: the path in the record leads nowhere.
TEST_F(ShowCommand, CopiesTheWeights) {
  std::filesystem::create_directories(folder_ / "checkpoints");
  const std::string bytes("weights\0\n", 9);
  std::ofstream(folder_ / "checkpoints/t0-1.safetensors", std::ios::binary) << bytes;
  const std::filesystem::path copy = folder_ / "copy.safetensors";
  EXPECT_EQ(show({"t0-1", "--checkpoint", copy.string()}), "");
  EXPECT_EQ(read(copy), bytes);
}

TEST_F(ShowCommand, SaysThatThereAreNoWeights) {
  const std::filesystem::path copy = folder_ / "copy.safetensors";
  EXPECT_THAT(([&] {
                show({"t0-3", "--checkpoint", copy.string()});
              }),
              ThrowsMessage<RequestError>(
                  "trial t0-3 kept no weights; to train it with them: normlab run mlp-128-64 "
                  "norm=none seed=3 checkpoint=last --runs " +
                  folder_.string()));
  EXPECT_THAT(([&] {
                show({"t0-1", "--checkpoint", copy.string()});
              }),
              ThrowsMessage<Error>(AllOf(HasSubstr("cannot read"), HasSubstr("t0-1.safetensors"))));
  EXPECT_FALSE(std::filesystem::exists(copy));
}

TEST_F(ShowCommand, AWordThatFitsSeveralIsRefused) {
  EXPECT_THAT(([&] { show({"t1"}); }),
              ThrowsMessage<RequestError>(
                  "several trials begin with 't1'; give more of the id:\n"
                  "  t1-1  mlp-128-64 norm=batch seed=1\n  t1-2  mlp-128-64 norm=batch seed=2\n"
                  "  t1-3  mlp-128-64 norm=batch seed=3\n  t1-4  mlp-128-64 norm=batch seed=4"));
  StoredStudy other = stored_;
  other.study.id = "t1-1f";
  other.study.name = "other";
  Store(folder_, Database::Access::write).save_study(other);
  EXPECT_THAT(([&] { show({"t1-1"}); }),
              ThrowsMessage<RequestError>(
                  "'t1-1' begins the id of study t1-1f and of trial t1-1; give more of it"));
  EXPECT_THAT(show({"t1-1f"}), StartsWith("other (study t1-1f)"));
  EXPECT_THAT(show({"t1-2"}), StartsWith("trial t1-2"));
  EXPECT_THAT(show({"other"}), StartsWith("other (study t1-1f)"));
  EXPECT_EQ(messages_, "");
}

TEST_F(ShowCommand, SaysWhichOfSeveralStudiesOfAName) {
  StoredStudy other = stored_;
  other.study.id = "0the00000002";
  for (Arm& arm : other.study.arms) arm.settings.optimizer.lr = 0.5;
  Store(folder_, Database::Access::write).save_study(other);
  EXPECT_THAT(show({"mlp-128-64"}), StartsWith("mlp-128-64 (study 0the00000002)"));
  EXPECT_EQ(messages_,
            "normlab: 2 studies are called mlp-128-64: this is the latest, 0the00000002 "
            "(lr=0.5). 'normlab list --runs " +
                folder_.string() + "' tells them apart\n");
  show({"5eed00000001"});
  EXPECT_EQ(messages_, "");
}

TEST_F(ShowCommand, NamesTheNearestStudy) {
  EXPECT_THAT(([&] { show({"mlp-128-46"}); }),
              ThrowsMessage<RequestError>(HasSubstr("did you mean 'mlp-128-64'?")));
}

}  // namespace
}  // namespace normlab
