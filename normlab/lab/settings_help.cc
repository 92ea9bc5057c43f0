#include "normlab/lab/settings_help.h"

#include <string_view>

#include <fmt/format.h>

#include "normlab/lab/grid.h"
#include "normlab/lab/settings.h"

namespace normlab {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::string_view kIndent = "      ";

constexpr std::string_view kGrammar =
    R"(Settings are written key=value. Several values make an axis, and trials are run
for every combination of the axes:

  lr=0.1,0.01          each of these
  seed=1..5            whole numbers from 1 to 5
  lr=log(1e-4,1,9)     9 values from 1e-4 to 1, evenly spaced in their logarithm
  lr=lin(0.1,0.5,5)    5 values from 0.1 to 0.5, evenly spaced
  data="a,b"           a value that holds a comma stands in double quotes

All settings but the seed make an arm. Arms follow the order of the axes, the
last of them changing fastest; norm=none,batch and seed=1..10 are added when not
given. The first arm is the one that the others are compared with. Of arms that
differ in nothing but settings without effect (norm in a model without norm
slots, momentum under Adam) one is run, and the program says so.
)";

/// The text broken into indented lines of at most kWidth characters.
std::string wrap(std::string_view text) {
  std::string lines;
  std::size_t column = kWidth;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (column + 1 + word.size() > kWidth) {
      lines += lines.empty() ? "" : "\n";
      lines += kIndent;
      column = kIndent.size();
    } else {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
  }
  return lines + '\n';
}

std::string default_of(const Setting& setting) {
  if (setting.key == "model") return "must be given";
  for (const auto& [key, values] : kDefaultAxes) {
    if (key == setting.key) return fmt::format("default {}", values);
  }
  return fmt::format("default {}", setting.format(TrialSettings{}));
}

}  // namespace

std::string settings_help() {
  std::string help(kGrammar);
  for (const SettingGroup& group : setting_groups()) {
    help += fmt::format("\n{}\n", group.title);
    for (const Setting& setting : group.settings) {
      help += fmt::format("\n  {}   ({})\n", setting.key, default_of(setting));
      help += wrap(setting.help);
      help += wrap(fmt::format("Values: {}.", setting.expected));
    }
  }
  return help;
}

}  // namespace normlab
