#include "normlab/lab/settings.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "normlab/base/error.h"
#include "normlab/base/parse_number.h"
#include "normlab/base/suggest.h"
#include "normlab/lab/setting_value.h"
#include "normlab/lab/settings/groups.h"

namespace normlab {
namespace {

using Listed = std::vector<std::pair<std::string, std::string>>;

/// `keep` is asked with the setting and its value.
template <class Keep>
Listed list_if(const TrialSettings& settings, Keep keep) {
  Listed list;
  for (const Setting* setting : settings_by_key()) {
    std::string value = setting->format(settings);
    if (keep(*setting, value)) list.emplace_back(setting->key, std::move(value));
  }
  return list;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(), [](char c) {
    return c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return lowered;
}

/// What is set elsewhere, and how that is done here.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kNoSettings = {{
    {"dropout", "it is a layer of the model, written 'dropout 0.5'"},
    {"activation", "it is a layer of the model: 'relu', 'tanh', 'sigmoid'"},
    {"layers", "they are the model, given without a key: 'flatten, linear 10'"},
    {"hidden", "it is part of the model: 'linear 128'"},
    {"units", "it is part of the model: 'linear 128'"},
    {"loss", "it is the cross-entropy of the classes"},
    {"criterion", "it is the cross-entropy of the classes"},
    {"device", "normlab computes on the processor; --threads and --jobs share its cores"},
    {"gpu", "normlab computes on the processor; --threads and --jobs share its cores"},
    {"num_workers", "it is an option, --jobs N: trials at a time"},
    {"workers", "it is an option, --jobs N: trials at a time"},
    {"jobs", "it is an option, written --jobs N"},
    {"threads", "it is an option, written --threads N"},
    {"threshold", "it is an option, written --threshold SHARE"},
    {"runs", "it is an option, written --runs DIR"},
    {"verbose", "it is an option, --quiet for less"},
}};

[[noreturn]] void fail_unknown(std::string_view key) {
  if (const Setting* setting = setting_called(key))
    fail("unknown setting '{}': it is called '{}' here", key, setting->key);
  for (const auto& [name, advice] : kNoSettings) {
    if (name == lower(key)) fail("unknown setting '{}': {}", key, advice);
  }
  fail("unknown setting '{}'{} ('normlab run --help-settings' lists them all)", key,
       suggestion(key, setting_keys()));
}

/// What may help with a value that is not allowed, to be appended to the message.
std::string value_advice(const Setting& setting, std::string_view value) {
  const bool is_number = setting.kind == ValueKind::number || setting.kind == ValueKind::whole;
  if (is_number && has_leading_zero(value)) return "; " + leading_zero_advice(value);
  if (is_number && value.ends_with('%')) {
    const auto percent = parse_number(value.substr(0, value.size() - 1));
    if (percent)
      return fmt::format("; percent are written as a share, {}", format_number(*percent / 100));
  }
  for (const auto& [foreign, word] : setting.foreign_words) {
    if (foreign == lower(value)) return fmt::format(": it is called '{}' here", word);
  }
  return suggestion(value, setting.words);
}

}  // namespace

std::span<const SettingGroup> setting_groups() {
  static const std::vector<SettingGroup> groups = {data_settings(),           norm_settings(),
                                                   training_settings(),       optimizer_settings(),
                                                   regularization_settings(), init_settings()};
  return groups;
}

std::vector<std::string> setting_keys() {
  std::vector<std::string> keys;
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) keys.push_back(setting.key);
  }
  return keys;
}

const Setting* setting_called(std::string_view name) {
  const std::string key = lower(name);
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      if (setting.key == key || std::ranges::find(setting.aliases, key) != setting.aliases.end())
        return &setting;
    }
  }
  return nullptr;
}

std::span<const Setting* const> settings_by_key() {
  static const std::vector<const Setting*> sorted = [] {
    std::vector<const Setting*> settings;
    for (const SettingGroup& group : setting_groups()) {
      for (const Setting& setting : group.settings) settings.push_back(&setting);
    }
    std::ranges::sort(settings, {}, &Setting::key);
    return settings;
  }();
  return sorted;
}

const Setting& find_setting(std::string_view key) {
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      if (setting.key == key) return setting;
    }
  }
  fail_unknown(key);
}

void set_setting(TrialSettings& settings, std::string_view key, std::string_view value) {
  const Setting& setting = find_setting(key);
  if (!setting.parse(settings, value)) {
    fail("{}={}: expected {}{}", key, value, setting.expected, value_advice(setting, value));
  }
}

TrialSettings without_idle(const TrialSettings& settings, const ModelParts& model) {
  TrialSettings acting = settings;
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      if (!setting.idle(settings, model).empty())
        setting.parse(acting, setting.format(TrialSettings{}));
    }
  }
  return acting;
}

Listed list_settings(const TrialSettings& settings) {
  return list_if(settings, [](const Setting&, const std::string&) { return true; });
}

Listed list_id_settings(const TrialSettings& settings) {
  return list_if(settings, [](const Setting& setting, const std::string& value) {
    return setting.in_ids && value != setting.introduced_with;
  });
}

TrialSettings recorded_settings(const std::map<std::string, std::string>& record) {
  TrialSettings settings;
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      if (setting.introduced_with) setting.parse(settings, *setting.introduced_with);
    }
  }
  try {
    for (const auto& [key, value] : record) set_setting(settings, key, value);
  } catch (const RequestError& error) {
    fail<Error>("stored by another version of normlab: {}", error.what());
  }
  return settings;
}

}  // namespace normlab
