#include "normlab/store/ambiguity.h"

#include <algorithm>

#include <fmt/format.h>

#include "normlab/base/error.h"

namespace normlab {

void fail_ambiguous(std::string_view what, std::string_view word,
                    std::span<const Candidate> candidates) {
  constexpr std::size_t kMostNamed = 12;
  std::string list;
  for (const Candidate& candidate : candidates.first(std::min(candidates.size(), kMostNamed)))
    list += fmt::format("\n  {}  {}", candidate.id, candidate.description);
  if (candidates.size() > kMostNamed)
    list += fmt::format("\n  and {} more", candidates.size() - kMostNamed);
  fail("several {} begin with '{}'; give more of the id:{}", what, word, list);
}

}  // namespace normlab
