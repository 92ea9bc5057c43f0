#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "normlab/lab/model_parts.h"
#include "normlab/train/trial_settings.h"

/// The settings of a trial as `key=value`: one table from which parsing, formatting, help and error
/// messages come. All functions are safe to call from several threads.
namespace normlab {

/// How the grid grammar reads a setting's values, and how JSON writes them.
enum class ValueKind {
  text,    ///< words; `log(...)` and `a..b` are words as well
  whole,   ///< an integer: `1..5`, `lin(16,64,4)`, `log(16,256,5)` make axes
  number,  ///< a real number, for some settings also a word: `lin(...)`, `log(...)` make axes
  flag,    ///< true or false
};

/// One row of the table.
struct Setting {
  std::string key;
  ValueKind kind = ValueKind::text;
  std::string expected;            ///< what is allowed, made to follow "expected": "none or batch"
  std::string help;                ///< what it does and in which unit, one paragraph
  std::vector<std::string> words;  ///< the words among its values, for "did you mean"
  std::vector<std::string> aliases;  ///< what other programs call it
  /// What other programs call its words, without capitals, and the word here.
  std::vector<std::pair<std::string, std::string>> foreign_words = {};

  /// Writes the value into the settings; false, and nothing written, when it is not allowed.
  std::function<bool(TrialSettings&, std::string_view)> parse;
  /// The value as text that `parse` reads back to the same settings.
  std::function<std::string(const TrialSettings&)> format;
  /// Why no value of it has an effect beside the other settings on this model ("only optimizer=sgd
  /// uses it"); empty when one has.
  std::function<std::string(const TrialSettings&, const ModelParts&)> idle;

  /// Of a setting that was introduced when trials had been stored already: its default at that
  /// time, as `format` writes it, which is what all trials had before. A trial's id leaves the
  /// setting out at this value, whatever the default has become, so that no stored trial is
  /// orphaned; and a record without the setting has this value. Absent: every record and every id
  /// has the setting.
  std::optional<std::string> introduced_with;
  /// False: it only looks, or says what is kept; the result is the same, and so is the id.
  bool in_ids = true;
};

/// Settings that belong together, in the order in which the help shows them.
struct SettingGroup {
  std::string title;
  std::vector<Setting> settings;
};

std::span<const SettingGroup> setting_groups();

std::vector<std::string> setting_keys();

/// The setting of that key, or the one that other programs call so; null when there is none. Dashes
/// count as underscores.
const Setting* setting_called(std::string_view name);

/// All rows, sorted by key.
std::span<const Setting* const> settings_by_key();

/// Throws RequestError for an unknown key, naming the nearest one.
const Setting& find_setting(std::string_view key);

/// Throws RequestError for a value that is not allowed, naming what is.
void set_setting(TrialSettings& settings, std::string_view key, std::string_view value);

/// The settings with those that have no effect at their defaults: equal ones train the same.
TrialSettings without_idle(const TrialSettings& settings, const ModelParts& model);

/// Every setting as key and value, sorted by key.
std::vector<std::pair<std::string, std::string>> list_settings(const TrialSettings& settings);

/// Those of them that a trial's id is made of: without the settings that are not `in_ids`, and
/// without those that have the value they were `introduced_with`.
std::vector<std::pair<std::string, std::string>> list_id_settings(const TrialSettings& settings);

/// The settings of a stored record, which may be older than some of them. Throws Error for a key
/// or a value that this program does not know: a newer one wrote it.
TrialSettings recorded_settings(const std::map<std::string, std::string>& record);

}  // namespace normlab
