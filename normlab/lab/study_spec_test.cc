#include "normlab/lab/study_spec.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "normlab/base/error_test.h"
#include "normlab/lab/grid.h"
#include "normlab/nn/model_spec.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kText = R"(
name = "x"
title = "An example"
questions = ["why?"]
source = "nowhere"
model = "mlp-128-64"
[settings]
lr = "0.1,0.2"
batch = "32"
norm = "batch"
[smoke]
steps = "3"
batch = "8"
)";

TEST(StudySpec, KeepsTheOrderOfTheFile) {
  const StudySpec spec = parse_study_toml(kText, "x.toml");
  EXPECT_EQ(spec.name, "x");
  EXPECT_EQ(spec.title, "An example");
  EXPECT_THAT(spec.questions, ElementsAre("why?"));
  EXPECT_THAT(study_requests(spec, {}, false),
              ElementsAre(ElementsAre("lr=0.1,0.2", "batch=32", "norm=batch")));
}

TEST(StudySpec, TheCommandLineAndTheShortVariantTakePrecedence) {
  const StudySpec spec = parse_study_toml(kText, "x.toml");
  EXPECT_THAT(study_requests(spec, {}, true),
              ElementsAre(ElementsAre("lr=0.1,0.2", "batch=8", "norm=batch", "steps=3")));
  const std::vector<std::string> overrides{"batch=64", "seed=1..3"};
  EXPECT_THAT(
      study_requests(spec, overrides, true),
      ElementsAre(ElementsAre("lr=0.1,0.2", "batch=64", "norm=batch", "steps=3", "seed=1..3")));
}

TEST(StudySpec, ArmsDifferInSeveralSettingsAtOnce) {
  const std::string text = std::string(kText) +
                           "[[arms]]\nlabel = 'slow'\nsettings = { lr = '0.01', norm = 'none' }\n"
                           "[[arms]]\nlabel = 'fast'\nsettings = { lr = '1' }\n";
  const StudySpec spec = parse_study_toml(text, "x.toml");
  ASSERT_EQ(spec.arms.size(), 2u);
  EXPECT_EQ(spec.arms[1].label, "fast");
  EXPECT_THAT(study_requests(spec, {}, false),
              ElementsAre(ElementsAre("lr=0.01", "batch=32", "norm=none"),
                          ElementsAre("lr=1", "batch=32", "norm=batch")));
}

TEST(StudySpec, AnArmMayHaveAModelOfItsOwn) {
  const StudySpec spec =
      parse_study_toml(std::string(kText) +
                           "[[arms]]\nlabel = 'small'\n[[arms]]\nlabel = 'large'\n"
                           "settings = { model = 'mlp-512-256' }\n",
                       "x.toml");
  const auto requests = study_requests(spec, {}, false);
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_THAT(grid_values(request_grid(spec, requests[0]), "model"), ElementsAre("mlp-128-64"));
  EXPECT_THAT(grid_values(request_grid(spec, requests[1]), "model"), ElementsAre("mlp-512-256"));
}

TEST(StudySpec, AnOverrideIsGivenOnce) {
  const StudySpec spec = *find_study_spec("batch-size-mlp");
  EXPECT_THAT(
      [&] {
        study_requests(spec, std::vector<std::string>{"batch=32", "batch=64"}, false);
      },
      testing::ThrowsMessage<RequestError>(
          "batch is given twice: put its values into one list, batch=A,B"));
}

TEST(StudySpec, SaysItselfWhatItTrains) {
  const StudySpec spec = *find_study_spec("batch-size-mlp");
  EXPECT_THAT([&] { study_requests(spec, std::vector<std::string>{"model=cnn-32"}, false); },
              throws_request("model is given twice", "'batch-size-mlp' is a study"));
}

TEST(StudySpec, NamesItsPrimaryMetric) {
  EXPECT_EQ(parse_study_toml(kText, "x.toml").primary, Metric::validation_accuracy);
  EXPECT_EQ(parse_study_toml(std::string("primary = 'test_loss'\n") + kText, "x.toml").primary,
            Metric::test_loss);
}

TEST(StudySpec, SaysWhatIsWrongAndWhere) {
  const auto parse = [](const std::string& text) {
    return [text] { parse_study_toml(text, "x.toml"); };
  };
  const std::string text = kText;
  EXPECT_THAT(parse("name = "), throws_request("x.toml:1"));
  EXPECT_THAT(parse("name = 'x'"), throws_request("x.toml", "title"));
  EXPECT_THAT(parse(text + "[setting]\n"),
              throws_request("x.toml", "unknown key 'setting'", "settings"));
  EXPECT_THAT(parse(text + "lrr = '1'"), throws_request("x.toml:14", "lrr", "lr"));
  EXPECT_THAT(parse(text + "lr = [1, 2]"), throws_request("x.toml:14", "text"));
  EXPECT_THAT(parse(text + "[[arms]]\nsettings = {}"), throws_request("label"));
  EXPECT_THAT(parse(text + "[[arms]]\nlabel = 'a'\n[[arms]]\nlabel = 'a'\n"),
              throws_request("x.toml:", "two [[arms]] are called 'a'"));
  EXPECT_THAT(parse("primary = 'accuracy'\n" + text),
              throws_request("x.toml:1: primary: no metric 'accuracy'"));
  EXPECT_THAT(parse("primary = 'step_seconds'\n" + text), throws_request("which describes"));
}

