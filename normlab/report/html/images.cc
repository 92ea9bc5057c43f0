#include "normlab/report/html/images.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "normlab/report/html/arms.h"
#include "normlab/report/html/base64.h"
#include "normlab/report/html/confusion_chart.h"
#include "normlab/report/html/number_phrases.h"
#include "normlab/report/html/probed_trials.h"
#include "normlab/report/number_text.h"

namespace normlab {
namespace {

constexpr std::size_t kSamplesPerClass = 4;
constexpr std::size_t kMostClasses = 20;
constexpr std::size_t kMostShown = 12;

struct CaptionedImage {
  std::size_t place = 0;
  std::string caption;
};

Json images_block(const ReportImages& images, const LabelledImages& set, std::string title,
                  std::string caption, const std::vector<CaptionedImage>& shown) {
  const auto size = static_cast<std::size_t>(images.width) *
                    static_cast<std::size_t>(images.height) *
                    static_cast<std::size_t>(images.channels);
  Json block = {
      {"kind", "images"},       {"title", std::move(title)}, {"caption", std::move(caption)},
      {"width", images.width},  {"height", images.height},   {"channels", images.channels},
      {"images", Json::array()}};
  for (const CaptionedImage& image : shown) {
    block["images"].push_back({{"pixels", base64(set.pixels.subspan(image.place * size, size))},
                               {"caption", image.caption}});
  }
  return block;
}

std::string answer_text(const ReportImages& images, const Predictions& predictions,
                        std::size_t place) {
  return fmt::format("{} ({} %)", class_name(images, predictions.labels[place]),
                     fixed(100 * static_cast<double>(predictions.probabilities[place]), 1));
}

/// Places in falling order of the probability that `confidence` gives them, a few.
template <class Confidence>
void keep_most_confident(std::vector<std::size_t>& places, Confidence&& confidence) {
  std::ranges::stable_sort(places, std::greater<>(), confidence);
  if (places.size() > kMostShown) places.resize(kMostShown);
}

Json misclassified(const ReportImages& images, const std::string& arm, const TrialResult& result) {
  const Predictions& predictions = *result.record.predictions;
  std::vector<std::size_t> wrong;
  for (std::size_t i = 0; i < images.test.labels.size(); ++i) {
    if (predictions.labels[i] != images.test.labels[i]) wrong.push_back(i);
  }
  const std::size_t count = wrong.size();
  keep_most_confident(wrong, [&](std::size_t i) { return predictions.probabilities[i]; });
  std::vector<CaptionedImage> shown;
  for (const std::size_t i : wrong) {
    shown.push_back(
        {i, fmt::format("true {}, predicted {}", class_name(images, images.test.labels[i]),
                        answer_text(images, predictions, i))});
  }
  return images_block(
      images, images.test, fmt::format("Most confident mistakes: {}", arm),
      fmt::format(
          "Of {} test images {} are misclassified by the trial with seed {}; these with the "
          "highest probability for the wrong class. Look whether you would have known.",
          grouped(static_cast<std::int64_t>(images.test.labels.size())),
          grouped(static_cast<std::int64_t>(count)), result.trial.settings.seed),
      shown);
}

const TrialResult* trial_of(const std::vector<const TrialResult*>& trials, std::size_t arm) {
  const auto found = std::ranges::find_if(
      trials, [&](const TrialResult* result) { return result->trial.arm == arm; });
  return found == trials.end() ? nullptr : *found;
}

Json disagreement(const ReportInput& input, const TrialResult& first, const TrialResult& second) {
  const ReportImages& images = *input.images;
  const Predictions& a = *first.record.predictions;
  const Predictions& b = *second.record.predictions;
  const auto labels = arm_labels(input.study);
  const std::string& name_a = labels[first.trial.arm];
  const std::string& name_b = labels[second.trial.arm];
  std::vector<std::size_t> places;
  std::int64_t only_a = 0;
  std::int64_t only_b = 0;
  for (std::size_t i = 0; i < images.test.labels.size(); ++i) {
    if (a.labels[i] == b.labels[i]) continue;
    places.push_back(i);
    only_a += a.labels[i] == images.test.labels[i] ? 1 : 0;
    only_b += b.labels[i] == images.test.labels[i] ? 1 : 0;
  }
  const std::size_t count = places.size();
  keep_most_confident(
      places, [&](std::size_t i) { return std::min(a.probabilities[i], b.probabilities[i]); });
  std::vector<CaptionedImage> shown;
  for (const std::size_t i : places) {
    shown.push_back(
        {i, fmt::format("true {}; {}: {}; {}: {}", class_name(images, images.test.labels[i]),
                        name_a, answer_text(images, a, i), name_b, answer_text(images, b, i))});
  }
  return images_block(
      images, images.test, "Where the arms disagree",
      fmt::format("The trials of {} and {} with the first seed give different answers to {} test "
                  "images: on {} only {} is right, on {} only {}, on the rest neither. These are "
                  "the ones on which both are surest.",
                  name_a, name_b, grouped(static_cast<std::int64_t>(count)), grouped(only_a),
                  name_a, grouped(only_b), name_b),
      shown);
}

/// Trials whose predictions are about the images at hand.
std::vector<const TrialResult*> matching_trials(const ReportInput& input) {
  std::vector<const TrialResult*> trials = predicted_trials(input);
  const std::string& data = input.study.arms.front().settings.data;
  std::erase_if(trials, [&](const TrialResult* result) {
    return result->trial.settings.data != data ||
           result->record.predictions->labels.size() != input.images->test.labels.size() ||
           result->record.predictions->probabilities.size() != input.images->test.labels.size();
  });
  return trials;
}

}  // namespace

std::optional<Json> sample_images(const ReportInput& input) {
  if (!input.images) return std::nullopt;
  const ReportImages& images = *input.images;
  const std::size_t classes = std::min(images.class_names.size(), kMostClasses);
  std::vector<CaptionedImage> shown;
  for (std::size_t label = 0; label < classes; ++label) {
    std::size_t found = 0;
    for (std::size_t i = 0; i < images.train.labels.size() && found < kSamplesPerClass; ++i) {
      if (images.train.labels[i] != label) continue;
      shown.push_back({i, images.class_names[label]});
      ++found;
    }
  }
  const DataFacts facts = input.data.empty() ? DataFacts{} : input.data.front();
  return images_block(
      images, images.train, "What is to be learnt",
      fmt::format(
          "{}{}: {} images to train on, {} to validate, {} to test, {} classes. The first training "
          "images of each class.",
          facts.name, facts.synthetic ? " (synthetic: drawn by this program)" : "",
          grouped(facts.train), grouped(facts.validation), grouped(facts.test),
          images.class_names.size()),
      shown);
}

std::vector<Json> error_blocks(const ReportInput& input, Json& datasets) {
  if (predicted_trials(input).empty()) return {};
  if (!input.images) {
    return {text_block(fmt::format("The test images are not shown: {}.", input.images_missing))};
  }
  const std::vector<const TrialResult*> trials = matching_trials(input);
  if (trials.empty()) return {};
  std::vector<Json> blocks = {chart_block(confusion_chart(input, trials, datasets))};
  for (const TrialResult* result : trials) {
    blocks.push_back(
        misclassified(*input.images, arm_label(input.study, result->trial.arm), *result));
  }
  const std::vector<ArmPair> pairs = arm_pairs(input.study);
  if (pairs.empty()) return blocks;
  const TrialResult* baseline = trial_of(trials, pairs[0].baseline);
  const TrialResult* arm = trial_of(trials, pairs[0].arm);
  if (baseline && arm) blocks.push_back(disagreement(input, *baseline, *arm));
  return blocks;
}

}  // namespace normlab
