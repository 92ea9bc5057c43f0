#include "normlab/lab/study_spec.h"

#include <algorithm>
#include <fstream>
#include <span>

#include <fmt/ranges.h>
#include <toml++/toml.h>

#include "normlab/base/error.h"
#include "normlab/base/suggest.h"
#include "normlab/lab/builtin_studies.h"
#include "normlab/lab/grid.h"
#include "normlab/lab/settings.h"

namespace normlab {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;

const std::vector<std::string> kStudyKeys = {"name",    "title",    "questions", "source", "model",
                                             "primary", "settings", "arms",      "smoke"};
const std::vector<std::string> kArmKeys = {"label", "settings"};
/// Of a model's file (nn/model_spec.h).
const std::vector<std::string> kModelKeys = {"name", "input", "layers"};

void check_keys(const toml::table& table, std::span<const std::string> known,
                std::string_view origin, std::string_view where) {
  for (const auto& [key, value] : table) {
    if (std::ranges::find(known, key.str()) != known.end()) continue;
    const std::string nearest = did_you_mean(key.str(), known);
    fail("{}:{}: unknown key '{}'{}{}; known: {}", origin, value.source().begin.line, key.str(),
         where, nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest),
         fmt::join(known, ", "));
  }
}

toml::table parse_toml(std::string_view text, std::string_view origin) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    fail("{}:{}: {}", origin, error.source().begin.line, error.description());
  }
}

/// How much the table looks as if it had these keys: a key itself counts more than one like it. Both
/// kinds of file have a name.
int likeness(const toml::table& table, std::span<const std::string> keys) {
  int points = 0;
  for (const auto& [key, value] : table) {
    if (key.str() == "name") continue;
    if (std::ranges::find(keys, key.str()) != keys.end()) {
      points += 2;
    } else if (!did_you_mean(key.str(), keys).empty()) {
      ++points;
    }
  }
  return points;
}

/// Whether a file is a study's rather than a model's. Throws RequestError when it is like neither.
bool is_study(const toml::table& table, std::string_view origin) {
  const int study = likeness(table, kStudyKeys);
  const int model = likeness(table, kModelKeys);
  if (study == 0 && model == 0) {
    fail("{}: neither a model, which has {}, nor a study, which has {}", origin,
         fmt::join(kModelKeys, ", "), fmt::join(kStudyKeys, ", "));
  }
  return study > model;
}

std::string text_of(const toml::table& table, std::string_view key, std::string_view origin) {
  const auto value = table[key].value<std::string>();
  if (!value || value->empty()) fail("{}: expected '{}', a text", origin, key);
  return *value;
}

/// Values are texts, as on the command line: a list, a range and a number look alike.
WrittenSettings settings_of(const toml::table& table, std::string_view origin) {
  struct Entry {
    toml::source_position place;
    std::pair<std::string, std::string> setting;
  };
  std::vector<Entry> entries;
  for (const auto& [key, node] : table) {
    const auto text = node.value<std::string>();
    if (!text || text->empty())
      fail("{}:{}: expected '{}' to be a text like \"0.1,0.2\"", origin, node.source().begin.line,
           key.str());
    try {
      find_setting(key.str());
    } catch (const RequestError& error) {
      fail("{}:{}: {}", origin, node.source().begin.line, error.what());
    }
    entries.push_back({node.source().begin, {std::string(key.str()), *text}});
  }
  // A table has its keys sorted; the order in the file is the order of the axes.
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
    return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
  });
  WrittenSettings settings;
  for (Entry& entry : entries) settings.push_back(std::move(entry.setting));
  return settings;
}

WrittenSettings table_settings(const toml::table& table, std::string_view key,
                               std::string_view origin) {
  if (!table.contains(key)) return {};
  const toml::table* settings = table[key].as_table();
  if (settings == nullptr) fail("{}: expected '{}' to be a table of settings", origin, key);
  return settings_of(*settings, origin);
}

std::vector<StudySpec::ArmGroup> arm_groups(const toml::table& table, std::string_view origin) {
  std::vector<StudySpec::ArmGroup> groups;
  if (!table.contains("arms")) return groups;
  const toml::array* arms = table["arms"].as_array();
  if (arms == nullptr || arms->empty()) fail("{}: expected [[arms]] tables", origin);
  for (const toml::node& node : *arms) {
    const toml::table* arm = node.as_table();
    if (arm == nullptr) fail("{}:{}: expected an [[arms]] table", origin, node.source().begin.line);
    check_keys(*arm, kArmKeys, origin, " in [[arms]]");
    const std::string label = text_of(*arm, "label", origin);
    if (std::ranges::find(groups, label, &StudySpec::ArmGroup::label) != groups.end()) {
      fail("{}:{}: two [[arms]] are called '{}': give each a label of its own", origin,
           node.source().begin.line, label);
    }
    groups.push_back({label, table_settings(*arm, "settings", origin)});
  }
  return groups;
}

