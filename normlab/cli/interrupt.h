#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace normlab {

/// While it lives, the first SIGINT (^C) or SIGTERM requests a stop, and the second ends the
/// process at once. Signals that were ignored before stay ignored. Make it before other threads,
/// one at a time: threads inherit that the signals are kept from them.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  std::stop_token token() const { return stop_.get_token(); }
  /// The signal that came; 0 when none did.
  int signal() const { return signal_; }

 private:
  void watch();

  sigset_t watched_{};
  sigset_t previous_{};
  std::stop_source stop_;
  std::atomic<int> signal_ = 0;
  std::atomic<bool> finished_ = false;
  std::thread thread_;
};

}  // namespace normlab
