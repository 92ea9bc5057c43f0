#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "normlab/data/dataset.h"
#include "normlab/lab/comparison.h"
#include "normlab/report/html/report_input.h"
#include "normlab/store/store.h"

namespace normlab {

/// A data set by its name. Throws RequestError when it is not to be had: then the report shows no
/// images and says why.
using FindDataset = std::function<std::shared_ptr<const Dataset>(const std::string&)>;

/// Reads it as `normlab run` does.
std::shared_ptr<const Dataset> read_dataset(const std::string& name);

/// Reads the probe and the predictions that a report shows of each arm: those of its finished trial
/// of the lowest seed that has them, of one that diverged if no other has.
void add_insights(Store& store, std::vector<TrialResult>& results);

/// What a report says, without what only pictures need: images, model, environments. `comparison`
/// must be that of the study and `results`.
ReportInput report_input(const StoredStudy& stored, std::vector<TrialResult> results,
                         Comparison comparison);

/// The report as an HTML page, `input` as report_input() makes it. `environments`:
/// Store::environments. Throws RequestError when the program was built without the page.
std::string study_html(ReportInput input, std::vector<std::string> environments,
                       const FindDataset& find_dataset);

/// Whether this program has the page.
bool has_report_page();

}  // namespace normlab
