#include "normlab/nn/state_dict.h"

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error.h"
#include "normlab/nn/network_test.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kModel = "4: linear 3, norm";

/// The state of a network with `change` applied to the tensor of that name.
TensorFile state_with(const std::string& name, const std::function<void(Tensor&)>& change) {
  TensorFile file{make_network(kModel).save(), {}};
  change(*std::ranges::find(file.tensors, name, &Tensor::name));
  return file;
}

TensorFile state_with(const std::string& name, std::size_t place, float value) {
  return state_with(
      name, [&](Tensor& tensor) { std::get<std::vector<float>>(tensor.values).at(place) = value; });
}

std::string error_of(const TensorFile& file) {
  Network network = make_network(kModel);
  const std::vector<std::byte> before = format_safetensors({network.save(), {}});
  try {
    network.load(file);
  } catch (const RequestError& error) {
    EXPECT_EQ(format_safetensors({network.save(), {}}), before) << "nothing is changed";
    return error.what();
  }
  return "no error";
}

TEST(StateDict, RefusesWhatIsNotFiniteWithTensorAndPlace) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(error_of(state_with("0.weight", 0, 0.5f)), "no error");
  EXPECT_THAT(error_of(state_with("1.running_var", 2, kNan)),
              AllOf(HasSubstr("'1.running_var' holds nan at [2]"), HasSubstr("finite number")));
  EXPECT_THAT(error_of(state_with("0.weight", 6, -kInfinity)),
              HasSubstr("'0.weight' holds -inf at [1, 2]"));
  EXPECT_THAT(error_of(state_with("1.running_mean", 0, kInfinity)),
              HasSubstr("'1.running_mean' holds inf at [0]"));
  const TensorFile wide = state_with("0.bias", [](Tensor& tensor) {
    tensor.values = std::vector<double>{0, 1e300, 0};
  });
  EXPECT_THAT(error_of(wide), HasSubstr("'0.bias' holds inf at [1]")) << "beyond floats";
}

TEST(StateDict, RefusesAVarianceBelowZero) {
  EXPECT_THAT(error_of(state_with("1.running_var", 1, -0.5f)),
              AllOf(HasSubstr("'1.running_var' holds -0.5 at [1]"), HasSubstr("never negative")));
  EXPECT_EQ(error_of(state_with("1.running_var", 1, 0)), "no error");
  EXPECT_EQ(error_of(state_with("1.running_mean", 1, -0.5f)), "no error");
  const TensorFile counted = state_with("1.num_batches_tracked", [](Tensor& tensor) {
    tensor.values = std::vector<std::int64_t>{-1};
  });
  EXPECT_THAT(error_of(counted), HasSubstr("'1.num_batches_tracked' holds -1"));
}

TensorFile with_prefix(const std::string& prefix) {
  TensorFile file{make_network(kModel).save(), {}};
  for (Tensor& tensor : file.tensors) tensor.name = prefix + tensor.name;
  return file;
}

TEST(StateDict, LeavesOutWhatOthersPutInFrontOfAllNames) {
  for (const char* prefix : {"", "module.", "_orig_mod.", "module._orig_mod.", "net."}) {
    Network source = make_network(kModel);
    source.initialize({}, 7);
    TensorFile file{source.save(), {}};
    for (Tensor& tensor : file.tensors) tensor.name = prefix + tensor.name;
    Network network = make_network(kModel);
    EXPECT_EQ(network.load(file), prefix);
    EXPECT_EQ(format_safetensors({network.save(), {}}), format_safetensors({source.save(), {}}));
  }
}

TEST(StateDict, APrefixThatSomeNamesLackIsNone) {
  TensorFile file = with_prefix("module.");
  file.tensors.back().name = "1.num_batches_tracked";
  EXPECT_THAT(error_of(file), HasSubstr("tensor '0.weight' is missing"));
  file = with_prefix("module.");
  file.tensors.back().name = "module.1.count";
  EXPECT_THAT(error_of(file), HasSubstr("tensor 'module.1.num_batches_tracked' is missing"))
      << "by the name that the file would have for it";
}

}  // namespace
}  // namespace normlab
