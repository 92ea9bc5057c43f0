#pragma once

#include <span>
#include <string>
#include <string_view>

namespace normlab {

/// Something that a word may mean.
struct Candidate {
  std::string id;
  std::string description;  ///< what tells it from the others
};

/// Throws the RequestError "several studies begin with '7'; give more of the id:" with a line for
/// each candidate, the first of many. `what`: "studies", say.
[[noreturn]] void fail_ambiguous(std::string_view what, std::string_view word,
                                 std::span<const Candidate> candidates);

}  // namespace normlab
