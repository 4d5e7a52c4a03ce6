// What Linux offers and Swift's Glibc module hides, since it is made without _GNU_SOURCE.
#ifndef CLINUX_H
#define CLINUX_H

/// Makes everything durable that was written to the descriptor's file system: syncfs(2).
int clinux_syncfs(int descriptor);

/// Begins to write a range of a file to the disk, and does not wait: sync_file_range(2).
int clinux_begin_writing(int descriptor, long long offset, long long length);

#endif
