#include "normlab/train/trial_runner.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "normlab/base/flush_denormals.h"
#include "normlab/base/stopwatch.h"
#include "normlab/base/thread_pool.h"
#include "normlab/kernels/isa.h"
#include "normlab/nn/network.h"
#include "normlab/optim/optimizer.h"
#include "normlab/optim/schedule.h"
#include "normlab/train/augment.h"
#include "normlab/train/evaluator.h"
#include "normlab/train/input.h"
#include "normlab/train/majority.h"
#include "normlab/train/patience.h"
#include "normlab/train/predictions.h"
#include "normlab/train/probe_network.h"
#include "normlab/train/resume_file.h"
#include "normlab/train/step_seconds.h"
#include "normlab/train/tally.h"
#include "normlab/train/train_step.h"
#include "normlab/train/trial_plan.h"
#include "normlab/train/trial_probe.h"

namespace normlab {
namespace {

/// Steps whose losses get their room at once; a longer trial grows it.
constexpr std::int64_t kMostReserved = 1'000'000;

std::vector<std::uint32_t> all_images(const ImageSet& set) {
  return split_images(set.size(), 0, 0).train;
}

/// Of the norm layers that could not take part of their batch statistics.
std::vector<LostStatistics> lost_statistics(const Network& network) {
  constexpr std::string_view kName = ".lost_updates";
  std::vector<LostStatistics> lost;
  for (const StateTensor& state : network.state()) {
    if (!state.name.ends_with(kName)) continue;
    const double updates = std::accumulate(state.values.begin(), state.values.end(), 0.0);
    if (updates == 0) continue;
    lost.push_back({state.name.substr(0, state.name.size() - kName.size()),
                    static_cast<std::int64_t>(updates)});
  }
  return lost;
}

/// One trial under way.
class Trainer {
 public:
  Trainer(const TrialSettings& settings, const Dataset& data, const TrialContext& context)
      : settings_(settings),
        data_(data),
        context_(context),
        plan_(plan_trial(settings, data)),
        split_(split_trial(settings, data)),
        scaler_(settings.input_scale, data, split_.train),
        augmenter_(settings.augment, settings.seed, plan_.max_examples),
        team_(context.threads),
        network_(plan_.model, plan_.input, plan_.network, {.max_examples = plan_.max_examples},
                 team_),
        optimizer_(settings.optimizer, network_.parameters()),
        schedule_(settings.optimizer.schedule, settings.optimizer.lr, plan_.total_steps,
                  plan_.batches.batches()),
        step_(data, scaler_, network_, optimizer_, plan_.max_examples, settings.label_smoothing),
        evaluator_(step_, plan_.max_examples, data.classes(), settings.eval_flip),
        resume_({.path = context.resume_path,
                 .least_seconds = context.resume_seconds,
                 .on_trouble = [this](const std::string& why) { tell(TrialFile::state, why); }}) {
    network_.initialize(settings.init, settings.seed);
    if (auto progress = resume_.load(network_, optimizer_)) {
      record_ = std::move(progress->record);
      best_ = std::move(progress->best);
      earlier_seconds_ = record_.seconds;
    }
    prepare_probe();
    record_.train_examples = plan_.train_examples;
    record_.validation_examples = plan_.validation_examples;
    record_.validation_majority = settings.validation_is_test
                                      ? majority_share(data.test, all_images(data.test))
                                      : majority_share(data.train, split_.validation);
    record_.test_examples = data.test.size();
    const auto room = static_cast<std::size_t>(std::min(plan_.total_steps, kMostReserved));
    record_.step_losses.reserve(room);
    step_seconds_.reserve(room);
  }

  TrialRecord run() {
    while (record_.steps < plan_.total_steps && !record_.divergence && !record_.stopped_early)
      run_epoch();
    // The step that diverged was not taken.
    if (probe_)
      probe_->finish(record_.divergence && record_.divergence->phase == TrialPhase::training
                         ? record_.steps - 1
                         : record_.steps);
    if (!record_.divergence) test();
    if (record_.divergence) record_.status = TrialStatus::diverged;
    record_.lost_statistics = lost_statistics(network_);
    write_checkpoint();
    record_.step_seconds = typical_step_seconds(step_seconds_);
    record_.seconds = earlier_seconds_ + watch_.seconds();
    resume_.remove();
    return std::move(record_);
  }

