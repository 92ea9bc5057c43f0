#include "normlab/lab/settings.h"

#include <algorithm>

#include "normlab/base/error.h"
#include "normlab/base/parse_number.h"
#include "normlab/base/suggest.h"
#include "normlab/lab/settings_table.h"

namespace normlab {
namespace {

using Listed = std::vector<std::pair<std::string, std::string>>;

/// `keep` is asked with the setting and its value.
template <class Keep>
Listed list_if(const TrialSettings& settings, Keep keep) {
  Listed list;
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      std::string value = setting.format(settings);
      if (keep(setting, value)) list.emplace_back(setting.key, std::move(value));
    }
  }
  std::ranges::sort(list);
  return list;
}

[[noreturn]] void fail_unknown(std::string_view key) {
  std::vector<std::string> keys;
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      if (std::ranges::find(setting.aliases, key) != setting.aliases.end()) {
        fail("unknown setting '{}': it is called '{}' here", key, setting.key);
      }
      keys.push_back(setting.key);
    }
  }
  fail("unknown setting '{}'{} ('normlab run --help-settings' lists them all)", key,
       suggestion(key, keys));
}

}  // namespace

std::span<const SettingGroup> setting_groups() {
  static const std::vector<SettingGroup> groups = make_setting_groups();
  return groups;
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
    const bool is_number = setting.kind == ValueKind::number || setting.kind == ValueKind::whole;
    fail("{}={}: expected {}{}", key, value, setting.expected,
         is_number && has_leading_zero(value) ? "; " + leading_zero_advice(value)
                                              : suggestion(value, setting.words));
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
