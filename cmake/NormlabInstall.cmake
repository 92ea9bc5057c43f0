# What `cmake --install` puts where, and the CMake package that find_package(normlab) finds. normlab::normlab is the
# whole library; normlab::base, normlab::nn, ... are its components.

include(CMakePackageConfigHelpers)

get_property(components GLOBAL PROPERTY NORMLAB_COMPONENTS)
add_library(normlab_library INTERFACE)
add_library(normlab::normlab ALIAS normlab_library)
set_target_properties(normlab_library PROPERTIES EXPORT_NAME normlab)
target_link_libraries(normlab_library INTERFACE ${components})

install(TARGETS normlab_library normlab_options ${components} EXPORT normlabTargets
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}/normlab")
foreach(component IN LISTS components)
  string(REPLACE "normlab_" "normlab/" folder ${component})
  if(NOT IS_DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}")
    continue()  # kernels/reference, which only tests and the benchmark use
  endif()
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/normlab"
          FILES_MATCHING PATTERN "*.h"
          # What only tests or the inside of a kernel include.
          PATTERN "reference*" EXCLUDE REGEX "/(test|mock)_[^/]*$" EXCLUDE
          REGEX "(_test|_cases|_golden|-inl|snapshot)\\.h$" EXCLUDE)
endforeach()
if(TARGET normlab)
  set_target_properties(normlab PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
  install(TARGETS normlab DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/normlab")
install(EXPORT normlabTargets NAMESPACE normlab:: DESTINATION "${package_folder}")
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/normlabConfig.cmake.in" "${PROJECT_BINARY_DIR}/normlabConfig.cmake"
                              INSTALL_DESTINATION "${package_folder}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/normlabConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/normlabConfig.cmake" "${PROJECT_BINARY_DIR}/normlabConfigVersion.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/FindOneDNN.cmake" "${PROJECT_SOURCE_DIR}/cmake/NormlabPackages.cmake"
        DESTINATION "${package_folder}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/normlab")
