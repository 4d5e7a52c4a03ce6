// The system's own zlib: its inflate and crc32.
#include <zlib.h>
