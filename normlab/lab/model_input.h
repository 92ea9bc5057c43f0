#pragma once

#include <string>

#include "normlab/data/dataset.h"
#include "normlab/nn/model_spec.h"

namespace normlab {

/// Compares the input that a model says it is for with the images of a data set. Throws
/// RequestError where a list of layers says another one, as that is what the request is about; for
/// a model from a file, which fits other inputs too, gives back a sentence to be shown. Empty when
/// the model says nothing, or the same.
std::string check_input(const ModelSpec& model, const Dataset& data);

}  // namespace normlab
