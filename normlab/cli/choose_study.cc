#include "normlab/cli/choose_study.h"

#include <vector>

#include <fmt/format.h>

#include "normlab/cli/output.h"
#include "normlab/lab/study_difference.h"
#include "normlab/store/study_command.h"

namespace normlab {

void say_which(Store& store, const StoredStudy& chosen, const std::string& word,
               const std::string& runs) {
  if (word != chosen.study.name || word == chosen.study.id) return;
  std::vector<Study> namesakes;
  for (StoredStudy& stored : store.studies_named(word))
    namesakes.push_back(std::move(stored.study));
  if (namesakes.size() < 2) return;
  write_message(
      fmt::format("normlab: {} studies are called {}: this is the latest, {} ({}). '{}' "
                  "tells them apart\n",
                  namesakes.size(), word, chosen.study.id, tell_apart(namesakes).back(),
                  normlab_command({"list"}, runs)));
}

}  // namespace normlab
