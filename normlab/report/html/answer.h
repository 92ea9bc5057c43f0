#pragma once

#include <vector>

#include "normlab/report/html/arms.h"
#include "normlab/report/html/finding.h"
#include "normlab/report/html/report_input.h"

/// Sentences made of measured figures. A difference is called one only where its 95 % interval
/// leaves zero out; where it holds zero the sentence says that nothing can be told. A verdict on
/// two arms needs that they do not contradict each other: how good the pairs are that both trained,
/// and in how many which of them trained.
namespace normlab {

/// The study's answer; the first is the headline. At least one.
std::vector<Finding> answer(const ReportInput& input);

/// One metric of a pair, "With batch normalization, validation accuracy after 5 epochs is 0.31
/// points higher [0.18, 0.44], 5 paired seeds". Without a full stop. Absent when no pair of trials
/// has values. Requires: the metric is an outcome (is_outcome); times decide nothing.
std::optional<Finding> difference_finding(const ReportInput& input, const ArmPair& pair,
                                          Metric metric);

/// "With batch normalization and batch=32", "With lr=0.1".
std::string with_arm(const ReportInput& input, const ArmPair& pair);

}  // namespace normlab
