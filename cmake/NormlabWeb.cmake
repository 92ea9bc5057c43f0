# normlab_report_page(OUTPUT) makes the report page of web/ into one HTML file, OUTPUT: npm gets the locked packages when
# the lock has changed, esbuild bundles. -DNORMLAB_WEB=OFF builds without Node; reports in HTML are then not offered.

if(NORMLAB_WEB)
  find_program(NODE_PROGRAM NAMES node nodejs)
  find_program(NPM_PROGRAM npm)
  set(node_version 0)
  if(NODE_PROGRAM)
    execute_process(COMMAND "${NODE_PROGRAM}" --version OUTPUT_VARIABLE node_version OUTPUT_STRIP_TRAILING_WHITESPACE)
    string(REPLACE "v" "" node_version "${node_version}")
  endif()
  if(NOT NPM_PROGRAM OR node_version VERSION_LESS 18)
    message(FATAL_ERROR "The report page is built with Node.js 18 or newer and npm (found node: ${NODE_PROGRAM} ${node_version}, "
      "npm: ${NPM_PROGRAM}). Install the packages nodejs and npm, or configure with -DNORMLAB_WEB=OFF to build without HTML reports.")
  endif()
endif()

function(normlab_report_page output)
  set(web "${PROJECT_SOURCE_DIR}/web")
  set(installed "${web}/node_modules/.package-lock.json")  # npm writes it last
  add_custom_command(OUTPUT "${installed}"
    COMMAND "${CMAKE_COMMAND}" "-DNPM=${NPM_PROGRAM}" "-DWEB=${web}" "-DINSTALLED=${installed}"
            -P "${PROJECT_SOURCE_DIR}/cmake/NpmInstall.cmake"
    DEPENDS "${web}/package.json" "${web}/package-lock.json"
    COMMENT "Getting the report page's npm packages" VERBATIM)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${web}/src/*" "${web}/tools/*.js")
  add_custom_command(OUTPUT "${output}"
    COMMAND "${NODE_PROGRAM}" "${web}/tools/bundle.js" "${output}"
    DEPENDS "${installed}" ${sources}
    COMMENT "Bundling the report page" VERBATIM)
endfunction()
