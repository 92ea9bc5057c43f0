#pragma once

#include <string_view>

namespace normlab {

/// What a model is made of, as far as it decides which settings can act on it.
struct ModelParts {
  bool norm_slots = false;
  bool linear = false;  ///< a linear layer
  bool convolution = false;
  bool scale = false;             ///< a layer 'scale V'
  bool bias = false;              ///< a layer that has one
  bool bias_before_norm = false;  ///< a linear layer or a convolution directly before a norm slot
};

/// Reads them off a model's layers as TrialContents::model has them, "flatten, linear 10".
ModelParts model_parts(std::string_view layers);

}  // namespace normlab
