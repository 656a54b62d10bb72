# What every room's CMakeLists.txt uses.

set(RAPPORT_WARNINGS
  -Wall -Wextra -Werror -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers
    # g++ 12 at -O2 takes inlined vectors for uninitialized and short strings for overlapping.
    $<$<CONFIG:Release>:-Wno-maybe-uninitialized> $<$<CONFIG:Release>:-Wno-restrict>)

# As g++ has it by itself: what the allocator is given back comes with its size.
add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,Clang>:-fsized-deallocation>)

# The allocator of the programs; a sanitizer brings one of its own.
set(RAPPORT_ALLOCATOR PkgConfig::jemalloc)
if(RAPPORT_SANITIZE)
  set(RAPPORT_ALLOCATOR)
endif()

# rapport_library(NAME SOURCES a.cc ... DEPS x y ...): one room. Includes are from the root.
function(rapport_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${RAPPORT_WARNINGS})
  rapport_sanitize(${name})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS})
endfunction()

# rapport_test(NAME SOURCES a_test.cc ... DEPS x y ... [SERIAL] [SLOW] [WHOLE] [TIMEOUT s]): one
# GoogleTest program, each of its tests a test of CTest. SERIAL keeps its tests from running side
# by side; SLOW ones are left out by `tools/dev test --fast`. WHOLE makes the program one test of
# CTest, for tests that share something costly, such as a broker.
function(rapport_test name)
  cmake_parse_arguments(ARG "SERIAL;SLOW;WHOLE" "TIMEOUT" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${RAPPORT_WARNINGS})
  rapport_sanitize(${name})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} gtest gmock gtest_main Threads::Threads)
  if(TARGET kit_tsan)
    target_link_libraries(${name} PRIVATE kit_tsan)
  endif()
  target_compile_definitions(${name} PRIVATE RAPPORT_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             RAPPORT_BINARY_DIR="${PROJECT_BINARY_DIR}")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  set(properties TIMEOUT ${ARG_TIMEOUT})
  if(ARG_SERIAL)
    list(APPEND properties RESOURCE_LOCK ${name})
  endif()
  if(ARG_SLOW)
    list(APPEND properties LABELS slow)
  endif()
  if(ARG_WHOLE)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES ${properties})
  else()
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES ${properties})
    add_dependencies(unit_tests ${name})
    set_property(GLOBAL APPEND PROPERTY RAPPORT_UNIT_TESTS ${name})
  endif()
endfunction()

# rapport_list_unit_tests(): unit_tests.txt in the build folder, a program a line, for
# `tools/dev prove`. The target unit_tests builds them.
function(rapport_list_unit_tests)
  get_property(names GLOBAL PROPERTY RAPPORT_UNIT_TESTS)
  list(JOIN names "\n" lines)
  file(WRITE ${PROJECT_BINARY_DIR}/unit_tests.txt "${lines}\n")
endfunction()

# rapport_end_to_end(NAME FILE [KAFKA] [TIMEOUT s] [ARGUMENTS a ...]): a Python file that drives the
# program this build makes, as test EndToEnd.NAME. Those that start a broker (KAFKA) run one after
# the other. Exit status 77 means that what it needs is not here.
function(rapport_end_to_end name file)
  cmake_parse_arguments(ARG "KAFKA" "TIMEOUT" "ARGUMENTS" ${ARGN})
  # Without byte code, which would lie among the sources.
  add_test(NAME EndToEnd.${name} COMMAND python3 -B ${CMAKE_CURRENT_SOURCE_DIR}/${file}
           --program $<TARGET_FILE:rapport> ${ARG_ARGUMENTS})
  set(properties LABELS slow SKIP_RETURN_CODE 77)
  if(ARG_TIMEOUT)
    list(APPEND properties TIMEOUT ${ARG_TIMEOUT})
  endif()
  if(ARG_KAFKA)
    list(APPEND properties RESOURCE_LOCK broker)
  endif()
  set_tests_properties(EndToEnd.${name} PROPERTIES ${properties})
endfunction()

# rapport_sanitize(NAME): the sanitizers of RAPPORT_SANITIZE, and counting what runs, for our own
# code only. A finding ends the program.
function(rapport_sanitize name)
  if(RAPPORT_SANITIZE)
    target_compile_options(${name} PRIVATE -fsanitize=${RAPPORT_SANITIZE}
                           -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_compile_definitions(${name} PRIVATE _GLIBCXX_ASSERTIONS)
    target_link_options(${name} PUBLIC -fsanitize=${RAPPORT_SANITIZE})
  endif()
  if(RAPPORT_SANITIZE MATCHES thread)
    # ThreadSanitizer does not follow fences; Asio's locks order what they do.
    target_compile_definitions(${name} PRIVATE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
  if(RAPPORT_COVERAGE)
    target_compile_options(${name} PRIVATE -fprofile-instr-generate -fcoverage-mapping)
    target_link_options(${name} PUBLIC -fprofile-instr-generate)
  endif()
endfunction()

include(GoogleTest)

# rapport_rooms(a b ...): the rooms below this folder, lowest first.
function(rapport_rooms)
  foreach(room ${ARGN})
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${room}/CMakeLists.txt)
      add_subdirectory(${room})
    endif()
  endforeach()
endfunction()
