#include "normlab/nn/layer_tree.h"

#include <utility>

#include "normlab/base/error.h"
#include "normlab/nn/registry.h"

namespace normlab {
namespace {

class TreeMaker {
 public:
  explicit TreeMaker(const NetworkOptions& options) : options_(options) {}

  LayerTree make(const LayerList& layers, const std::string& prefix, Shape shape) {
    LayerTree tree;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      tree.push_back(node(layers[i], prefix + std::to_string(i), shape));
      shape = tree.back().output;
    }
    return tree;
  }

 private:
  LayerNode node(const LayerSpec& spec, std::string name, const Shape& input) {
    LayerNode node;
    node.name = std::move(name);
    node.index = next_index_++;
    node.input = input;
    if (spec.is_residual()) {
      fill_block(node, spec);
      return node;
    }
    node.layer = make_layer(spec.text, options_);
    try {
      node.output = node.layer->output(input);
    } catch (const RequestError& error) {
      fail("layer '{}': {}", node.label(), error.what());
    }
    return node;
  }

  void fill_block(LayerNode& node, const LayerSpec& spec) {
    node.body = make(spec.body, node.name + ".body.", node.input);
    node.shortcut = make(spec.shortcut, node.name + ".shortcut.", node.input);
    node.output = node.body.back().output;
    const Shape& other = node.shortcut.empty() ? node.input : node.shortcut.back().output;
    if (node.output == other) return;
    fail(
        "layer '{}': its body makes {} of {}, but its shortcut {}; both are added, so give it a "
        "shortcut that fits, as in residual(... | conv {} 1x1 stride 2)",
        node.label(), to_string(node.output), to_string(node.input), to_string(other),
        node.output.channels);
  }

  const NetworkOptions& options_;
  std::size_t next_index_ = 0;
};

}  // namespace

std::string LayerNode::kind() const {
  const std::string all = text();
  return all.substr(0, all.find(' '));
}

LayerTree make_layer_tree(const LayerList& layers, const Shape& input,
                          const NetworkOptions& options) {
  return TreeMaker(options).make(layers, "", input);
}

}  // namespace normlab
