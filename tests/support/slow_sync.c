/* A disk on which every sync takes three seconds, for tests: preloaded before the C library, so that the store's own syncs
   and SQLite's are all slow. Only while the file named by HEARD_SLOW exists; while one waits, HEARD_SLOW.waits exists. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void wait_a_while(void) {
    const char *name = getenv("HEARD_SLOW");
    if (!name || access(name, F_OK) != 0)
        return;
    char waits[4096];
    snprintf(waits, sizeof waits, "%s.waits", name);
    close(open(waits, O_CREAT | O_WRONLY, 0600));
    struct timespec three = {3, 0};
    nanosleep(&three, NULL);
    unlink(waits);
}

int fsync(int file) {
    wait_a_while();
    return (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
    wait_a_while();
    return (int)syscall(SYS_fdatasync, file);
}
