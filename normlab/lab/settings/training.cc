#include <vector>

#include "normlab/lab/settings/groups.h"
#include "normlab/lab/settings/idle.h"
#include "normlab/lab/settings/ranges.h"
#include "normlab/lab/settings_rows.h"

namespace normlab {
namespace {

using settings_rows::choice;
using settings_rows::Choice;
using settings_rows::flag;
using settings_rows::Group;
using settings_rows::whole;

void add_precision(Group& group) {
  const std::vector<Choice<Precision>> precisions = {{"float", Precision::float32},
                                                     {"bf16", Precision::bf16}};
  group
      .add(choice(
          "precision", precisions, [](auto& s) -> auto& { return s.precision; }))
      .help(
          "What linear layers multiply, forward and backward: floats, or floats rounded to bf16 "
          "(8 significant bits), added up in float. Weights are kept and updated in float, and "
          "all else is float, convolutions too. bf16 needs a processor with AVX512-BF16.")
      .aliases({"dtype", "amp", "autocast", "mixed_precision"})
      .foreign_words({{"float32", "float"},
                      {"fp32", "float"},
                      {"32", "float"},
                      {"bfloat16", "bf16"},
                      {"mixed", "bf16"},
                      {"mixed_bfloat16", "bf16"}})
      .idle(idle::unless_linear);
}

void add_what_is_measured_and_kept(Group& group) {
  const std::vector<Choice<CheckpointPolicy>> policies = {{"none", CheckpointPolicy::none},
                                                          {"last", CheckpointPolicy::last},
                                                          {"best", CheckpointPolicy::best}};
  group
      .add(choice(
          "checkpoint", policies, [](auto& s) -> auto& { return s.checkpoint; }))
      .help(
          "Which weights a trial leaves in the runs folder: none, those of its end, or those of "
          "the epoch with the best validation accuracy.");
  group
      .add(flag(
          "eval_flip", [](auto& s) -> auto& { return s.eval_flip; }))
      .help(
          "Whether validation and test images are looked at twice, as they are and mirrored left "
          "to right, and the two answers (logits) averaged. Training is not changed by it; "
          "evaluation takes twice as long.")
      .aliases({"tta", "flip_eval", "test_time_augmentation"})
      .introduced_with("false");
  group
      .add(whole(
          "probe", {.low = 0, .high = 1'000'000'000}, [](auto& s) -> auto& { return s.probe; }))
      .help(
          "In the first seed of every arm, the inside of the network is looked at every so many "
          "steps, on a batch of validation images: pre-activations, gradients, batch and running "
          "statistics, for the report. Training is not changed by it; 0: never.")
      .outside_ids();
}

}  // namespace

SettingGroup training_settings() {
  Group group("Training");
  group
      .add(whole(
          "batch", {.low = 1, .high = ranges::kMany}, [](auto& s) -> auto& { return s.batch; }))
      .help("Examples per optimizer step.")
      .aliases({"batch_size", "batchsize", "bs"});
  const std::vector<Choice<Tail>> tails = {
      {"keep", Tail::keep}, {"drop", Tail::drop}, {"merge", Tail::merge}, {"wrap", Tail::wrap}};
  group
      .add(choice(
          "tail", tails, [](auto& s) -> auto& { return s.tail; }))
      .help(
          "The last batch of an epoch when the batch size does not divide the data: kept short, "
          "dropped, merged into the one before, or filled up from the epoch's start.");
  group
      .add(whole(
          "epochs", {.low = 1, .high = ranges::kMany}, [](auto& s) -> auto& { return s.epochs; }))
      .help("Times the training images are gone through.")
      .idle(idle::unless_epochs_decide);
  group
      .add(whole(
          "steps", {.low = 0, .high = 1'000'000'000}, [](auto& s) -> auto& { return s.steps; }))
      .help(
          "Ends the trial after so many optimizer steps instead of after 'epochs'; 0: epochs "
          "decide.");
  group
      .add(whole(
          "patience", {.low = 0, .high = ranges::kMany},
          [](auto& s) -> auto& { return s.patience; }))
      .help(
          "Ends the trial after so many epochs in a row without a better validation accuracy "
          "than before them; 0: never. Results are then those of its last epoch (checkpoint=best "
          "keeps the best one's weights), and the schedule of the learning rate is cut off "
          "there. With validation=test it is the test images that end it.")
      .aliases({"early_stopping", "early_stop"})
      .introduced_with("0");
  group
      .add(whole(
          "seed", {.low = 0, .high = ranges::kLargestSeed},
          [](auto& s) -> auto& { return s.seed; }))
      .help("Fixes initial weights, data order, split and dropout. Arms are compared seed by seed.")
      .aliases({"seeds", "random_state"});
  add_precision(group);
  add_what_is_measured_and_kept(group);
  return group.take();
}

}  // namespace normlab
