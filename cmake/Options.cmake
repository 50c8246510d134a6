# What every target of ours is compiled with, and the switches of a build.
option(MUSTER_TESTS "Build the tests" ON)
option(MUSTER_WERROR "Treat warnings as errors (development and CI)" OFF)
option(MUSTER_FUZZ "Build the fuzz targets with libFuzzer (clang)" OFF)
option(MUSTER_DEB "Set up the Debian packages (preset deb)" OFF)
set(MUSTER_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(muster_flags INTERFACE)
target_include_directories(muster_flags INTERFACE ${PROJECT_SOURCE_DIR}/common)
target_compile_definitions(muster_flags INTERFACE _GNU_SOURCE MUSTER_VERSION="${PROJECT_VERSION}")
target_compile_options(muster_flags INTERFACE
  -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes
  -Wwrite-strings -Wformat=2 -Wvla -Wundef -fno-common
  $<$<BOOL:${MUSTER_WERROR}>:-Werror>)
if(MUSTER_SANITIZE)
  target_compile_options(muster_flags INTERFACE -fsanitize=${MUSTER_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(muster_flags INTERFACE -fsanitize=${MUSTER_SANITIZE})
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_options(muster_flags INTERFACE -fstack-protector-strong -fstack-clash-protection
    $<$<NOT:$<BOOL:${MUSTER_SANITIZE}>>:-D_FORTIFY_SOURCE=2>)
  target_link_options(muster_flags INTERFACE -Wl,-z,relro -Wl,-z,now)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# A room of the house: a static library of the files given, with the rooms it may use.
function(muster_room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  add_library(muster_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(muster_${name} PUBLIC muster_flags ${ARG_USES})
endfunction()
