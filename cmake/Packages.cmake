# The Debian packages (preset deb): one for each component that the install rules name. Why CPack, and what is in
# which: docs/decisions/0021-packages.md.
set(debian ${PROJECT_SOURCE_DIR}/packaging/debian)
set(revision 1)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME muster)
set(CPACK_PACKAGE_VENDOR "muster")
set(CPACK_PACKAGE_CONTACT "The muster maintainers <maintainers@muster.invalid>")
# With CPack's own default here, the first line of each package's description is its summary.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${CMAKE_PROJECT_NAME} built using CMake")
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_COMPONENTS_ALL musterd muster libmuster0 libmuster-dev)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${revision})
set(CPACK_DEBIAN_PACKAGE_SOURCE muster)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
# Where dpkg-shlibdeps finds the library that is being packaged.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/client/lib)
set(same "= ${PROJECT_VERSION}-${revision}")

# debian_package(NAME SECTION "SUMMARY" "DESCRIPTION" [DEPENDS ...] [RECOMMENDS ...] [SCRIPTS ...])
macro(debian_package name section summary description)
  cmake_parse_arguments(ARG "" "DEPENDS;RECOMMENDS" "SCRIPTS" ${ARGN})
  string(TOUPPER ${name} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section})
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${summary}\n${description}")
  set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "${ARG_DEPENDS}")
  set(CPACK_DEBIAN_${upper}_PACKAGE_RECOMMENDS "${ARG_RECOMMENDS}")
  set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA)
  foreach(script ${ARG_SCRIPTS})
    configure_file(${debian}/${name}.${script} ${PROJECT_BINARY_DIR}/packaging/${name}/${script} COPYONLY)
    list(APPEND CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/packaging/${name}/${script})
  endforeach()
  install(FILES ${debian}/copyright DESTINATION share/doc/${name} COMPONENT ${name})
  install(FILES ${PROJECT_BINARY_DIR}/packaging/changelog.Debian.gz DESTINATION share/doc/${name} COMPONENT ${name})
endmacro()

file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/packaging)
execute_process(COMMAND gzip -9n INPUT_FILE ${debian}/changelog
  OUTPUT_FILE ${PROJECT_BINARY_DIR}/packaging/changelog.Debian.gz COMMAND_ERROR_IS_FATAL ANY)

debian_package(musterd admin "activity ledger of a district office, the daemon"
"musterd keeps what branches and members do (meetings, trainings, transfers,
who is away) in one ledger to which rows are only ever added, and watches it
by rules: which branch has gone quiet, whose term runs out, whom nobody has
reached.
.
This package has the daemon, its service, its configuration and its rules."
  DEPENDS "procps, tzdata, systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles" RECOMMENDS "muster"
  SCRIPTS conffiles postinst prerm postrm)
debian_package(muster utils "activity ledger of a district office, the command"
"muster records events in the ledger that musterd keeps, on this machine or
another, asks for alerts, boards, figures and reports, and explains why an
alert is open and what would close it.
.
It speaks English and Chinese."
  DEPENDS "libmuster0 (${same})")
debian_package(libmuster0 libs "activity ledger of a district office, client library"
"libmuster sends events and questions to musterd, and pins the ledger that
answers."
  SCRIPTS triggers)
debian_package(libmuster-dev libdevel "activity ledger of a district office, development files"
"The header, the pkg-config file and the manual pages of libmuster, which
sends events and questions to musterd."
  DEPENDS "libmuster0 (${same})")

# What there is to read goes with the daemon.
file(GLOB guides CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/*.md)
list(FILTER guides EXCLUDE REGEX "/(architecture|performance)\\.md$")
install(FILES ${guides} DESTINATION share/doc/musterd COMPONENT musterd)

include(CPack)
