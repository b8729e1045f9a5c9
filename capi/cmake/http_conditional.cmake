# Builds the library with cargo, and makes it the target http_conditional:
#
#     include(path/to/capi/cmake/http_conditional.cmake)
#     target_link_libraries(my_server PRIVATE http_conditional)
#
# HTTP_CONDITIONAL_TARGET is the target of Rust to build for, where it is not the host's: thumbv6m-none-eabi, say, after
# `rustup target add thumbv6m-none-eabi`. HTTP_CONDITIONAL_DATES=OFF leaves out what reads and writes dates.
cmake_minimum_required(VERSION 3.16)

set(HTTP_CONDITIONAL_TARGET "" CACHE STRING "target of Rust to build http_conditional for")
option(HTTP_CONDITIONAL_DATES "http_conditional reads and writes dates" ON)

get_filename_component(_http_conditional_capi "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(_http_conditional_out "${CMAKE_CURRENT_BINARY_DIR}/http_conditional")
set(_http_conditional_args build --release --manifest-path "${_http_conditional_capi}/Cargo.toml"
    --target-dir "${_http_conditional_out}")
set(_http_conditional_library "${_http_conditional_out}/release/libhttp_conditional.a")
if(HTTP_CONDITIONAL_TARGET)
  list(APPEND _http_conditional_args --target "${HTTP_CONDITIONAL_TARGET}")
  set(_http_conditional_library "${_http_conditional_out}/${HTTP_CONDITIONAL_TARGET}/release/libhttp_conditional.a")
endif()
if(NOT HTTP_CONDITIONAL_DATES)
  list(APPEND _http_conditional_args --no-default-features)
endif()

# cargo knows what has changed, so it is asked each time.
add_custom_target(http_conditional_cargo
  COMMAND cargo ${_http_conditional_args}
  BYPRODUCTS "${_http_conditional_library}"
  COMMENT "http_conditional")
file(MAKE_DIRECTORY "${_http_conditional_out}")

add_library(http_conditional STATIC IMPORTED GLOBAL)
add_dependencies(http_conditional http_conditional_cargo)
set_target_properties(http_conditional PROPERTIES
  IMPORTED_LOCATION "${_http_conditional_library}"
  INTERFACE_INCLUDE_DIRECTORIES "${_http_conditional_capi}/include")
