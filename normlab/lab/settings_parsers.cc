#include "normlab/lab/settings_parsers.h"

#include <array>
#include <cstddef>
#include <optional>

#include <fmt/format.h>

#include "normlab/base/parse_number.h"
#include "normlab/lab/setting_value.h"
#include "normlab/lab/settings_rows.h"

namespace normlab {
namespace {

constexpr WholeRange kScheduleEpochs{.low = 1, .high = 1'000'000};
constexpr NumberRange kPositiveScale{.low = 0, .high = 1e6, .low_included = false};
constexpr std::string_view kStepPrefix = "step:";
constexpr std::string_view kNormalPrefix = "normal:";
constexpr std::string_view kFileSuffix = ".safetensors";

template <class Kind>
struct Named {
  std::string_view word;
  Kind kind;
};

constexpr std::array<Named<ScheduleKind>, 3> kPlainSchedules = {
    {{"constant", ScheduleKind::constant},
     {"cosine", ScheduleKind::cosine},
     {"one-cycle", ScheduleKind::one_cycle}}};
constexpr std::array<Named<InitMethod>, 4> kPlainInits = {{{"pytorch", InitMethod::pytorch},
                                                           {"keras", InitMethod::keras},
                                                           {"he", InitMethod::he},
                                                           {"xavier", InitMethod::xavier}}};

template <class Kind, std::size_t count>
std::optional<Kind> kind_of(const std::array<Named<Kind>, count>& table, std::string_view text) {
  for (const auto& [word, kind] : table) {
    if (word == text) return kind;
  }
  return std::nullopt;
}

template <class Kind, std::size_t count>
std::string word_of(const std::array<Named<Kind>, count>& table, Kind kind) {
  std::size_t index = 0;
  while (table[index].kind != kind) ++index;
  return std::string(table[index].word);
}

bool parse_schedule(ScheduleOptions& schedule, std::string_view text) {
  if (const auto plain = kind_of(kPlainSchedules, text)) {
    schedule = {.kind = *plain};
    return true;
  }
  if (!text.starts_with(kStepPrefix)) return false;
  const std::string_view rest = text.substr(kStepPrefix.size());
  const std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos) return false;
  const auto epochs = parse_whole(rest.substr(0, colon));
  const auto factor = parse_number(rest.substr(colon + 1));
  if (!epochs || !factor || !kScheduleEpochs.contains(*epochs) || !kPositiveScale.contains(*factor))
    return false;
  schedule = {.kind = ScheduleKind::step, .every_epochs = *epochs, .factor = *factor};
  return true;
}

std::string format_schedule(const ScheduleOptions& schedule) {
  if (schedule.kind != ScheduleKind::step) return word_of(kPlainSchedules, schedule.kind);
  return fmt::format("{}{}:{}", kStepPrefix, schedule.every_epochs, format_number(schedule.factor));
}

bool parse_init(InitOptions& init, std::string_view text) {
  InitOptions parsed;
  parsed.gain = init.gain;  // a setting of its own
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
                                       "constant, step:EPOCHS:FACTOR, cosine or one-cycle");
  setting.help =
      "How the learning rate changes: not at all; times FACTOR after every EPOCHS epochs; along "
      "half a cosine down to 0; or up for 30 % of the steps and then down (one-cycle, with "
      "PyTorch's default fractions).";
  setting.words = {"constant", "cosine", "one-cycle"};
  setting.parse = [](TrialSettings& s, std::string_view text) {
    return parse_schedule(s.optimizer.schedule, text);
  };
  setting.format = [](const TrialSettings& s) { return format_schedule(s.optimizer.schedule); };
  return setting;
}

Setting init_setting() {
  Setting setting = settings_rows::row(
      "init", ValueKind::text, "pytorch, keras, he, xavier, normal:SD or a .safetensors file");
  setting.help =
      "Where parameters start. pytorch: weights and biases uniform within 1/sqrt(fan_in); keras: "
      "Glorot uniform, biases 0; he, xavier: normal with variance 2/fan_in, "
      "2/(fan_in+fan_out), biases 0; normal:SD: normal with that standard deviation, biases "
      "0; or every tensor from a file.";
  setting.words = {"pytorch", "keras", "he", "xavier"};
  setting.parse = [](TrialSettings& s, std::string_view text) { return parse_init(s.init, text); };
  setting.format = [](const TrialSettings& s) { return format_init(s.init); };
  return setting;
}

}  // namespace normlab
