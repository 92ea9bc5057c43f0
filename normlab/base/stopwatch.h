#pragma once

#include <chrono>
#include <optional>

namespace normlab {

/// Wall time since it was made.
class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Adds its lifetime in seconds to `total`; with null it does nothing.
class AddSeconds {
 public:
  explicit AddSeconds(double* total) : total_(total) {
    if (total_ != nullptr) watch_.emplace();
  }
  ~AddSeconds() {
    if (total_ != nullptr) *total_ += watch_->seconds();
  }
  AddSeconds(const AddSeconds&) = delete;
  AddSeconds& operator=(const AddSeconds&) = delete;

 private:
  double* total_;
  std::optional<Stopwatch> watch_;
};

}  // namespace normlab
