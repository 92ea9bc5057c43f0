#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace normlab {

/// Something failed while the program did what was asked of it (exit status 1).
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The request itself was wrong: an unknown setting, an impossible shape, a damaged data file (exit
/// status 2). The message says what, where, what was expected and how to mend it.
class RequestError : public Error {
 public:
  using Error::Error;
};

/// Throws `E` with a message in fmt's syntax.
template <class E = RequestError, class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
  throw E(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace normlab
