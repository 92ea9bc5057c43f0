#pragma once

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace normlab {

/// The committed snapshot report/snapshots/NAME. With NORMLAB_UPDATE_SNAPSHOTS set it is `actual`
/// that is written there first: look at the difference before committing it.
inline std::string snapshot(const std::string& name, const std::string& actual) {
  const std::string path = std::string(NORMLAB_SNAPSHOTS) + "/" + name;
  if (std::getenv("NORMLAB_UPDATE_SNAPSHOTS") != nullptr) std::ofstream(path) << actual;
  std::ifstream file(path);
  if (!file) ADD_FAILURE() << "no snapshot " << path << ": make it with NORMLAB_UPDATE_SNAPSHOTS=1";
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace normlab
