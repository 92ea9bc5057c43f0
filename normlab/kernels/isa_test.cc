#include "normlab/kernels/isa.h"

#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <oneapi/dnnl/dnnl.h>

#include "normlab/base/error.h"
#include "normlab/kernels/kernel_test.h"

namespace normlab {
namespace {

using testing::HasSubstr;

std::string message_of(std::string_view name) {
  try {
    select_isa(name);
  } catch (const RequestError& error) {
    return error.what();
  }
  return "no error";
}

TEST(IsaTest, WidestIsTheDefault) {
  ASSERT_FALSE(supported_isas().empty());
  select_isa("");
  EXPECT_EQ(current_isa(), supported_isas().back());
}

TEST(IsaTest, UnknownNameIsRefusedWithTheChoices) {
  const std::string message = message_of("avx1024");
  EXPECT_THAT(message, HasSubstr("'avx1024': unknown"));
  for (const Isa isa : supported_isas()) EXPECT_THAT(message, HasSubstr(to_string(isa)));
}

TEST(IsaTest, KnownNameOfAnotherMachineIsRefused) {
  const bool is_arm = supported_isas().front() == Isa::neon;
  EXPECT_THAT(message_of(is_arm ? "avx2" : "neon"), HasSubstr("lacks it; it has "));
}

TEST(IsaTest, RefusalChangesNothing) {
  const Isa before = current_isa();
  EXPECT_THROW(select_isa("AVX2"), RequestError) << "names are lower case";
  EXPECT_EQ(current_isa(), before);
}

class EveryIsaTest : public kernels::KernelTest {};

TEST_P(EveryIsaTest, CanBeSelectedAgainAndAgain) {
  for (int round = 0; round < 3; ++round) {
    for (const Isa isa : supported_isas()) {
      select_isa(to_string(isa));
      EXPECT_EQ(current_isa(), isa);
    }
  }
  select_isa(to_string(GetParam()));
}

#if defined(__x86_64__)
/// Whether oneDNN uses this instruction set and no wider one. AVX-512 may come with extensions to
/// bf16, but not with those for matrices (AMX).
bool onednn_uses(Isa isa) {
  const int used = dnnl_get_effective_cpu_isa();
  switch (isa) {
    case Isa::sse4:
      return used == dnnl_cpu_isa_sse41;
    case Isa::avx2:
      return used == dnnl_cpu_isa_avx2;
    case Isa::avx512:
      return (used & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core &&
             (used | dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
    case Isa::neon:
      break;
  }
  return false;
}

TEST_P(EveryIsaTest, HoldsOneDnnToo) {
  // In a process of its own: oneDNN cannot change after its first use.
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        select_isa(to_string(GetParam()));
        std::exit(onednn_uses(GetParam()) ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}
#endif

TEST_P(EveryIsaTest, OnlyAvx512HasBf16) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        select_isa(to_string(GetParam()));
        std::exit(has_bf16() && GetParam() != Isa::avx512 ? 1 : 0);
      },
      testing::ExitedWithCode(0), "");
}

INSTANTIATE_TEST_SUITE_P(Isas, EveryIsaTest, kernels::every_isa(), kernels::isa_name);

}  // namespace
}  // namespace normlab