std::vector<std::string> questions_of(const toml::table& table, std::string_view origin) {
  std::vector<std::string> questions;
  const toml::array* list = table["questions"].as_array();
  if (list == nullptr) fail("{}: expected 'questions', a list of texts", origin);
  for (const toml::node& node : *list) {
    const auto text = node.value<std::string>();
    if (!text || text->empty()) fail("{}:{}: expected a text", origin, node.source().begin.line);
    questions.push_back(*text);
  }
  return questions;
}

Metric primary_of(const toml::table& table, std::string_view origin) {
  if (!table.contains("primary")) return Metric::validation_accuracy;
  try {
    return primary_named(text_of(table, "primary", origin));
  } catch (const RequestError& error) {
    fail("{}:{}: primary: {}", origin, table["primary"].node()->source().begin.line, error.what());
  }
}

/// Replaces the value of a key where it stands, or adds it to the end.
void merge_into(WrittenSettings& settings, const WrittenSettings& others) {
  for (const auto& other : others) {
    const auto place =
        std::ranges::find(settings, other.first, &WrittenSettings::value_type::first);
    if (place == settings.end()) {
      settings.push_back(other);
    } else {
      place->second = other.second;
    }
  }
}

bool names_model(const std::string& argument) {
  return argument.starts_with("model=");
}

WrittenSettings split_arguments(std::span<const std::string> arguments) {
  WrittenSettings settings;
  for (const std::string& argument : arguments) {
    const std::size_t equals = std::min(argument.find('='), argument.size());
    settings.emplace_back(argument.substr(0, equals),
                          argument.substr(std::min(equals + 1, argument.size())));
  }
  return settings;
}

}  // namespace

StudySpec parse_study_toml(std::string_view text, std::string_view origin) {
  const toml::table table = parse_toml(text, origin);
  check_keys(table, kStudyKeys, origin, "");
  StudySpec spec;
  spec.name = text_of(table, "name", origin);
  spec.title = text_of(table, "title", origin);
  spec.questions = questions_of(table, origin);
  spec.source = text_of(table, "source", origin);
  spec.model = text_of(table, "model", origin);
  spec.primary = primary_of(table, origin);
  spec.settings = table_settings(table, "settings", origin);
  spec.arms = arm_groups(table, origin);
  spec.smoke = table_settings(table, "smoke", origin);
  return spec;
}

std::optional<StudySpec> find_study_spec(const std::string& word) {
  for (const BuiltinText& study : builtin_studies()) {
    if (study.name == word)
      return parse_study_toml(study.text, fmt::format("presets/studies/{}.toml", word));
  }
  if (!word.ends_with(".toml")) return std::nullopt;
  std::ifstream file(word, std::ios::binary);
  if (!file) return std::nullopt;  // the search for a model says so
  std::string text(kMostBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMostBytes)
    fail("{}: larger than {} bytes, so neither a model nor a study", word, kMostBytes);
  if (!is_study(parse_toml(text, word), word)) return std::nullopt;
  return parse_study_toml(text, word);
}

std::vector<std::string> study_names() {
  std::vector<std::string> names;
  for (const BuiltinText& study : builtin_studies()) names.emplace_back(study.name);
  return names;
}

std::vector<std::vector<std::string>> study_requests(const StudySpec& spec,
                                                     std::span<const std::string> overrides,
                                                     bool smoke) {
  check_given_once(overrides);
  if (std::ranges::any_of(overrides, names_model))
    fail("model is given twice: '{}' is a study, which says what it trains", spec.name);
  std::vector<StudySpec::ArmGroup> groups = spec.arms;
  if (groups.empty()) groups.emplace_back();
  std::vector<std::vector<std::string>> requests;
  for (const StudySpec::ArmGroup& group : groups) {
    WrittenSettings settings = spec.settings;
    merge_into(settings, group.settings);
    if (smoke) merge_into(settings, spec.smoke);
    merge_into(settings, split_arguments(overrides));
    std::vector<std::string>& request = requests.emplace_back();
    for (const auto& [key, value] : settings) request.push_back(fmt::format("{}={}", key, value));
  }
  return requests;
}

std::vector<Axis> request_grid(const StudySpec& spec, std::span<const std::string> request) {
  return parse_grid(std::ranges::any_of(request, names_model) ? "" : spec.model, request);
}

}  // namespace normlab
