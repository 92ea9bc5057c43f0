#include "normlab/nn/foreign_layers.h"

#include <cctype>

namespace normlab {
namespace {

constexpr std::string_view kNorm =
    "a norm slot is written 'norm', and the setting norm=batch or norm=none says what fills it";
constexpr std::string_view kLinear = "a fully connected layer is written 'linear UNITS'";
constexpr std::string_view kConv = "a convolution is written 'conv CHANNELS 3x3'";
constexpr std::string_view kMaxPool = "it is written 'maxpool 2'";
constexpr std::string_view kAvgPool = "it is written 'avgpool 2'";
constexpr std::string_view kGlobal = "it is written 'global_avgpool'";
constexpr std::string_view kFlatten = "it is written 'flatten'";
constexpr std::string_view kSoftmax =
    "the loss applies it: end the model with 'linear CLASSES', without it";
constexpr std::string_view kActivation =
    "an activation is a layer of its own: 'relu', 'tanh', 'sigmoid'";
constexpr std::string_view kInput =
    "the input's shape stands in front with a colon: '28x28x1: flatten, linear 10'";
constexpr std::string_view kList = "layers are listed with commas: 'flatten, linear 10'";

struct Foreign {
  std::string_view name;  ///< without capitals, underscores and dimensions
  std::string_view advice;
};

constexpr Foreign kForeign[] = {
    {"batchnorm", kNorm},
    {"batchnormalization", kNorm},
    {"bn", kNorm},
    {"syncbatchnorm", kNorm},
    {"layernorm", kNorm},
    {"layernormalization", kNorm},
    {"groupnorm", kNorm},
    {"instancenorm", kNorm},
    {"rmsnorm", kNorm},
    {"normalization", kNorm},
    {"dense", kLinear},
    {"fc", kLinear},
    {"fullyconnected", kLinear},
    {"lazylinear", kLinear},
    {"conv", kConv},
    {"convolution", kConv},
    {"maxpool", kMaxPool},
    {"maxpooling", kMaxPool},
    {"avgpool", kAvgPool},
    {"averagepooling", kAvgPool},
    {"averagepool", kAvgPool},
    {"meanpool", kAvgPool},
    {"gap", kGlobal},
    {"adaptiveavgpool", kGlobal},
    {"globalavgpool", kGlobal},
    {"globalaveragepooling", kGlobal},
    {"softmax", kSoftmax},
    {"logsoftmax", kSoftmax},
    {"activation", kActivation},
    {"reshape", kFlatten},
    {"view", kFlatten},
    {"input", kInput},
    {"inputlayer", kInput},
    {"sequential", kList},
};

/// "nn.BatchNorm2d(64" as "batchnorm".
std::string plain_name(std::string_view name) {
  name = name.substr(0, name.find('('));
  if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos)
    name.remove_prefix(dot + 1);
  std::string plain;
  for (const char c : name) {
    if (c != '_') plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  const bool has_dimension = plain.size() > 2 && plain.back() == 'd' &&
                             std::isdigit(static_cast<unsigned char>(plain[plain.size() - 2])) != 0;
  return has_dimension ? plain.substr(0, plain.size() - 2) : plain;
}

}  // namespace

std::string foreign_layer_advice(std::string_view name) {
  const std::string plain = plain_name(name);
  for (const Foreign& foreign : kForeign) {
    if (foreign.name == plain) return std::string(foreign.advice);
  }
  return "";
}

}  // namespace normlab
