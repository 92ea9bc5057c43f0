#include "normlab/cli/output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "normlab/base/error.h"

namespace normlab {
namespace {

[[noreturn]] void fail_to_write() {
  fail<Error>("cannot write to standard output: {}", std::strerror(errno));
}

}  // namespace

void write_output(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) fail_to_write();
  if (std::fflush(stdout) != 0) fail_to_write();
}

void flush_output() {
  std::cout.flush();
  if (!std::cout.good() || std::fflush(stdout) != 0 || std::ferror(stdout) != 0) fail_to_write();
}

void write_message(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

void write_warnings(std::span<const std::string> warnings) {
  for (const std::string& warning : warnings)
    write_message(fmt::format("normlab: warning: {}\n", warning));
}

}  // namespace normlab