TEST(StudySpec, EveryStudyOfTheProgramIsWhole) {
  EXPECT_THAT(
      study_names(),
      testing::IsSupersetOf({"mlp-512-256-sgd", "mlp-128-64-adam", "batch-size-mlp", "cnn-32-keras",
                             "batch-size-cnn", "resnet-20-cifar", "cifar-94"}));
  const std::vector<std::string> models = model_names();
  for (const std::string& name : study_names()) {
    SCOPED_TRACE(name);
    const StudySpec spec = find_study_spec(name).value();
    EXPECT_EQ(spec.name, name);
    EXPECT_EQ(std::count(models.begin(), models.end(), name), 0)
        << "no model and study share a name";
    EXPECT_FALSE(spec.smoke.empty());
    for (const bool smoke : {false, true}) {
      for (const auto& request : study_requests(spec, {}, smoke))
        EXPECT_NO_THROW(request_grid(spec, request));
    }
  }
}

TEST(StudySpec, IsAbsentForOtherWords) {
  EXPECT_FALSE(find_study_spec("mlp-128-64"));
  EXPECT_FALSE(find_study_spec("flatten, linear 10"));
  EXPECT_FALSE(find_study_spec("nowhere.toml"));
}

/// What is said of a file with this text when it is run: the study's errors, then the model's.
std::string said_of(const std::string& text) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("normlab_study_spec_" + std::to_string(getpid()) + ".toml");
  std::ofstream(file) << text;
  std::string said;
  try {
    said = find_study_spec(file.string()) ? "study" : "model";
    if (said == "model") find_model(file.string());
  } catch (const RequestError& error) {
    said = std::string(error.what()).substr(file.string().size());
  }
  std::filesystem::remove(file);
  return said;
}

TEST(StudyFile, ItsKindFollowsFromItsKeys) {
  EXPECT_EQ(said_of("name='my-model'\nlayers=['flatten', 'linear 10']"), "model");
  EXPECT_EQ(said_of("# settings of a study\nname='x'\ninput=[28,28,1]\nlayers=['flatten']"),
            "model");
  EXPECT_EQ(said_of("name='layers'\ntitle='layers'\nquestions=['layers?']\nsource='x'\n"
                    "model='flatten, linear 10'\n"),
            "study");
  EXPECT_EQ(said_of(kText), "study");
}

TEST(StudyFile, ATypoIsToldInTheWordsOfWhatItResembles) {
  EXPECT_EQ(said_of("name='my-model'\nlayer=['flatten']"),
            ":2: unknown key 'layer' (did you mean 'layers'?); known: name, input, layers");
  EXPECT_EQ(said_of("name='my-model'\nlayers=['flatten']\ninputs=[1,1,1]"),
            ":3: unknown key 'inputs' (did you mean 'input'?); known: name, input, layers");
  EXPECT_THAT(said_of("name='x'\ntitle='x'\nquestion=['layers?']\nmodel='cnn-32'"),
              testing::StartsWith(":3: unknown key 'question' (did you mean 'questions'?); known: "
                                  "name, title"));
  EXPECT_THAT(said_of("name='x'\nmodle='cnn-32'"),
              testing::StartsWith(":2: unknown key 'modle' (did you mean 'model'?)"));
  EXPECT_THAT(said_of(std::string(kText) + "[[arms]]\nlable='a'"),
              HasSubstr("unknown key 'lable' in [[arms]] (did you mean 'label'?)"));
  EXPECT_THAT(said_of("colour='red'"),
              testing::StartsWith(": neither a model, which has name, input, layers, nor a study"));
  EXPECT_THAT(said_of("name='x'"), HasSubstr("neither a model"));
  EXPECT_THAT(said_of(""), HasSubstr("neither a model"));
  EXPECT_THAT(said_of("layers=['flatten'"), testing::StartsWith(":1: "));
  EXPECT_THAT(said_of("name='x'\nlayers=['flatten']\nlayers=['relu']"),
              AllOf(testing::StartsWith(":3: "), HasSubstr("'layers'")));
}

TEST(StudyFile, EmptyTextsAreRefused) {
  const std::string text = kText;
  EXPECT_THAT(said_of(text + "lr2 = ''"), HasSubstr("lr2"));
  EXPECT_THAT(said_of(text + "epochs = ''"), HasSubstr("expected 'epochs' to be a text"));
  EXPECT_THAT(said_of("name=''\n" + text.substr(text.find("title"))), HasSubstr("'name'"));
  EXPECT_THAT(said_of("questions=['']\nname='x'\ntitle='x'"), HasSubstr("expected a text"));
}

}  // namespace
}  // namespace normlab