 private:
  void prepare_probe() {
    if (context_.probe_interval == 0) return record_.probe.reset();
    if (!record_.probe) record_.probe.emplace();
    const bool on_test = settings_.validation_is_test;
    const auto validation = on_test ? all_images(data_.test) : split_.validation;
    probe_network_.emplace(settings_, plan_, network_,
                           ProbeNetwork::Batch{data_, scaler_, on_test ? data_.test : data_.train,
                                               probe_images(validation, settings_.batch)},
                           team_);
    probe_.emplace(TrialProbe::Subject{network_, step_, plan_.total_steps}, *probe_network_,
                   context_.probe_interval, *record_.probe);
  }

  double probe_seconds() const { return record_.probe ? record_.probe->seconds : 0; }

  void run_epoch() {
    const auto epoch = static_cast<std::int64_t>(record_.epochs.size());
    plan_.batches.order(order_, split_.train, settings_.seed, epoch, settings_.shuffle);
    const Stopwatch watch;
    const double looked_before = probe_seconds();
    Tally tally;
    for (std::int64_t i = 0; i < plan_.batches.batches() && record_.steps < plan_.total_steps;
         ++i) {
      if (context_.stop.stop_requested()) throw Interrupted("interrupted");
      if (!train_step(plan_.batches.batch(i), tally)) break;
      if (context_.observer != nullptr)
        context_.observer->on_step(record_.steps, plan_.total_steps);
    }
    const double seconds = watch.seconds() - (probe_seconds() - looked_before);
    record_.train_seconds += seconds;
    if (record_.divergence) return;
    const std::optional<Evaluation> validation = validate();
    if (!validation) return;
    finish_epoch({.epoch = epoch + 1,
                  .steps = record_.steps,
                  .train = tally.evaluation(),
                  .validation = *validation,
                  .seconds = seconds});
  }

  /// False when the loss was not finite.
  bool train_step(Range batch, Tally& tally) {
    if (probe_) probe_->before_step(record_.steps);
    const Stopwatch watch;
    const auto images = std::span(order_).subspan(static_cast<std::size_t>(batch.first),
                                                  static_cast<std::size_t>(batch.count));
    const auto epoch = static_cast<std::int64_t>(record_.epochs.size());
    const kernels::LossSums sums =
        step_.forward_loss(images, record_.steps, augmenter_.place(images, epoch));
    const double lr = schedule_.lr(record_.steps);
    ++record_.steps;
    const double loss = sums.loss / static_cast<double>(batch.count);
    record_.step_losses.push_back(static_cast<float>(loss));
    if (!std::isfinite(loss)) {
      diverge(TrialPhase::training);
      return false;
    }
    tally.add({sums, batch.count});
    step_.update(lr);
    step_seconds_.push_back(static_cast<float>(watch.seconds()));
    if (probe_) probe_->after_step(record_.steps - 1);
    return true;
  }

  /// In the pass that the network has just made.
  void diverge(TrialPhase phase) {
    const std::string layer = network_.find_non_finite();
    record_.divergence = Divergence{record_.steps, layer.empty() ? "loss" : layer, phase};
  }

  /// Absent when the loss was not finite, which is the end of the trial.
  std::optional<Evaluation> evaluate(TrialPhase phase, const ImageSet& set,
                                     std::span<const std::uint32_t> images,
                                     Predictions* predictions = nullptr) {
    Tally tally;
    const Pieces batches{static_cast<std::int64_t>(images.size()), plan_.max_examples};
    for (std::int64_t i = 0; i < batches.count(); ++i) {
      if (context_.stop.stop_requested()) throw Interrupted("interrupted");
      const Range range = batches.range(i);
      const ConstMatrix logits =
          evaluator_.logits(set,
                            images.subspan(static_cast<std::size_t>(range.first),
                                           static_cast<std::size_t>(range.count)),
                            record_.steps);
      const auto sums = kernels::softmax_cross_entropy({}, logits, step_.labels(), 0, 0);
      if (!std::isfinite(sums.loss)) {
        diverge(phase);
        return std::nullopt;
      }
      tally.add({sums, range.count});
      if (predictions != nullptr) append_predictions(*predictions, logits);
    }
    return tally.evaluation();
  }

  std::optional<Evaluation> validate() {
    if (settings_.validation_is_test)
      return evaluate(TrialPhase::validation, data_.test, all_images(data_.test));
    return evaluate(TrialPhase::validation, data_.train, split_.validation);
  }

  void test() {
    Predictions predictions;
    record_.test = evaluate(TrialPhase::test, data_.test, all_images(data_.test),
                            context_.keep_predictions ? &predictions : nullptr);
    if (record_.test && context_.keep_predictions) record_.predictions = std::move(predictions);
  }

