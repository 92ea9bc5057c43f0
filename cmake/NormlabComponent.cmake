# normlab_component(NAME [SEPARATE] SOURCES ... [TESTS ...] [DEPENDS ...] [TEST_DEPENDS ...])
#
# One folder of normlab/ becomes the static library normlab_NAME (alias normlab::NAME) and, when tests are
# built, the program normlab_NAME_test made of the *_test.cc files that stand beside the sources.
# With NORMLAB_UNITY the compiler gets its sources in one go, unless it says SEPARATE.

include(GNUInstallDirs)
include(GoogleTest)

add_library(normlab_options INTERFACE)
target_compile_features(normlab_options INTERFACE cxx_std_20)
target_include_directories(normlab_options INTERFACE
  "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")

add_library(normlab_warnings INTERFACE)
target_compile_options(normlab_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  $<$<BOOL:${NORMLAB_WARNINGS_AS_ERRORS}>:-Werror>
  # GCC 12 warns of overlapping copies in `"text" + std::string` that cannot happen (GCC bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  # The same source gives the same bits under every compiler: no contraction that was not asked for.
  -ffp-contract=off)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  # SSE4.2 is what every x86-64 machine of the last fifteen years has; faster paths are chosen at run time.
  target_compile_options(normlab_warnings INTERFACE -march=x86-64-v2)
endif()

function(normlab_component name)
  cmake_parse_arguments(ARG "SEPARATE" "" "SOURCES;TESTS;DEPENDS;TEST_DEPENDS" ${ARGN})
  set(target normlab_${name})
  add_library(${target} STATIC ${ARG_SOURCES})
  add_library(normlab::${name} ALIAS ${target})
  set_property(GLOBAL APPEND PROPERTY NORMLAB_COMPONENTS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  if(NORMLAB_UNITY AND NOT ARG_SEPARATE)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
  endif()
  target_link_libraries(${target} PUBLIC normlab_options ${ARG_DEPENDS} PRIVATE $<BUILD_INTERFACE:normlab_warnings>)
  if(NORMLAB_BUILD_TESTS AND ARG_TESTS)
    add_executable(${target}_test ${ARG_TESTS})
    target_link_libraries(${target}_test PRIVATE ${target} normlab_warnings ${ARG_TEST_DEPENDS} GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${target}_test DISCOVERY_MODE PRE_TEST PROPERTIES LABELS ${name} TIMEOUT 300)
  endif()
endfunction()
