#pragma once

#include <string>

namespace normlab {

/// What the figures behind a sentence say: for batch normalization, against it, neither (the
/// interval holds zero), a limit of the study, or nothing about batch normalization.
enum class Verdict { in_favour, against, open, limit, fact };

/// A sentence that rests on measured figures.
struct Finding {
  std::string text;
  Verdict verdict = Verdict::fact;
};

}  // namespace normlab
