#include "normlab/lab/settings_parsers.h"

#include <array>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/base/parse_number.h"
#include "normlab/lab/setting_value.h"
#include "normlab/lab/settings_rows.h"

namespace normlab {
namespace {

constexpr WholeRange kScheduleEpochs{.low = 1, .high = 1'000'000};
constexpr NumberRange kPositiveScale{.low = 0, .high = 1e6, .low_included = false};
constexpr NumberRange kShareOfRate{.low = 0, .high = 1};
constexpr WholeRange kPixels{.low = 1, .high = 10'000};
constexpr std::string_view kStepPrefix = "step:";
constexpr std::string_view kMilestonesPrefix = "steps:";
constexpr std::string_view kCropPrefix = "crop:";
constexpr char kJoin = '+';  // commas and spaces have other meanings on a command line
constexpr std::string_view kNormalPrefix = "normal:";
constexpr std::string_view kFileSuffix = ".safetensors";

template <class Kind>
struct Named {
  std::string_view word;
  Kind kind;
};

constexpr std::array<Named<ScheduleKind>, 4> kPlainSchedules = {
    {{"constant", ScheduleKind::constant},
     {"cosine", ScheduleKind::cosine},
     {"linear", ScheduleKind::linear},
     {"one-cycle", ScheduleKind::one_cycle}}};
constexpr std::array<Named<InitMethod>, 4> kPlainInits = {{{"pytorch", InitMethod::pytorch},
                                                           {"keras", InitMethod::keras},
                                                           {"he", InitMethod::he},
                                                           {"xavier", InitMethod::xavier}}};

constexpr std::array<Named<Flip>, 2> kFlips = {
    {{"flip", Flip::random}, {"flip:alternate", Flip::alternate}}};

template <class Kind, std::size_t count>
std::optional<Kind> kind_of(const std::array<Named<Kind>, count>& table, std::string_view text) {
  for (const auto& [word, kind] : table) {
    if (word == text) return kind;
  }
  return std::nullopt;
}

std::vector<std::string_view> split_parts(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; (end = text.find(kJoin)) != std::string_view::npos;) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

bool can_end_above_zero(ScheduleKind kind) {
  return kind == ScheduleKind::cosine || kind == ScheduleKind::linear;
}

template <class Kind, std::size_t count>
std::string word_of(const std::array<Named<Kind>, count>& table, Kind kind) {
  std::size_t index = 0;
  while (table[index].kind != kind) ++index;
  return std::string(table[index].word);
}

/// "30+60:0.1" behind the prefix.
bool parse_milestones(ScheduleOptions& schedule, std::string_view text) {
  const std::string_view rest = text.substr(kMilestonesPrefix.size());
  const std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos) return false;
  const auto factor = parse_number(rest.substr(colon + 1));
  if (!factor || !kPositiveScale.contains(*factor)) return false;
  ScheduleOptions parsed{.kind = ScheduleKind::milestones, .factor = *factor};
  parsed.warmup_epochs = schedule.warmup_epochs;
  for (const std::string_view part : split_parts(rest.substr(0, colon))) {
    const auto epoch = parse_whole(part);
    if (!epoch || !kScheduleEpochs.contains(*epoch)) return false;
    if (!parsed.milestones.empty() && *epoch <= parsed.milestones.back()) return false;
    parsed.milestones.push_back(*epoch);
  }
  schedule = std::move(parsed);
  return true;
}

/// "cosine:0.01", "linear:0.01"
bool parse_end(ScheduleOptions& schedule, std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const auto kind = kind_of(kPlainSchedules, text.substr(0, colon));
  const auto end = parse_number(text.substr(colon + 1));
  if (!kind || !can_end_above_zero(*kind) || !end || !kShareOfRate.contains(*end)) return false;
  schedule = {.kind = *kind, .end = *end, .warmup_epochs = schedule.warmup_epochs};
  return true;
}

bool parse_schedule(ScheduleOptions& schedule, std::string_view text) {
  if (const auto plain = kind_of(kPlainSchedules, text)) {
    schedule = {.kind = *plain, .warmup_epochs = schedule.warmup_epochs};
    return true;
  }
  if (text.starts_with(kMilestonesPrefix)) return parse_milestones(schedule, text);
  if (!text.starts_with(kStepPrefix)) return parse_end(schedule, text);
  const std::string_view rest = text.substr(kStepPrefix.size());
  const std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos) return false;
  const auto epochs = parse_whole(rest.substr(0, colon));
  const auto factor = parse_number(rest.substr(colon + 1));
  if (!epochs || !factor || !kScheduleEpochs.contains(*epochs) || !kPositiveScale.contains(*factor))
    return false;
  ScheduleOptions parsed{.kind = ScheduleKind::step, .every_epochs = *epochs, .factor = *factor};
  parsed.warmup_epochs = schedule.warmup_epochs;
  schedule = parsed;
  return true;
}

std::string format_schedule(const ScheduleOptions& schedule) {
  if (schedule.kind == ScheduleKind::milestones) {
    return fmt::format("{}{}:{}", kMilestonesPrefix, fmt::join(schedule.milestones, "+"),
                       format_number(schedule.factor));
  }
  if (can_end_above_zero(schedule.kind) && schedule.end > 0) {
    return fmt::format("{}:{}", word_of(kPlainSchedules, schedule.kind),
                       format_number(schedule.end));
  }
  if (schedule.kind != ScheduleKind::step) return word_of(kPlainSchedules, schedule.kind);
  return fmt::format("{}{}:{}", kStepPrefix, schedule.every_epochs, format_number(schedule.factor));
}

bool parse_augment(AugmentOptions& augment, std::string_view text) {
  AugmentOptions parsed;
  if (text != "none") {
    for (const std::string_view part : split_parts(text)) {
      if (const auto flip = kind_of(kFlips, part); flip && parsed.flip == Flip::none) {
        parsed.flip = *flip;
        continue;
      }
      if (!part.starts_with(kCropPrefix) || parsed.crop > 0) return false;
      const auto pixels = parse_whole(part.substr(kCropPrefix.size()));
      if (!pixels || !kPixels.contains(*pixels)) return false;
      parsed.crop = *pixels;
    }
  }
  augment = parsed;
  return true;
}

std::string format_augment(const AugmentOptions& augment) {
  std::string text = augment.crop > 0 ? fmt::format("{}{}", kCropPrefix, augment.crop) : "";
  if (augment.flip != Flip::none) text += (text.empty() ? "" : "+") + word_of(kFlips, augment.flip);
  return text.empty() ? "none" : text;
}

constexpr std::array<Named<ParameterKind>, 5> kKinds = {{{"weights", ParameterKind::weight},
                                                         {"biases", ParameterKind::bias},
                                                         {"gammas", ParameterKind::gamma},
                                                         {"betas", ParameterKind::beta},
                                                         {"scales", ParameterKind::scale}}};

bool parse_kinds(PerKind<bool>& kinds, std::string_view text) {
  PerKind<bool> parsed;
  if (text == "all") {
    parsed.values.fill(true);
  } else {
    for (const std::string_view part : split_parts(text)) {
      const auto kind = kind_of(kKinds, part);
      if (!kind || parsed[*kind]) return false;
      parsed[*kind] = true;
    }
  }
  kinds = parsed;
  return true;
}

std::string format_kinds(const PerKind<bool>& kinds) {
  std::vector<std::string_view> words;
  for (const auto& [word, kind] : kKinds) {
    if (kinds[kind]) words.push_back(word);
  }
  return words.size() == kKinds.size() ? "all" : fmt::format("{}", fmt::join(words, "+"));
}

bool parse_init(InitOptions& init, std::string_view text) {
  InitOptions parsed;
  parsed.gain = init.gain;  // settings of their own
  parsed.identity = init.identity;
  if (const auto plain = kind_of(kPlainInits, text)) {
    parsed.method = *plain;
  } else if (text.starts_with(kNormalPrefix)) {
    const auto sd = parse_number(text.substr(kNormalPrefix.size()));
    if (!sd || !kPositiveScale.contains(*sd)) return false;
    parsed.method = InitMethod::normal;
    parsed.sd = *sd;
  } else if (text.ends_with(kFileSuffix) && settings_rows::is_printable(text)) {
    parsed.method = InitMethod::file;
    parsed.file = text;
  } else {
    return false;
  }
  init = parsed;
  return true;
}

std::string format_init(const InitOptions& init) {
  if (init.method == InitMethod::normal)
    return fmt::format("{}{}", kNormalPrefix, format_number(init.sd));
  if (init.method == InitMethod::file) return init.file;
  return word_of(kPlainInits, init.method);
}

}  // namespace

