#pragma once

#include <span>
#include <string>
#include <vector>

namespace normlab {

/// A short name for a model given as a name, a file or a list of layers: "mlp-128-64", or "layers-"
/// and a hash.
std::string model_name(const std::string& model);

/// The same for several models, each distinct: of files that are called alike the shortest end of
/// their paths that tells them apart, "a/net" and "b/net"; what is written where nothing shorter
/// does. Requires: no two are written alike.
std::vector<std::string> model_labels(std::span<const std::string> models);

}  // namespace normlab
