#include "normlab/cli/command_line.h"

#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "normlab/base/suggest.h"
#include "normlab/cli/output.h"

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

[[noreturn]] void fail_leftover(CLI::App& app) {
  const std::string word = app.remaining().front();
  const std::string name = full_name(app);
  if (word.starts_with('-')) {
    const std::string flag = word.substr(0, word.find('='));
    fail("{} has no flag {}{} ('{} --help' lists them)", name, flag,
         suggestion(flag, flag_names(app)), name);
  }
  if (command_names(app).empty()) fail("{}: what is '{}' for? ('{} --help')", name, word, name);
  fail("{} has no command '{}'{} ('{} --help' lists them)", name, word,
       suggestion(word, command_names(app)), name);
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
    if (const CLI::Option* repeated = find_repeated(innermost_command(app)))
      fail("{} is given twice", repeated->get_name());
    fail("{} ('{} --help')", error.what(), full_name(innermost_command(app)));
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
