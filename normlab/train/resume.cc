#include "normlab/train/resume.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "normlab/base/error.h"
#include "normlab/kernels/isa.h"
#include "normlab/train/epochs_document.h"
#include "normlab/train/probe_document.h"

namespace normlab {
namespace {

constexpr std::string_view kNetwork = "network.";
constexpr std::string_view kBest = "best.";
constexpr const char* kFirst = "optimizer.first";
constexpr const char* kSecond = "optimizer.second";
constexpr const char* kLosses = "record.step_losses";
constexpr const char* kEpochs = "record.epochs.cbor";
constexpr const char* kNumbers = "record.numbers";
constexpr const char* kProbe = "record.probe";
constexpr std::string_view kUnstored = "unstored.";
constexpr const char* kIsa = "isa";

Tensor make_tensor(const char* name, std::span<const float> values) {
  return {name, {std::ssize(values)}, std::vector<float>(values.begin(), values.end())};
}

/// Bytes in words of eight, their number in front.
Tensor bytes_tensor(const char* name, std::span<const std::byte> bytes) {
  std::vector<std::int64_t> words(1 + (bytes.size() + 7) / 8);
  words[0] = std::ssize(bytes);
  std::memcpy(words.data() + 1, bytes.data(), bytes.size());
  return {name, {std::ssize(words)}, std::move(words)};
}

std::span<const std::byte> bytes_from(const std::vector<std::int64_t>& words, const char* name) {
  const auto bytes = std::as_bytes(std::span(words));
  if (words.empty() || words[0] < 0 || words[0] > std::ssize(bytes) - 8)
    fail("'{}' has another size", name);
  return bytes.subspan(8, static_cast<std::size_t>(words[0]));
}

void add_prefixed(TensorFile& file, std::string_view prefix, std::vector<Tensor> tensors) {
  for (Tensor& tensor : tensors) {
    tensor.name = std::string(prefix) + tensor.name;
    file.tensors.push_back(std::move(tensor));
  }
}

std::vector<Tensor> take_prefixed(const TensorFile& file, std::string_view prefix) {
  std::vector<Tensor> tensors;
  for (const Tensor& tensor : file.tensors) {
    if (!tensor.name.starts_with(prefix)) continue;
    tensors.push_back(tensor);
    tensors.back().name.erase(0, prefix.size());
  }
  return tensors;
}

/// State that is not part of checkpoints, as it lies in memory.
std::vector<Tensor> unstored_state(const Network& network) {
  std::vector<Tensor> tensors;
  for (const StateTensor& state : network.state()) {
    if (!state.stored) tensors.push_back(make_tensor(state.name.c_str(), state.values));
  }
  return tensors;
}

template <class T>
const std::vector<T>& values_of(const TensorFile& file, const char* name) {
  const Tensor* tensor = file.find(name);
  const auto* values = tensor == nullptr ? nullptr : std::get_if<std::vector<T>>(&tensor->values);
  if (values == nullptr) fail("'{}' is missing", name);
  return *values;
}

const std::vector<float>& values_for(const TensorFile& file, const char* name,
                                     std::span<float> target) {
  const auto& values = values_of<float>(file, name);
  if (values.size() != target.size()) fail("'{}' has another size", name);
  return values;
}

TrialProgress restore(const TensorFile& file, Network& network, Optimizer& optimizer) {
  const auto isa = file.metadata.find(kIsa);
  if (isa == file.metadata.end() || isa->second != to_string(current_isa()))
    fail("another instruction set");
  const Optimizer::State state = optimizer.state();
  const auto& first = values_for(file, kFirst, state.first);
  const auto& second = values_for(file, kSecond, state.second);
  const auto& numbers = values_of<double>(file, kNumbers);
  if (numbers.size() != 4) fail("'{}' has another size", kNumbers);

  TrialProgress progress;
  progress.record.step_losses = values_of<float>(file, kLosses);
  progress.record.epochs =
      epochs_from_document(bytes_from(values_of<std::int64_t>(file, kEpochs), kEpochs));
  progress.record.steps = std::ssize(progress.record.step_losses);
  progress.record.seconds = numbers[0];
  progress.record.train_seconds = numbers[1];
  if (file.find(kProbe) != nullptr)
    progress.record.probe =
        probe_from_document(bytes_from(values_of<std::int64_t>(file, kProbe), kProbe));
  if (numbers[3] != 0) progress.best = BestEpoch{numbers[2], take_prefixed(file, kBest)};
  std::vector<std::pair<std::span<float>, const std::vector<float>*>> unstored;
  for (const StateTensor& tensor : network.state()) {
    if (tensor.stored) continue;
    const std::string name = std::string(kUnstored) + tensor.name;
    unstored.emplace_back(tensor.values, &values_for(file, name.c_str(), tensor.values));
  }
  network.load({take_prefixed(file, kNetwork), {}});
  for (const auto& [target, values] : unstored) std::ranges::copy(*values, target.begin());
  std::ranges::copy(first, state.first.begin());
  std::ranges::copy(second, state.second.begin());
  optimizer.resume_at(progress.record.steps);
  return progress;
}

}  // namespace

void save_progress(const std::string& path, const TrialProgress& progress, const Network& network,
                   const Optimizer& optimizer) {
  const TrialRecord& record = progress.record;
  TensorFile file;
  file.metadata[kIsa] = to_string(current_isa());
  add_prefixed(file, kNetwork, network.save());
  add_prefixed(file, kUnstored, unstored_state(network));
  if (progress.best) add_prefixed(file, kBest, progress.best->tensors);
  file.tensors.push_back(make_tensor(kFirst, optimizer.state().first));
  file.tensors.push_back(make_tensor(kSecond, optimizer.state().second));
  file.tensors.push_back(make_tensor(kLosses, record.step_losses));
  file.tensors.push_back(bytes_tensor(kEpochs, to_document(record.epochs)));
  file.tensors.push_back(
      {kNumbers,
       {4},
       std::vector<double>{record.seconds, record.train_seconds,
                           progress.best ? progress.best->score : 0, progress.best ? 1.0 : 0.0}});
  if (record.probe) file.tensors.push_back(bytes_tensor(kProbe, to_document(*record.probe)));
  write_safetensors(path, file, Durability::across_kill);
}

std::optional<TrialProgress> load_progress(const std::string& path, Network& network,
                                           Optimizer& optimizer) {
  try {
    return restore(read_safetensors(path), network, optimizer);
  } catch (const Error&) {
    return std::nullopt;  // the trial starts again from nothing, which costs time but no
                          // correctness
  }
}

}  // namespace normlab
