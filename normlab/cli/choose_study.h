#pragma once

#include <string>

#include "normlab/store/store.h"

namespace normlab {

/// Says on standard error which study it is when others have its name and `word` is that name.
void say_which(Store& store, const StoredStudy& chosen, const std::string& word,
               const std::string& runs);

}  // namespace normlab
