# What is the same for every target, and the packages they are built on.

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Kind of build" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

include(NormlabPackages)
foreach(package IN LISTS NORMLAB_PACKAGES)
  separate_arguments(package)
  find_package(${package} REQUIRED)
endforeach()
if(NORMLAB_BUILD_TESTS)
  find_package(GTest CONFIG REQUIRED)
endif()
