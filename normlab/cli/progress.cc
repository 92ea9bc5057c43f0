#include "normlab/cli/progress.h"

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "normlab/base/stopwatch.h"
#include "normlab/cli/output.h"
#include "normlab/cli/progress_bars.h"
#include "normlab/cli/progress_board.h"
#include "normlab/cli/progress_lines.h"
#include "normlab/cli/terminal.h"
#include "normlab/lab/time_left.h"

namespace normlab {
namespace {

constexpr double kSecondsBetweenDrawings = 0.1;

class Bars final : public StudyObserver {
 public:
  Bars(const Study& study, TimeLeft left) : board_(study), left_(std::move(left)) {}
  ~Bars() override { draw(); }
  Bars(const Bars&) = delete;
  Bars& operator=(const Bars&) = delete;

  void on_trial_start(std::size_t trial) override {
    update([&](double now) {
      board_.start_trial(trial, now);
      left_.start_trial(trial, now);
    });
  }
  void on_step(std::size_t trial, std::int64_t step, std::int64_t total_steps) override {
    update([&](double now) {
      board_.count_step(trial, step, total_steps, now);
      left_.count_step(trial, step, total_steps, now);
    });
  }
  void on_epoch(std::size_t trial, const EpochRecord& epoch, std::int64_t total_epochs) override {
    update([&](double) { board_.finish_epoch(trial, epoch, total_epochs); });
  }
  void on_trial_end(std::size_t trial, const TrialRecord& record) override {
    update([&](double now) {
      board_.end_trial(trial, record.status, now);
      left_.end_trial(trial, now);
    });
  }
  void on_trial_reused(std::size_t trial, const TrialRecord& record) override {
    update([&](double) {
      board_.reuse_trial(trial, record);
      left_.reuse_trial(trial);
    });
  }
  /// Above the bars, where it stays.
  void on_warning(const std::string& warning) override {
    const std::lock_guard lock(mutex_);
    if (drawn_ > 0) write_message(fmt::format("\x1b[{}A\r\x1b[J", drawn_));
    write_message(fmt::format("normlab: warning: {}\n", warning));
    drawn_ = 0;
    draw();
  }

 private:
  template <class Change>
  void update(Change&& change) {
    const std::lock_guard lock(mutex_);
    const double now = watch_.seconds();
    change(now);
    if (now < next_drawing_) return;
    draw();
    next_drawing_ = now + kSecondsBetweenDrawings;
  }

  /// Overwrites the previous drawing, line by line.
  void draw() {
    const std::vector<std::string> lines = draw_bars(
        board_.arms(), {left_.share_done(), left_.seconds()}, inspect_terminal(Stream::error));
    std::string text = drawn_ > 0 ? fmt::format("\x1b[{}A", drawn_) : "";
    for (const std::string& line : lines) text += fmt::format("\r{}\x1b[K\n", line);
    text += "\x1b[J";
    write_message(text);
    drawn_ = lines.size();
  }

  std::mutex mutex_;
  ProgressBoard board_;
  TimeLeft left_;
  Stopwatch watch_;
  double next_drawing_ = 0;
  std::size_t drawn_ = 0;  ///< lines of the previous drawing
};

}  // namespace

std::unique_ptr<StudyObserver> make_progress(const Study& study, std::span<const double> costs,
                                             int jobs) {
  TimeLeft left(study, costs, jobs);
  if (inspect_terminal(Stream::error).interactive)
    return std::make_unique<Bars>(study, std::move(left));
  return std::make_unique<ProgressLines>(study, std::move(left), write_message);
}

}  // namespace normlab
