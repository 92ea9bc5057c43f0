#pragma once

/// CLI11's application by name only: the library's own header takes a compiler four seconds, and
/// the header of a command needs no more.
namespace CLI {
class App;
}  // namespace CLI
