#include "normlab/cli/command_line.h"

#include <algorithm>
#include <array>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "normlab/base/suggest.h"
#include "normlab/cli/output.h"
#include "normlab/lab/settings.h"

namespace normlab {
namespace {

std::vector<std::string> command_names(CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> flag_names(CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// "normlab run" for the command `run`.
std::string full_name(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : full_name(*parent) + " " + app.get_name();
}

CLI::App& innermost_command(CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : innermost_command(*parsed.back());
}

/// The innermost command in which an argument was left over.
CLI::App* find_leftover(CLI::App& app) {
  for (CLI::App* command : app.get_subcommands()) {
    if (CLI::App* found = find_leftover(*command)) return found;
  }
  return app.remaining().empty() ? nullptr : &app;
}

/// Other programs' words for commands come first, then what is near in letters.
std::string command_suggestion(const std::string& word, const std::vector<std::string>& known) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kForeign = {
      {{"train", "run"},
       {"fit", "run"},
       {"start", "run"},
       {"resume", "run"},
       {"ls", "list"},
       {"studies", "list"},
       {"summary", "model"},
       {"get", "fetch"},
       {"download", "fetch"},
       {"benchmark", "bench"},
       {"check", "verify"}}};
  for (const auto& [foreign, here] : kForeign) {
    const bool is_here = std::ranges::find(known, here) != known.end();
    if (foreign == word && is_here) return fmt::format(": it is called '{}' here", here);
  }
  return suggestion(word, known);
}

bool takes_settings(const CLI::App& app) {
  return app.get_name() == "run" || app.get_name() == "model";
}

/// "--epochs=3", "--batch-size", "-lr": what are options elsewhere are settings here.
void fail_if_setting(CLI::App& app, std::string_view word) {
  const std::string name = full_name(app);
  const std::string_view bare = word.substr(std::min(word.find_first_not_of('-'), word.size()));
  const std::size_t equals = bare.find('=');
  const Setting* setting = setting_called(bare.substr(0, equals));
  if (setting == nullptr) {
    const std::string nearest = did_you_mean(bare.substr(0, equals), setting_keys());
    if (!nearest.empty() && did_you_mean(word.substr(0, word.find('=')), flag_names(app)).empty())
      fail(
          "{} has no flag {}: did you mean the setting '{}=...'? ('normlab run --help-settings' "
          "lists them)",
          name, word.substr(0, word.find('=')), nearest);
    return;
  }
  const std::string_view value = equals == std::string_view::npos ? "..." : bare.substr(equals + 1);
  fail(
      "{} has no flag {}: {} is a setting, written {}={} ('normlab run --help-settings' lists "
      "them)",
      name, word.substr(0, word.find('=')), setting->key, setting->key, value);
}

[[noreturn]] void fail_leftover(CLI::App& app) {
  const std::string word = app.remaining().front();
  const std::string name = full_name(app);
  if (word.starts_with('-')) {
    const std::string flag = word.substr(0, word.find('='));
    if (takes_settings(app)) fail_if_setting(app, word);
    fail("{} has no flag {}{} ('{} --help' lists them)", name, flag,
         suggestion(flag, flag_names(app)), name);
  }
  if (command_names(app).empty()) fail("{}: what is '{}' for? ('{} --help')", name, word, name);
  fail("{} has no command '{}'{} ('{} --help' lists them)", name, word,
       command_suggestion(word, command_names(app)), name);
}

bool is_blank(std::string_view word) {
  return word.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// An empty word is a slip of a script, `--data "$DATA"` without DATA: nothing here is called so.
/// "--data=" is another spelling of it, for which CLI11 would take the word that follows.
void check_words(std::span<const char* const> words) {
  std::string_view before;
  for (const std::string_view word : words) {
    const bool is_option = before.starts_with("--") && before.find('=') == std::string_view::npos;
    if (is_blank(word) && is_option) fail("{} '{}': a value is missing", before, word);
    if (is_blank(word)) fail("'{}' among the arguments: a word is missing", word);
    if (word.starts_with("--") && word.find('=') + 1 == word.size())
      fail("{}: a value is missing", word);
    before = word;
  }
}

/// What must be given and was not: as the usage line calls it.
std::string find_missing(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_required() || option->count() > 0) continue;
    const std::string& text = option->get_option_text();
    return text.empty() ? option->get_name(true) : text;
  }
  return "";
}

/// An option that was given more often than it takes values.
const CLI::Option* find_repeated(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const int most = option->get_items_expected_max();
    if (most > 0 && option->count() > static_cast<std::size_t>(most)) return option;
  }
  return nullptr;
}

}  // namespace

std::string HelpFormatter::make_option_usage(const CLI::Option* option) const {
  const std::string& text = option->get_option_text();
  return text.empty() ? CLI::Formatter::make_option_usage(option) : text;
}

void parse_command_line(CLI::App& app, int argc, const char* const* argv) {
  check_words(std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return write_output(app.help() + '\n');
  } catch (const CLI::CallForVersion& version) {
    return write_output(version.what());
  } catch (const CLI::ParseError& error) {
    if (CLI::App* leftover = find_leftover(app)) fail_leftover(*leftover);
    CLI::App& command = innermost_command(app);
    if (const std::string missing = find_missing(command); !missing.empty())
      fail("{}: {} is missing ('{} --help')", full_name(command), missing, full_name(command));
    if (const CLI::Option* repeated = find_repeated(command))
      fail("{} is given twice", repeated->get_name());
    fail("{} ('{} --help')", error.what(), full_name(command));
  }
  if (app.get_subcommands().empty()) {
    fail("which command? One of {} ('normlab --help' describes them)",
         fmt::join(command_names(app), ", "));
  }
}

int exit_status_of(const std::function<void()>& program) {
  int status = 0;
  try {
    program();
    flush_output();
    return 0;
  } catch (const StoppedBySignal& stopped) {
    write_message(fmt::format("normlab: {}\n", stopped.what()));
    return 128 + stopped.signal();
  } catch (const RequestError& error) {
    write_message(fmt::format("normlab: {}\n", error.what()));
    status = 2;
  } catch (const std::exception& error) {
    write_message(fmt::format("normlab: {}\n", error.what()));
    status = 1;
  }
  return status;
}

}  // namespace normlab
