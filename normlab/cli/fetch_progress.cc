#include "normlab/cli/fetch_progress.h"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "normlab/cli/data_text.h"
#include "normlab/cli/output.h"
#include "normlab/cli/terminal.h"
#include "normlab/data/known_sets.h"
#include "normlab/data/load.h"

namespace normlab {
namespace {

constexpr auto kBetweenUpdates = std::chrono::milliseconds(100);

}  // namespace

std::string fetch_progress_text(const FetchProgress& progress, double bytes_per_second) {
  std::string text = fmt::format("{}  {} of {}", progress.file, bytes_text(progress.received),
                                 bytes_text(progress.expected));
  if (bytes_per_second > 0) {
    const double left = static_cast<double>(progress.expected - progress.received);
    text += fmt::format("  {}/s  {:.0f} s left",
                        bytes_text(static_cast<std::uint64_t>(bytes_per_second)),
                        std::ceil(left / bytes_per_second));
  }
  return text;
}

void FetchProgressPrinter::show(const FetchProgress& progress) {
  const bool restarted = progress.received < start_bytes_;
  if (progress.file != file_ || restarted) start_file(progress);
  if (!interactive_) return;
  const auto now = Clock::now();
  const bool complete = progress.received == progress.expected;
  if (!complete && now - shown_ < kBetweenUpdates) return;
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - started_).count();
  const auto bytes = static_cast<double>(progress.received - start_bytes_);
  const std::string text = fetch_progress_text(progress, seconds > 0 ? bytes / seconds : 0);
  write_message(fmt::format("\r{}\033[K", text));
}

void FetchProgressPrinter::start_file(const FetchProgress& progress) {
  if (progress.file != file_) {
    end();
    if (!interactive_) {
      write_message(
          fmt::format("fetching {} ({})\n", progress.file, bytes_text(progress.expected)));
    }
  }
  file_ = progress.file;
  started_ = Clock::now();
  start_bytes_ = progress.received;
}

void FetchProgressPrinter::end() {
  if (interactive_ && !file_.empty()) write_message("\n");
  file_.clear();
}

SetFetch fetch_with_progress(const KnownSet& set, FetchOptions options) {
  FetchProgressPrinter printer(inspect_terminal(Stream::error).interactive);
  options.progress = [&](const FetchProgress& step) { printer.show(step); };
  return fetch_set(set, std::move(options));
}

Dataset load_or_fetch_dataset(const std::string& name) {
  if (const KnownSet* set = find_known_set(name)) fetch_with_progress(*set, {});
  return load_dataset(name);
}

}  // namespace normlab