Setting schedule_setting() {
  Setting setting = settings_rows::row("schedule", ValueKind::text,
                                       "constant, step:EPOCHS:FACTOR, "
                                       "steps:EPOCH+EPOCH...:FACTOR, cosine[:END], linear[:END] "
                                       "or one-cycle");
  setting.help =
      "How the learning rate changes: not at all; times FACTOR after every EPOCHS epochs, or "
      "after each EPOCH named (steps:30+60:0.1); along half a cosine, or a line, down to END "
      "times lr (0 unless given); or up for 30 % of the steps and then down (one-cycle, with "
      "PyTorch's default fractions).";
  setting.words = {"constant", "cosine", "linear", "one-cycle"};
  setting.parse = [](TrialSettings& s, std::string_view text) {
    return parse_schedule(s.optimizer.schedule, text);
  };
  setting.format = [](const TrialSettings& s) { return format_schedule(s.optimizer.schedule); };
  return setting;
}

Setting augment_setting() {
  Setting setting = settings_rows::row(
      "augment", ValueKind::text,
      "none, crop:PIXELS, flip, flip:alternate, or two joined by +, crop:4+flip");
  setting.help =
      "Random views of the training images, drawn anew in every epoch: crop:4 moves each by up "
      "to 4 pixels each way (a window cut from the image with a border of zeros around the "
      "scaled values), flip mirrors every second one left to right; with flip:alternate an "
      "image's side is drawn for the first epoch and then changes in every one. A plus joins "
      "them, as a comma makes two arms. Validation and test images are seen as they are.";
  setting.words = {"none", "flip", "flip:alternate"};
  setting.parse = [](TrialSettings& s, std::string_view text) {
    return parse_augment(s.augment, text);
  };
  setting.format = [](const TrialSettings& s) { return format_augment(s.augment); };
  return setting;
}

