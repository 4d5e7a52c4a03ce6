# mirror_fetch(FILE URL SHA256): a pinned file by way of the resolver, at configure time.
#
#     include(Mirror)
#     mirror_fetch(zlib.tar.gz https://files.example/zlib.tar.gz 9a93b2…)
#     add_custom_target(unpack COMMAND ${CMAKE_COMMAND} -E tar xf ${zlib.tar.gz_PATH})
#
# The exit codes of `mirror fetch` are in Documentation/ExitCodes.md. `swift test --filter CMakeTests`
# runs this file.
find_program(MIRROR_EXECUTABLE mirror REQUIRED)

function(mirror_fetch file url sha256)
  set(path "${CMAKE_CURRENT_BINARY_DIR}/${file}")
  execute_process(
    COMMAND "${MIRROR_EXECUTABLE}" fetch --sha256 "${sha256}" -o "${path}" "${url}"
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
    RESULT_VARIABLE code
    ERROR_VARIABLE reason)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "mirror_fetch ${file}: ${reason}")
  endif()
  set("${file}_PATH" "${path}" PARENT_SCOPE)
endfunction()
