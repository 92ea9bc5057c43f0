#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "normlab/nn/layer.h"
#include "normlab/nn/layer_list.h"
#include "normlab/nn/options.h"
#include "normlab/nn/shape.h"

namespace normlab {

/// A layer at its place in a model, or a residual block with what is in it.
struct LayerNode {
  std::unique_ptr<Layer> layer;  ///< null: a residual block
  std::string name;              ///< as in PyTorch, which starts the parameters' names: "3.body.0"
  std::size_t index = 0;         ///< in reading order, over the whole model
  Shape input;
  Shape output;
  std::vector<LayerNode> body;
  std::vector<LayerNode> shortcut;

  bool is_residual() const { return layer == nullptr; }
  std::string text() const { return is_residual() ? "residual" : layer->text(); }
  /// For messages: "3: linear 64".
  std::string label() const { return name + ": " + text(); }
  std::string kind() const;
};

using LayerTree = std::vector<LayerNode>;

/// Makes the layers and infers all shapes. Throws RequestError that names the layer that is unknown
/// or does not fit; branches of a residual block must end in the same shape.
LayerTree make_layer_tree(const LayerList& layers, const Shape& input,
                          const NetworkOptions& options);

/// Calls `visit(node)` for every node in the order of their indices: a block before what is in it.
template <class Visit>
void for_each_node(const LayerTree& tree, Visit&& visit) {
  for (const LayerNode& node : tree) {
    visit(node);
    for_each_node(node.body, visit);
    for_each_node(node.shortcut, visit);
  }
}

}  // namespace normlab
