#pragma once

#include "normlab/report/html/blocks.h"
#include "normlab/report/html/report_input.h"

namespace normlab {

/// What the reader is told about all of these charts, once.
extern const char* const kSingleEpoch;

/// Whether there are epoch_rows() and all are of the first epoch: then there is no curve to draw.
bool has_single_epoch(const Json& epoch_rows);

/// Instead of `curve` over epochs: each seed's value of the only epoch, with the mean and its 95 %
/// interval, arm by arm; from the data sets `epochs` and `epoch_means` (curve_rows.h).
Chart single_epoch_chart(const ReportInput& input, Metric metric, const Chart& curve);

}  // namespace normlab
