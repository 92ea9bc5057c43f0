#include "normlab/nn/sequential.h"

#include <algorithm>
#include <utility>

#include "normlab/base/error.h"

namespace normlab {

Sequential::Sequential(std::vector<std::unique_ptr<Layer>> layers, bool fuse)
    : layers_(std::move(layers)) {
  for (const auto& layer : layers_) {
    const bool absorbed = fuse && !heads_.empty() && heads_.back()->absorb(*layer);
    if (!absorbed) heads_.push_back(layer.get());
  }
}

std::string Sequential::text() const {
  std::string text;
  for (const auto& layer : layers_) text += (text.empty() ? "" : ", ") + layer->text();
  return text;
}

Shape Sequential::plan(Planner& planner, const Shape& input) {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    layers_[i]->set_place((name().empty() ? "" : name() + ".") + std::to_string(i), i);
  }
  Shape shape = input;
  for (const auto& layer : layers_) {
    const bool is_head = std::ranges::find(heads_, layer.get()) != heads_.end();
    if (is_head && !layer->returns_input()) planner.begin_layer();
    try {
      shape = is_head ? layer->plan(planner, shape) : layer->plan_inside(planner, shape);
    } catch (const RequestError& error) {
      fail("layer '{}': {}", layer->label(), error.what());
    }
    const std::string text = layer->text();
    summary_.push_back({.label = layer->label(),
                        .kind = text.substr(0, text.find(' ')),
                        .output = shape,
                        .flops = is_head ? layer->flops() : 0,
                        .fused = !is_head});
  }
  return shape;
}

double Sequential::flops() const {
  double total = 0;
  for (const Layer* layer : heads_) total += layer->flops();
  return total;
}

const float* Sequential::forward(const Pass& pass, const float* x) {
  for (Layer* layer : heads_) {
    const LayerTimes::Leading time(pass.times, layer->index(), Way::forward);
    if (pass.observer != nullptr) pass.observer->on_input(*layer, x);
    x = layer->forward(pass, x);
  }
  return x;
}

float* Sequential::backward(const Pass& pass, float* dy) {
  for (auto layer = heads_.rbegin(); layer != heads_.rend() && dy != nullptr; ++layer) {
    const LayerTimes::Leading time(pass.times, (*layer)->index(), Way::backward);
    dy = (*layer)->backward(pass, dy);
  }
  return dy;
}

std::string Sequential::find_non_finite(const Pass& pass) const {
  for (const Layer* layer : heads_) {
    std::string found = layer->find_non_finite(pass);
    if (!found.empty()) return found;
  }
  return {};
}

}  // namespace normlab
