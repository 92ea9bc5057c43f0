#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace normlab {

/// One entry of a list of layers, as text: a layer ("linear 64"), or a residual block, whose output
/// is the sum of what its body and its shortcut make of its input.
struct LayerSpec {
  std::string text;                      ///< "residual" for a block
  std::vector<LayerSpec> body = {};      ///< empty: a plain layer
  std::vector<LayerSpec> shortcut = {};  ///< empty: the block's input itself

  bool is_residual() const { return !body.empty(); }
  bool operator==(const LayerSpec&) const = default;
};

using LayerList = std::vector<LayerSpec>;

/// Parses
///
///     LIST  = ENTRY, ENTRY, ...
///     ENTRY = LAYER | residual(LIST) | residual(LIST | LIST) | N x (LIST)
///
/// where `N x (LIST)` stands for the layers written N times, and comes out so. Plain layers are not
/// looked into. `origin` is what messages call the text. Throws RequestError where parentheses do
/// not match, a block is empty, blocks are nested deeper than 16, or there are more than 10,000
/// layers.
LayerList parse_layer_list(std::string_view text, std::string_view origin);

/// The list as it is written, repeats written out: equal lists have equal texts.
std::string to_text(const LayerList& layers);

/// Layers in the list and in all its blocks, blocks counted as one more each.
std::size_t count_layers(const LayerList& layers);

}  // namespace normlab
