#include "normlab/lab/metric.h"

#include <gmock/gmock.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::HasSubstr;

template <class Call>
std::string error_of(Call&& call) {
  try {
    call();
  } catch (const RequestError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Metric, IsFoundByItsName) {
  for (const Metric metric : kMetrics) EXPECT_EQ(metric_named(name(metric)), metric);
  EXPECT_THAT(error_of([] { metric_named("validation_acuracy"); }),
              AllOf(HasSubstr("no metric 'validation_acuracy'"),
                    HasSubstr("did you mean 'validation_accuracy'?"), HasSubstr("train_loss, ")));
}

TEST(Metric, AStudyIsDecidedByAnOutcome) {
  EXPECT_EQ(primary_named("test_loss"), Metric::test_loss);
  EXPECT_THAT(error_of([] { primary_named("step_seconds"); }),
              AllOf(HasSubstr("step_seconds, which describes"), HasSubstr("validation_accuracy")));
  for (const Metric metric : kMetrics) EXPECT_FALSE(is_time(metric) && is_outcome(metric));
}

}  // namespace
}  // namespace normlab
