# Run at build time by NormlabWeb.cmake: puts the packages of WEB's lock file, exactly those, into WEB/node_modules.

execute_process(COMMAND "${NPM}" ci --omit=dev --no-audit --no-fund --prefer-offline --loglevel=error
                WORKING_DIRECTORY "${WEB}" RESULT_VARIABLE status OUTPUT_QUIET)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "npm could not get the packages of the report page (its message is above). "
                      "Configure with -DNORMLAB_WEB=OFF to build without HTML reports.")
endif()
file(TOUCH "${INSTALLED}")
