#include "normlab/base/thread_pool.h"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "normlab/base/aligned_buffer.h"
#include "normlab/base/flush_denormals.h"

namespace normlab {
namespace {

/// How long an idle worker looks for the next loop before it sleeps. A training step opens a loop
/// every few microseconds, a sleeping thread needs about fifty to wake.
constexpr int kSpins = 4000;

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

}  // namespace

struct ThreadPool::State {
  /// Consecutive pieces of a loop, which one worker starts with.
  struct alignas(kAlignment) Share {
    std::atomic<std::int64_t> next{0};
    std::int64_t end = 0;
  };

  Task task;
  std::vector<Share> shares;
  std::atomic<int> working{0};
  std::atomic<std::uint64_t> generation{0};
  std::atomic<bool> stop{false};
  std::atomic<bool> failed{false};
  std::exception_ptr failure;
  std::mutex mutex;
  std::condition_variable wake;
  std::vector<std::jthread> workers;

  explicit State(int threads) : shares(static_cast<std::size_t>(threads)) {}

  void share_out(std::int64_t count) {
    std::int64_t first = 0;
    std::int64_t workers_left = std::ssize(shares);
    for (Share& share : shares) {
      share.next = first;
      first += (count - first) / workers_left--;
      share.end = first;
    }
  }

  /// First the worker's own share, then what is left of the others'.
  void take_pieces(int worker) {
    for (std::size_t turn = 0; turn < shares.size(); ++turn) {
      Share& share = shares[(static_cast<std::size_t>(worker) + turn) % shares.size()];
      for (std::int64_t i = share.next++; i < share.end; i = share.next++) take_piece(i, worker);
    }
  }

  void take_piece(std::int64_t index, int worker) {
    try {
      task.call(task.target, index, worker);
    } catch (...) {
      if (!failed.exchange(true)) failure = std::current_exception();
    }
  }

  /// Returns when a loop newer than `seen` was opened or the pool stops.
  void wait_for_work(std::uint64_t seen) {
    for (int spin = 0; spin < kSpins; ++spin) {
      if (generation.load(std::memory_order_acquire) != seen) return;
      relax();
    }
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return generation.load() != seen; });
  }

  void work(int worker) {
    const FlushDenormals flush;
    std::uint64_t seen = 0;
    while (true) {
      wait_for_work(seen);
      ++seen;
      if (stop) return;
      take_pieces(worker);
      working.fetch_sub(1, std::memory_order_release);
    }
  }

  void open_generation() {
    {
      const std::scoped_lock lock(mutex);
      generation.fetch_add(1, std::memory_order_release);
    }
    wake.notify_all();
  }
};

ThreadPool::ThreadPool(int threads) : state_(std::make_unique<State>(threads)) {
  for (int i = 1; i < threads; ++i) {
    state_->workers.emplace_back([state = state_.get(), i] { state->work(i); });
  }
}

ThreadPool::~ThreadPool() {
  state_->stop = true;
  state_->open_generation();
  state_->workers.clear();
}

int ThreadPool::threads() const {
  return static_cast<int>(state_->workers.size()) + 1;
}

void ThreadPool::run_erased(std::int64_t count, Task task) {
  State& state = *state_;
  if (state.workers.empty() || count <= 1) {
    for (std::int64_t i = 0; i < count; ++i) task.call(task.target, i, 0);
    return;
  }
  state.task = task;
  state.share_out(count);
  state.working = static_cast<int>(state.workers.size());
  state.open_generation();
  state.take_pieces(0);
  while (state.working.load(std::memory_order_acquire) != 0) relax();
  if (state.failed.exchange(false)) std::rethrow_exception(std::exchange(state.failure, nullptr));
}

}  // namespace normlab
