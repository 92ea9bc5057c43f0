#include "normlab/base/memory.h"

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(Memory, SomeIsThereAndNotMoreThanTheMachineHas) {
  EXPECT_GT(total_memory(), 1 << 24);
  EXPECT_GT(available_memory(), 1 << 20);
  EXPECT_LE(available_memory(), total_memory());
}

}  // namespace
}  // namespace normlab
