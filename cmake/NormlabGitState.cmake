# Run at every build (cmake -P): writes OUTPUT, a header with the state of the sources at SOURCE, when it has changed.
# "3f2a91c", "3f2a91c with local changes", or "unknown" outside a git repository.

execute_process(COMMAND git -C "${SOURCE}" describe --always --abbrev=12 --exclude=* --dirty=+
  OUTPUT_VARIABLE state OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
if(failed)
  set(state "unknown")
endif()
string(REPLACE "+" " with local changes" state "${state}")
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT [[#pragma once

namespace normlab {

inline constexpr const char* kGitState = "@state@";

}  // namespace normlab
]] @ONLY)
