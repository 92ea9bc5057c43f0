#include "normlab/lab/metric.h"

#include <set>

#include <gmock/gmock.h>

#include "normlab/base/error.h"
#include "normlab/lab/metric_description.h"

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
  for (const Metric metric : all_metrics()) EXPECT_EQ(metric_named(name(metric)), metric);
  EXPECT_THAT(error_of([] { metric_named("validation_acuracy"); }),
              AllOf(HasSubstr("no metric 'validation_acuracy'"),
                    HasSubstr("did you mean 'validation_accuracy'?"), HasSubstr("train_loss, ")));
}

TEST(Metric, AStudyIsDecidedByAnOutcome) {
  EXPECT_EQ(primary_named("test_loss"), Metric::test_loss);
  EXPECT_THAT(error_of([] { primary_named("step_seconds"); }),
              AllOf(HasSubstr("step_seconds, which describes"), HasSubstr("validation_accuracy")));
  for (const Metric metric : all_metrics()) EXPECT_FALSE(is_time(metric) && is_outcome(metric));
}

TEST(Metric, EveryDescriptionIsWhole) {
  std::set<std::string> names;
  for (const MetricDescription& d : registered_metrics()) {
    SCOPED_TRACE(d.name);
    EXPECT_TRUE(names.insert(d.name).second) << "two of one name";
    EXPECT_FALSE(d.noun.empty() || d.label.empty());
    EXPECT_LT(d.range.low, d.range.high);
    EXPECT_NE(static_cast<bool>(d.value), d.arrival != nullptr) << "measured in one way";
  }
}

}  // namespace
}  // namespace normlab
