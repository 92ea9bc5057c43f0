#pragma once

#include <functional>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "normlab/lab/setting_value.h"

/// Options that take a number. They are read as settings are (base/parse_number.h), so that nothing
/// is taken here that is refused there.
namespace normlab {

/// A number in the range from `text`; `name` starts the RequestError for anything else.
std::int64_t option_whole(const std::string& name, const std::string& text, WholeRange range);
double option_number(const std::string& name, const std::string& text, NumberRange range);

/// Adds an option that writes a whole number of the range into `target`, which must outlive `app`.
template <class Target>
CLI::Option* add_whole_option(CLI::App& app, const std::string& name, Target& target,
                              WholeRange range, const std::string& help) {
  return app.add_option_function<std::string>(
      name,
      [name, &target, range](const std::string& text) {
        target = static_cast<Target>(option_whole(name, text, range));
      },
      help);
}

/// The same for a number; `Target` is a double or an optional one.
template <class Target>
CLI::Option* add_number_option(CLI::App& app, const std::string& name, Target& target,
                               NumberRange range, const std::string& help) {
  return app.add_option_function<std::string>(
      name,
      [name, &target, range](const std::string& text) {
        target = option_number(name, text, range);
      },
      help);
}

}  // namespace normlab
