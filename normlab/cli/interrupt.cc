#include "normlab/cli/interrupt.h"

#include <pthread.h>
#include <unistd.h>

namespace normlab {
namespace {

/// Wakes the watching thread when there is nothing left to watch.
constexpr int kWake = SIGUSR1;

bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

InterruptWatch::InterruptWatch() {
  sigemptyset(&watched_);
  sigaddset(&watched_, kWake);
  for (const int signal : {SIGINT, SIGTERM}) {
    if (!is_ignored(signal)) sigaddset(&watched_, signal);
  }
  pthread_sigmask(SIG_BLOCK, &watched_, &previous_);
  thread_ = std::thread([this] { watch(); });
}

InterruptWatch::~InterruptWatch() {
  finished_ = true;
  pthread_kill(thread_.native_handle(), kWake);
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
}

void InterruptWatch::watch() {
  while (!finished_) {
    int signal = 0;
    if (sigwait(&watched_, &signal) != 0 || signal == kWake) continue;
    if (signal_ != 0) _exit(128 + signal);
    signal_ = signal;
    stop_.request_stop();
  }
}

}  // namespace normlab
