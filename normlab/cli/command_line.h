#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "normlab/base/error.h"

namespace normlab {

/// A signal ended the work; everything finished has been reported.
class StoppedBySignal : public Error {
 public:
  StoppedBySignal(int signal, const std::string& message) : Error(message), signal_(signal) {}
  int signal() const { return signal_; }

 private:
  int signal_;
};

/// The program's help: usage lines show what Option::option_text says of positional arguments.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_option_usage(const CLI::Option* option) const override;
};

/// Parses the arguments, which runs the callback of the command they name, or prints the help they
/// ask for. Throws RequestError for what cannot be understood, with the nearest command or flag.
void parse_command_line(CLI::App& app, int argc, const char* const* argv);

/// Runs `program` and turns how it ends into an exit status, with the message on standard error: 0
/// done, 1 something failed, 2 the request was wrong, 128 + n ended by signal n.
int exit_status_of(const std::function<void()>& program);

}  // namespace normlab
