#include "normlab/lab/trial_id.h"

#include <string_view>

#include <fmt/format.h>

#include "normlab/base/hash.h"
#include "normlab/lab/settings.h"

namespace normlab {
namespace {

constexpr std::size_t kIdDigits = 12;

enum class Seed { counts, left_out };

std::string canonical_text(const TrialSettings& settings, const TrialContents& contents,
                           Seed seed) {
  std::string text = fmt::format("numerics={}\n", kNumericsVersion);
  for (const auto& [key, value] : list_id_settings(settings)) {
    if (key == "seed" && seed == Seed::left_out) continue;
    std::string_view resolved = value;
    if (key == "model") resolved = contents.model;
    if (key == "data") resolved = contents.data;
    if (key == "init" && !contents.init.empty()) resolved = contents.init;
    text += fmt::format("{}={}\n", key, resolved);
  }
  return text;
}

}  // namespace

std::string trial_id(const TrialSettings& settings, const TrialContents& contents) {
  return short_hash(canonical_text(settings, contents, Seed::counts));
}

std::string arm_id(const TrialSettings& settings, const TrialContents& contents) {
  return short_hash(canonical_text(settings, contents, Seed::left_out));
}

std::string short_hash(const std::string& text) {
  return sha256_hex(std::string_view(text)).substr(0, kIdDigits);
}

}  // namespace normlab
