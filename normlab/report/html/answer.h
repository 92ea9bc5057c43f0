#pragma once

#include <vector>

#include "normlab/report/html/arms.h"
#include "normlab/report/html/finding.h"
#include "normlab/report/html/report_input.h"

/// Sentences made of measured figures. A difference is called one only where its 95 % interval
/// leaves zero out; where it holds zero the sentence says that nothing can be told.
namespace normlab {

/// The study's answer; the first is the headline. At least one.
std::vector<Finding> answer(const ReportInput& input);

/// One metric of a pair, "With batch normalization, validation accuracy after 5 epochs is 0.31
/// points higher [0.18, 0.44], 5 paired seeds". Without a full stop. Absent when no pair of trials
/// has values.
std::optional<Finding> difference_finding(const ReportInput& input, const ArmPair& pair,
                                          Metric metric);

/// "Of 4 comparisons of arms that differ in the norm alone, batch normalization does better in 3,
/// worse in 0; in 1 nothing can be told", for findings on the pairs. Without a full stop.
Finding tally(const std::vector<Finding>& pairs, const std::string& measured_by);

/// Whether an interval speaks for the arm, against it, or holds zero (open). Absent intervals are
/// open.
Verdict verdict_of(const std::optional<Interval>& ci95, bool larger_better);

/// "With batch normalization and batch=32", "With lr=0.1".
std::string with_arm(const ReportInput& input, const ArmPair& pair);

}  // namespace normlab
