#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <numeric>
#include <vector>

#include <dlfcn.h>
#include <execinfo.h>
#include <gtest/gtest.h>

#include "normlab/base/thread_pool.h"
#include "normlab/train/test_data.h"
#include "normlab/train/train_step.h"

/// Counts every `new` of this program while `counting`, those of oneDNN apart: it keeps its
/// arguments in a table that it makes for each call.
namespace {

std::atomic<bool> counting{false};
std::atomic<int> allocations{0};

bool called_by_onednn() {
  std::array<void*, 8> frames{};
  const int depth = backtrace(frames.data(), static_cast<int>(frames.size()));
  return std::any_of(frames.begin(), frames.begin() + depth, [](void* frame) {
    Dl_info info{};
    return dladdr(frame, &info) != 0 && std::strstr(info.dli_fname, "libdnnl") != nullptr;
  });
}

void note_allocation() {
  if (counting && !called_by_onednn()) ++allocations;
}

void* allocate(std::size_t size, std::size_t alignment) {
  void* memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

// Not inlined: the compiler would see `free` meet what it takes for the library's `new`.
[[gnu::noinline]] void* operator new(std::size_t size) {
  note_allocation();
  return allocate(size, alignof(std::max_align_t));
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  note_allocation();
  return allocate(size, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace normlab {
namespace {

class AllocationTest : public testing::TestWithParam<std::tuple<const char*, int>> {};

TEST_P(AllocationTest, ATrainingStepAllocatesNothing) {
  const auto [text, threads] = GetParam();
  const Dataset data = make_test_data(64, 3);
  std::vector<std::uint32_t> images(32);
  std::iota(images.begin(), images.end(), 0u);
  const InputScaler scaler(InputScale::minus_one_to_one, data, images);
  ThreadPool team(threads);
  Network network(parse_model_text(text), {6, 6, 1}, {}, {.max_examples = 32}, team);
  network.initialize({}, 1);
  Optimizer optimizer({.clip = 1}, network.parameters());
  TrainStep train_step(data, scaler, network, optimizer, 32, 0);
  const auto step = [&] {
    train_step.forward_loss(images, 0);
    train_step.update(0.001);
    train_step.forward(data.train, images, Mode::evaluation, 0);
  };
  step();
  called_by_onednn();  // the first backtrace allocates

  counting = true;
  for (int i = 0; i < 3; ++i) step();
  counting = false;
  EXPECT_EQ(allocations, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Models, AllocationTest,
    testing::Combine(
        testing::Values("flatten, linear 200, norm, relu, dropout 0.1, linear 3",
                        "conv 8 3x3, relu, norm, maxpool 2, conv 17 2x2, norm, gelu, avgpool 1, "
                        "global_avgpool, flatten, linear 3"),
        testing::Values(1, 2)));

TEST(Allocations, AreNoticed) {
  allocations = 0;
  counting = true;
  const std::vector<int> one(10);
  counting = false;
  EXPECT_EQ(allocations, 1);
  allocations = 0;
}

}  // namespace
}  // namespace normlab
