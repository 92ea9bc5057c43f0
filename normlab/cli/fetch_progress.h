#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "normlab/data/dataset.h"
#include "normlab/fetch/fetch_set.h"

namespace normlab {

/// "train-images-idx3-ubyte.gz  3.2 MB of 9.9 MB  1.2 MB/s  5 s left".
std::string fetch_progress_text(const FetchProgress& progress, double bytes_per_second);

/// Shows a download on standard error: on a terminal one line that is written over some times a
/// second, else one line for each file.
class FetchProgressPrinter {
 public:
  explicit FetchProgressPrinter(bool interactive) : interactive_(interactive) {}
  ~FetchProgressPrinter() { end(); }
  FetchProgressPrinter(const FetchProgressPrinter&) = delete;
  FetchProgressPrinter& operator=(const FetchProgressPrinter&) = delete;

  void show(const FetchProgress& progress);
  /// Ends the line of the current file, for whatever is printed next.
  void end();

 private:
  using Clock = std::chrono::steady_clock;
  void start_file(const FetchProgress& progress);

  bool interactive_;
  std::string file_;
  Clock::time_point started_;
  Clock::time_point shown_;
  std::uint64_t start_bytes_ = 0;
};

/// fetch_set() with its progress on standard error.
SetFetch fetch_with_progress(const KnownSet& set, FetchOptions options);

/// load_dataset(), after the download of a set that has mirrors and is not complete.
Dataset load_or_fetch_dataset(const std::string& name);

}  // namespace normlab
