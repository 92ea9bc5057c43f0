#include "normlab/lab/settings.h"

#include <algorithm>

#include "normlab/base/error.h"
#include "normlab/base/suggest.h"
#include "normlab/lab/settings_table.h"

namespace normlab {
namespace {

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
    fail("{}={}: expected {}{}", key, value, setting.expected, suggestion(value, setting.words));
  }
}

std::vector<std::pair<std::string, std::string>> list_settings(const TrialSettings& settings) {
  std::vector<std::pair<std::string, std::string>> list;
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      list.emplace_back(setting.key, setting.format(settings));
    }
  }
  std::ranges::sort(list);
  return list;
}

}  // namespace normlab
