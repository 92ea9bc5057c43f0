#include "normlab/nn/reference_network.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>

#include "normlab/nn/layer_text.h"

namespace normlab {
namespace {

/// A batch as PyTorch has it: value(n, c, h, w).
struct Batch {
  std::int64_t examples = 0;
  std::int64_t channels = 0;
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::vector<double> values = {};

  void allocate() {
    values.assign(static_cast<std::size_t>(examples * channels * height * width), 0.0);
  }
  std::size_t index(std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) const {
    return static_cast<std::size_t>(((n * channels + c) * height + h) * width + w);
  }
  double& at(std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) {
    return values[index(n, c, h, w)];
  }
  double at(std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) const {
    return values[index(n, c, h, w)];
  }

  template <class Visit>
  void for_each(Visit visit) const {
    for (std::int64_t n = 0; n < examples; ++n)
      for (std::int64_t c = 0; c < channels; ++c)
        for (std::int64_t h = 0; h < height; ++h)
          for (std::int64_t w = 0; w < width; ++w) visit(n, c, h, w);
  }
};

using Tensors = std::map<std::string, std::vector<double>>;

/// Absent tensors are constants: a bias left out, gamma and beta that are off.
double tensor_at(const Tensors& tensors, const std::string& name, std::int64_t i,
                 double otherwise) {
  const auto found = tensors.find(name);
  return found == tensors.end() ? otherwise : found->second[static_cast<std::size_t>(i)];
}

Batch convolve(const Batch& x, const Tensors& tensors, const std::string& name,
               std::int64_t channels, std::int64_t kernel, std::int64_t stride,
               std::int64_t padding) {
  Batch y{x.examples, channels, (x.height + 2 * padding - kernel) / stride + 1,
          (x.width + 2 * padding - kernel) / stride + 1};
  y.allocate();
  const std::vector<double>& weight = tensors.at(name + ".weight");
  y.for_each([&](auto n, auto c, auto h, auto w) {
    double sum = tensor_at(tensors, name + ".bias", c, 0);
    for (std::int64_t k = 0; k < x.channels; ++k)
      for (std::int64_t i = 0; i < kernel; ++i)
        for (std::int64_t j = 0; j < kernel; ++j) {
          const std::int64_t row = h * stride + i - padding;
          const std::int64_t column = w * stride + j - padding;
          if (row < 0 || row >= x.height || column < 0 || column >= x.width) continue;
          const auto at =
              static_cast<std::size_t>(((c * x.channels + k) * kernel + i) * kernel + j);
          sum += weight[at] * x.at(n, k, row, column);
        }
    y.at(n, c, h, w) = sum;
  });
  return y;
}

Batch normalize(Batch x, const Tensors& tensors, const std::string& name,
                const NormOptions& options, bool training) {
  for (std::int64_t c = 0; c < x.channels; ++c) {
    double mean = tensors.at(name + ".running_mean")[static_cast<std::size_t>(c)];
    double variance = tensors.at(name + ".running_var")[static_cast<std::size_t>(c)];
    if (training) {
      double sum = 0;
      double squares = 0;
      double count = 0;
      x.for_each([&](auto n, auto channel, auto h, auto w) {
        if (channel != c) return;
        sum += x.at(n, c, h, w);
        ++count;
      });
      mean = sum / count;
      x.for_each([&](auto n, auto channel, auto h, auto w) {
        if (channel == c) squares += (x.at(n, c, h, w) - mean) * (x.at(n, c, h, w) - mean);
      });
      variance = squares / count;
    }
    const double gamma = tensor_at(tensors, name + ".weight", c, 1);
    const double beta = tensor_at(tensors, name + ".bias", c, 0);
    for (std::int64_t n = 0; n < x.examples; ++n)
      for (std::int64_t h = 0; h < x.height; ++h)
        for (std::int64_t w = 0; w < x.width; ++w)
          x.at(n, c, h, w) =
              gamma * (x.at(n, c, h, w) - mean) / std::sqrt(variance + options.eps) + beta;
  }
  return x;
}

Batch pool(const Batch& x, std::int64_t window_height, std::int64_t window_width,
           std::int64_t stride, bool maximum) {
  Batch y{x.examples, x.channels, (x.height - window_height) / stride + 1,
          (x.width - window_width) / stride + 1};
  y.allocate();
  y.for_each([&](auto n, auto c, auto h, auto w) {
    double sum = 0;
    double largest = -std::numeric_limits<double>::infinity();
    for (std::int64_t i = 0; i < window_height; ++i)
      for (std::int64_t j = 0; j < window_width; ++j) {
        const double value = x.at(n, c, h * stride + i, w * stride + j);
        sum += value;
        largest = std::max(largest, value);
      }
    y.at(n, c, h, w) = maximum ? largest : sum / static_cast<double>(window_height * window_width);
  });
  return y;
}

double activate(std::string_view name, double slope, double x) {
  if (name == "relu") return std::max(x, 0.0);
  if (name == "leaky_relu") return x > 0 ? x : slope * x;
  if (name == "sigmoid") return 1 / (1 + std::exp(-x));
  if (name == "tanh") return std::tanh(x);
  return x * (1 + std::erf(x / std::numbers::sqrt2)) / 2;
}

Batch run_layer(LayerText text, const std::string& name, Batch x, const Tensors& tensors,
                const NetworkOptions& options, bool training) {
  const std::string_view kind = text.name();
  if (kind == "linear") return convolve(x, tensors, name, text.integer("", 1, 1 << 20), 1, 1, 0);
  if (kind == "conv") {
    const std::int64_t channels = text.integer("", 1, 1 << 20);
    const std::int64_t kernel = text.kernel(1000);
    const std::int64_t stride = text.take("stride") ? text.integer("", 1, 1000) : 1;
    const std::int64_t padding =
        text.take("pad") ? (text.take("same") ? kernel / 2 : text.integer("", 0, 1000)) : 0;
    return convolve(x, tensors, name, channels, kernel, stride, padding);
  }
  if (kind == "scale") {
    for (double& value : x.values) value *= tensors.at(name + ".weight").front();
    return x;
  }
  if (kind == "norm") {
    return options.norm.kind == NormKind::none
               ? x
               : normalize(std::move(x), tensors, name, options.norm, training);
  }
  if (kind == "maxpool" || kind == "avgpool") {
    const std::int64_t window = text.kernel(1000);
    const std::int64_t stride = text.take("stride") ? text.integer("", 1, 1000) : window;
    return pool(x, window, window, stride, kind == "maxpool");
  }
  if (kind == "global_avgpool") return pool(x, x.height, x.width, 1, false);
  if (kind == "flatten")
    return {x.examples, x.channels * x.height * x.width, 1, 1, std::move(x.values)};
  const double slope = kind == "leaky_relu" && text.take("slope") ? text.number("", 0, 1) : 0.01;
  for (double& value : x.values) value = activate(kind, slope, value);
  return x;
}

Batch run_list(const LayerList& layers, const std::string& prefix, Batch x, const Tensors& tensors,
               const NetworkOptions& options, bool training) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string name = prefix + std::to_string(i);
    if (!layers[i].is_residual()) {
      x = run_layer(LayerText(layers[i].text), name, std::move(x), tensors, options, training);
      continue;
    }
    Batch sum = run_list(layers[i].body, name + ".body.", x, tensors, options, training);
    const Batch shortcut =
        run_list(layers[i].shortcut, name + ".shortcut.", std::move(x), tensors, options, training);
    for (std::size_t j = 0; j < sum.values.size(); ++j) sum.values[j] += shortcut.values[j];
    x = std::move(sum);
  }
  return x;
}

}  // namespace

ReferenceNetwork::ReferenceNetwork(const ModelSpec& model, const Shape& input,
                                   const NetworkOptions& options)
    : model_(model), input_(input), options_(options) {}

void ReferenceNetwork::load(const std::vector<Tensor>& saved) {
  for (const Tensor& tensor : saved) {
    if (std::holds_alternative<std::vector<std::int64_t>>(tensor.values)) continue;
    const std::vector<float> values = to_floats(tensor);
    tensors[tensor.name] = std::vector<double>(values.begin(), values.end());
  }
}

std::vector<double> ReferenceNetwork::forward(const std::vector<double>& x, std::int64_t examples,
                                              bool training) const {
  Batch batch{examples, input_.channels, input_.height, input_.width};
  batch.allocate();
  batch.for_each([&](auto n, auto c, auto h, auto w) {
    const std::int64_t at = ((n * input_.height + h) * input_.width + w) * input_.channels + c;
    batch.at(n, c, h, w) = x[static_cast<std::size_t>(at)];
  });
  batch = run_list(model_.layers, "", std::move(batch), tensors, options_, training);
  return batch.values;
}

}  // namespace normlab
