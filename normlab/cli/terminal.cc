#include "normlab/cli/terminal.h"

#include <algorithm>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

namespace normlab {
namespace {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool is_dumb() {
  const char* kind = std::getenv("TERM");
  return kind == nullptr || std::string_view(kind) == "dumb";
}

bool starts_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

}  // namespace

Terminal inspect_terminal(Stream stream) {
  const int descriptor = stream == Stream::output ? STDOUT_FILENO : STDERR_FILENO;
  Terminal terminal;
  terminal.interactive = isatty(descriptor) != 0 && !is_dumb();
  terminal.colours = terminal.interactive && !is_set("NO_COLOR");
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    terminal.columns = size.ws_col;
    terminal.rows = size.ws_row;
  }
  return terminal;
}

int text_width(std::string_view text) {
  return static_cast<int>(std::ranges::count_if(text, starts_code_point));
}

std::string fit(std::string_view text, int columns) {
  std::string fitted;
  int width = 0;
  for (const char c : text) {
    if (starts_code_point(c) && ++width > columns) break;
    fitted += c;
  }
  if (width < columns) fitted.append(static_cast<std::size_t>(columns - width), ' ');
  return fitted;
}

}  // namespace normlab
