#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <unistd.h>

int clinux_syncfs(int descriptor) { return syncfs(descriptor); }

int clinux_begin_writing(int descriptor, long long offset, long long length) {
  return sync_file_range(descriptor, offset, length, SYNC_FILE_RANGE_WRITE);
}
