# Writes builtin_models.cc: every models/*.toml as a string.

file(GLOB model_files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/models/*.toml")
list(SORT model_files)
set(entries "")
foreach(model_file IN LISTS model_files)
  get_filename_component(model_name "${model_file}" NAME_WLE)
  file(READ "${model_file}" model_text)
  string(APPEND entries "    {\"${model_name}\", R\"toml(${model_text})toml\"},\n")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${model_file}")
endforeach()
list(LENGTH model_files model_count)
file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/builtin_models.cc" @ONLY CONTENT
[[#include "normlab/nn/builtin_models.h"

#include <array>

namespace normlab {
namespace {

constexpr std::array<BuiltinModel, @model_count@> kModels{{
@entries@}};

}  // namespace

std::span<const BuiltinModel> builtin_models() { return kModels; }

}  // namespace normlab
]])
