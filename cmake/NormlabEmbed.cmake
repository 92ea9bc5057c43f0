# normlab_embed(FOLDER FUNCTION OUTPUT) writes the C++ source OUTPUT, which defines
# `std::span<const normlab::BuiltinText> normlab::FUNCTION()`: every FOLDER/*.toml as a string, so that what comes with
# the program is found wherever that is installed.

function(normlab_embed folder function output)
  file(GLOB files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.toml")
  list(SORT files)
  set(entries "")
  foreach(path IN LISTS files)
    get_filename_component(name "${path}" NAME_WLE)
    file(READ "${path}" text)
    string(APPEND entries "    {\"${name}\", R\"toml(${text})toml\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${path}")
  endforeach()
  list(LENGTH files count)
  file(CONFIGURE OUTPUT "${output}" @ONLY CONTENT
[[#include <array>

#include "normlab/base/builtin_text.h"

namespace normlab {

std::span<const BuiltinText> @function@();

namespace {

constexpr std::array<BuiltinText, @count@> kTexts{{
@entries@}};

}  // namespace

std::span<const BuiltinText> @function@() { return kTexts; }

}  // namespace normlab
]])
endfunction()
