#pragma once

#include <string>
#include <string_view>

namespace normlab {

/// How a layer that is called otherwise elsewhere ("BatchNorm2d", "nn.Linear", "Dense", "softmax")
/// is written here, as a sentence's end: "a fully connected layer is written 'linear UNITS'". Empty
/// for names that no other program has either.
std::string foreign_layer_advice(std::string_view name);

}  // namespace normlab
