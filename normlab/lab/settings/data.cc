#include <vector>

#include "normlab/lab/settings/groups.h"
#include "normlab/lab/settings/ranges.h"
#include "normlab/lab/settings_parsers.h"
#include "normlab/lab/settings_rows.h"

namespace normlab {
namespace {

using settings_rows::choice;
using settings_rows::Choice;
using settings_rows::flag;
using settings_rows::Group;
using settings_rows::number_or_word;
using settings_rows::text;
using settings_rows::whole;

}  // namespace

SettingGroup data_settings() {
  Group group("Model and data");
  group
      .add(text(
          "model", [](auto& s) -> auto& { return s.model; },
          "a model's name, a .toml file or a list of layers"))
      .help(
          "The network: a name ('mlp-128-64'), a model file, or its layers ('flatten, linear "
          "10'). Usually given without 'model='; to compare models, write "
          "model=mlp-128-64,cnn-32.")
      .aliases({"net", "network", "arch"});
  group
      .add(text(
          "data", [](auto& s) -> auto& { return s.data; }, "a data set's name or a folder"))
      .help(
          "The data set: a name ('normlab data list') or a folder that holds one. --data X is "
          "short for data=X.")
      .aliases({"dataset", "data_set"});
  const std::vector<Choice<InputScale>> scales = {{"-1..1", InputScale::minus_one_to_one},
                                                  {"0..1", InputScale::zero_to_one},
                                                  {"standardize", InputScale::standardize}};
  group
      .add(choice(
          "input_scale", scales, [](auto& s) -> auto& { return s.input_scale; }))
      .help(
          "What bytes become: numbers from -1 to 1, from 0 to 1, or numbers with mean 0 and "
          "variance 1 in each channel of the training images.");
  group
      .add(number_or_word(
          "validation", ranges::kOpenShare, [](auto& s) -> auto& { return s.validation; }, "test",
          [](auto& s) -> auto& { return s.validation_is_test; }))
      .help(
          "Share of the training images that is held out and evaluated after every epoch. With "
          "'test' all training images train and the test images take that part.")
      .aliases({"validation_split", "val"});
  group
      .add(whole(
          "subset", {.low = 0, .high = 1'000'000'000}, [](auto& s) -> auto& { return s.subset; }))
      .help(
          "Train on so many of the training images only, the first in the seed's order, so that "
          "a larger subset has all images of a smaller one; 0: on all. Validation images are "
          "held out before, and are the same with and without it.")
      .aliases({"train_size", "n_train", "limit"})
      .introduced_with("0");
  group
      .add(flag(
          "shuffle", [](auto& s) -> auto& { return s.shuffle; }))
      .help("Whether every epoch takes the training images in a new random order.");
  group.add(augment_setting()).aliases({"augmentation", "transforms"}).introduced_with("none");
  return group.take();
}

}  // namespace normlab