/// Kinds of parameters joined by +, or all.
Setting decay_places_setting() {
  Setting setting = settings_rows::row(
      "weight_decay_on", ValueKind::text,
      "all, or weights, biases, gammas, betas or scales, several joined by +, weights+biases");
  setting.help =
      "What decays: weights only, all parameters (as PyTorch does unless told otherwise), or "
      "these kinds; scales are the numbers of the layers 'scale V'.";
  setting.words = {"weights", "all", "biases", "gammas", "betas", "scales"};
  setting.parse = [](TrialSettings& s, std::string_view text) {
    return parse_kinds(s.optimizer.decays, text);
  };
  setting.format = [](const TrialSettings& s) { return format_kinds(s.optimizer.decays); };
  return setting;
}

Setting init_setting() {
  Setting setting = settings_rows::row(
      "init", ValueKind::text, "pytorch, keras, he, xavier, normal:SD or a .safetensors file");
  setting.help =
      "Where parameters start. pytorch: weights and biases uniform within 1/sqrt(fan_in); keras: "
      "Glorot uniform, biases 0; he, xavier: normal with variance 2/fan_in, 2/(fan_in+fan_out), "
      "biases 0; normal:SD: normal with that standard deviation, biases 0; or every tensor from "
      "a file.";
  setting.words = {"pytorch", "keras", "he", "xavier"};
  setting.parse = [](TrialSettings& s, std::string_view text) { return parse_init(s.init, text); };
  setting.format = [](const TrialSettings& s) { return format_init(s.init); };
  return setting;
}

}  // namespace normlab
