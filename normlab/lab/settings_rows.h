#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "normlab/base/parse_number.h"
#include "normlab/lab/setting_value.h"
#include "normlab/lab/settings.h"

/// What the rows of the table of settings are made with. `member` picks the row's field of
/// TrialSettings; it is a generic lambda so that one serves reading and writing.
namespace normlab::settings_rows {

template <class Value>
struct Choice {
  std::string word;
  Value value;
};

/// "none, batch or layer".
std::string join_words(const std::vector<std::string>& words);

/// Not empty, valid UTF-8 (JSON and checkpoints hold nothing else), no control characters.
bool is_printable(std::string_view text);

/// A row that always has an effect; `parse` and `format` are filled by the callers.
Setting row(std::string key, ValueKind kind, std::string expected);

/// One of several words.
template <class Value, class Member>
Setting choice(std::string key, std::vector<Choice<Value>> choices, Member member) {
  std::vector<std::string> words;
  for (const auto& c : choices) words.push_back(c.word);
  Setting setting = row(std::move(key), ValueKind::text, join_words(words));
  setting.words = std::move(words);
  setting.parse = [choices, member](TrialSettings& settings, std::string_view text) {
    for (const auto& c : choices) {
      if (c.word == text) {
        member(settings) = c.value;
        return true;
      }
    }
    return false;
  };
  setting.format = [choices, member](const TrialSettings& settings) {
    std::size_t index = 0;
    while (choices[index].value != member(settings)) ++index;
    return choices[index].word;
  };
  return setting;
}

template <class Member>
Setting flag(std::string key, Member member) {
  Setting setting = choice<bool>(std::move(key), {{"true", true}, {"false", false}}, member);
  setting.kind = ValueKind::flag;
  return setting;
}

template <class Member>
Setting number(std::string key, NumberRange range, Member member) {
  Setting setting = row(std::move(key), ValueKind::number, range.describe());
  setting.parse = [range, member](TrialSettings& settings, std::string_view text) {
    const auto value = parse_number(text);
    if (!value || !range.contains(*value)) return false;
    member(settings) = *value;
    return true;
  };
  setting.format = [member](const TrialSettings& settings) {
    return format_number(member(settings));
  };
  return setting;
}

/// A number, or a word that turns `switched` on.
template <class Member, class Switch>
Setting number_or_word(std::string key, NumberRange range, Member member, const std::string& word,
                       Switch switched) {
  Setting setting = number(std::move(key), range, member);
  setting.expected += ", or " + word;
  setting.words = {word};
  setting.parse = [parse = setting.parse, word, switched](TrialSettings& settings,
                                                          std::string_view text) {
    if (text != word && !parse(settings, text)) return false;
    switched(settings) = text == word;
    return true;
  };
  setting.format = [format = setting.format, word, switched](const TrialSettings& settings) {
    return switched(settings) ? word : format(settings);
  };
  return setting;
}

template <class Member>
Setting whole(std::string key, WholeRange range, Member member) {
  Setting setting = row(std::move(key), ValueKind::whole, range.describe());
  setting.parse = [range, member](TrialSettings& settings, std::string_view text) {
    const auto value = parse_whole(text);
    if (!value || !range.contains(*value)) return false;
    auto& field = member(settings);
    field = static_cast<std::remove_reference_t<decltype(field)>>(*value);
    return true;
  };
  setting.format = [member](const TrialSettings& settings) {
    return fmt::format("{}", member(settings));
  };
  return setting;
}

/// Any text that is_printable.
template <class Member>
Setting text(std::string key, Member member, std::string expected) {
  Setting setting = row(std::move(key), ValueKind::text, std::move(expected));
  setting.parse = [member](TrialSettings& settings, std::string_view value) {
    if (!is_printable(value)) return false;
    member(settings) = value;
    return true;
  };
  setting.format = [member](const TrialSettings& settings) {
    return std::string(member(settings));
  };
  return setting;
}

/// Fills in the rest of a row, as one statement: group.add(number(...)).help("...").idle(...).
class Row {
 public:
  explicit Row(Setting& setting) : setting_(setting) {}

  Row& help(std::string text) {
    setting_.help = std::move(text);
    return *this;
  }
  Row& aliases(std::vector<std::string> names) {
    setting_.aliases = std::move(names);
    return *this;
  }
  Row& foreign_words(std::vector<std::pair<std::string, std::string>> words) {
    setting_.foreign_words = std::move(words);
    return *this;
  }
  /// `why` takes the settings, or the settings and the model's parts.
  template <class Why>
  Row& idle(Why why) {
    if constexpr (std::is_invocable_v<Why, const TrialSettings&>) {
      setting_.idle = [why](const TrialSettings& settings, const ModelParts&) {
        return why(settings);
      };
    } else {
      setting_.idle = why;
    }
    return *this;
  }
  /// Of every setting from now on; see Setting::introduced_with.
  Row& introduced_with(std::string value) {
    setting_.introduced_with = std::move(value);
    return *this;
  }
  /// See Setting::in_ids.
  Row& outside_ids() {
    setting_.in_ids = false;
    return *this;
  }

 private:
  Setting& setting_;
};

/// A SettingGroup under construction.
class Group {
 public:
  explicit Group(std::string title) { group_.title = std::move(title); }

  /// The row is valid until the next one is added.
  Row add(Setting setting) { return Row(group_.settings.emplace_back(std::move(setting))); }
  SettingGroup take() { return std::move(group_); }

 private:
  SettingGroup group_;
};

}  // namespace normlab::settings_rows