  void finish_epoch(const EpochRecord& epoch) {
    record_.epochs.push_back(epoch);
    const double score = score_of(epoch.validation).value();
    if (settings_.checkpoint == CheckpointPolicy::best && !context_.checkpoint_path.empty() &&
        (!best_ || score > best_->score)) {
      best_ = BestEpoch{score, network_.save()};
    }
    record_.stopped_early =
        record_.steps < plan_.total_steps && patience_is_out(record_.epochs, settings_.patience);
    save_progress_if_due();
    if (context_.observer != nullptr) context_.observer->on_epoch(epoch, plan_.total_epochs);
  }

  /// After an epoch, but not so often that writing would cost more than a hundredth of the time:
  /// what an interruption loses is at most an epoch, or a fraction of a second.
  void save_progress_if_due() {
    const bool last = record_.steps == plan_.total_steps || record_.stopped_early;
    if (last || !resume_.is_due()) return;
    record_.seconds = earlier_seconds_ + watch_.seconds();
    resume_.save({record_, best_}, network_, optimizer_);
  }

  void tell(TrialFile file, const std::string& why) const {
    if (context_.observer != nullptr) context_.observer->on_unwritten(file, why);
  }

  void write_checkpoint() {
    if (settings_.checkpoint == CheckpointPolicy::none || context_.checkpoint_path.empty()) return;
    // What a diverged network holds is of no use to anyone; the best epoch before may be.
    if (settings_.checkpoint == CheckpointPolicy::last && !record_.divergence) {
      best_ = BestEpoch{0, network_.save()};
    }
    if (!best_) return;
    std::map<std::string, std::string> metadata = context_.checkpoint_metadata;
    metadata["normlab.input"] = to_string(plan_.input);
    metadata["normlab.layers"] = to_text(plan_.model);
    try {
      write_safetensors(context_.checkpoint_path, {std::move(best_->tensors), std::move(metadata)});
      record_.checkpoint = context_.checkpoint_path;
    } catch (const RequestError&) {
      throw;  // the tensors are wrong, not the disk
    } catch (const Error& error) {
      tell(TrialFile::checkpoint, error.what());
    }
  }

  const TrialSettings& settings_;
  const Dataset& data_;
  const TrialContext& context_;
  Stopwatch watch_;
  TrialPlan plan_;
  Split split_;
  InputScaler scaler_;
  Augmenter augmenter_;
  ThreadPool team_;
  Network network_;
  Optimizer optimizer_;
  Schedule schedule_;
  TrainStep step_;
  Evaluator evaluator_;
  ResumeFile resume_;
  std::vector<std::uint32_t> order_;
  std::vector<float> step_seconds_;  ///< of every step since the trial began or went on
  std::optional<BestEpoch> best_;
  TrialRecord record_;
  std::optional<ProbeNetwork> probe_network_;
  std::optional<TrialProbe> probe_;
  double earlier_seconds_ = 0;  ///< of this trial, before it was interrupted
};

}  // namespace

void check_precision(Precision precision, bool machine_has_bf16) {
  if (precision != Precision::bf16 || machine_has_bf16) return;
  fail(
      "precision=bf16: this processor, or the instruction set that NORMLAB_ISA chooses, lacks "
      "AVX512-BF16, without which bf16 is slower than float; use precision=float, or a processor "
      "that has it (Intel Xeon since Cooper Lake, AMD since Zen 4; 'normlab version' tells)");
}

std::vector<std::string> check_trial(const TrialSettings& settings, const Dataset& data) {
  check_precision(settings.precision, has_bf16());
  const TrialPlan plan = plan_trial(settings, data);
  if (settings.init.method != InitMethod::file) return {};
  ThreadPool team(1);
  Network network(plan.model, plan.input, plan.network, {.max_examples = 1}, team);
  std::string prefix;
  try {
    prefix = network.load(read_safetensors(settings.init.file));
  } catch (const RequestError& error) {
    fail("init={}: {}", settings.init.file, error.what());
  }
  if (prefix.empty()) return {};
  return {fmt::format("init={}: all names in the file begin with '{}', which is left out",
                      settings.init.file, prefix)};
}

TrialRecord run_trial(const TrialSettings& settings, const Dataset& data,
                      const TrialContext& context) {
  const FlushDenormals flush;
  return Trainer(settings, data, context).run();
}

}  // namespace normlab
