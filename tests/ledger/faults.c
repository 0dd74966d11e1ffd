/* What disks do to programs, for tests: loaded before libc (LD_PRELOAD), for files below $FAULTS_BELOW alone.

   $FAULTS_RULE is "call:fault:turn:part": at the turn-th call (from 1) on a path that contains part, the fault happens.
     call   sync (fsync, fdatasync) or write
     fault  eio (fails, once), full (ENOSPC from there on), stop (SIGSTOP before the call), kill (SIGKILL before the call)
   $FAULTS_JOURNAL is a file that takes down, before each change, what undoes it, and each sync: what a power failure may
   take back is every change of a file since its last sync, and every renaming since the last sync of its directory. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int journal = -2, turn;

static int path_of(int fd, char *path) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    const char *below = getenv("FAULTS_BELOW");
    return below && !strncmp(path, below, strlen(below));
}

/* Return 0 to go on, else what errno is to be. */
static int fault(const char *call, const char *path) {
    char rule[256], *rest = rule;
    const char *given = getenv("FAULTS_RULE");
    if (!given || strlen(given) >= sizeof rule) return 0;
    strcpy(rule, given);
    const char *which = strsep(&rest, ":"), *what = strsep(&rest, ":"), *when = strsep(&rest, ":");
    if (!rest || strcmp(which, call) || !strstr(path, rest)) return 0;
    int now = ++turn, at = atoi(when);
    if (!strcmp(what, "full")) return now >= at ? ENOSPC : 0;
    if (now != at) return 0;
    if (!strcmp(what, "stop")) raise(SIGSTOP);
    if (!strcmp(what, "kill")) raise(SIGKILL);
    return strcmp(what, "eio") ? 0 : EIO;
}

static void put(const char *head, const void *data, size_t length) {
    if (journal == -2) {
        const char *path = getenv("FAULTS_JOURNAL");
        journal = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    }
    if (journal < 0) return;
    size_t first = strlen(head);
    char *record = malloc(first + length);
    memcpy(record, head, first);
    if (length) memcpy(record + first, data, length);
    if (REAL(write)(journal, record, first + length) < 0) abort();
    free(record);
}

/* Take down the bytes from offset on that are about to be changed, and the file's length. */
static void undo(int fd, const char *path, off_t offset, size_t length) {
    if (journal == -1) return;
    struct stat found;
    if (fstat(fd, &found) || !S_ISREG(found.st_mode)) return;
    char *old = malloc(length + 1), head[PATH_MAX + 80], link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int again = open(link, O_RDONLY); /* the descriptor itself may be for writing alone */
    ssize_t had = again < 0 ? 0 : pread(again, old, length, offset);
    if (again >= 0) close(again);
    if (had < 0) had = 0;
    snprintf(head, sizeof head, "W %lld %lld %zu %zd %s\n", (long long)found.st_size, (long long)offset, length, had, path);
    put(head, old, had);
    free(old);
}

static int synced(int fd, int (*real)(int)) {
    char path[PATH_MAX], head[PATH_MAX + 8];
    if (!path_of(fd, path)) return real(fd);
    int error = fault("sync", path);
    if (error) { errno = error; return -1; }
    int done = real(fd);
    snprintf(head, sizeof head, "S %s\n", path);
    if (!done) put(head, "", 0);
    return done;
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

static int refused(int fd, off_t offset, size_t length) {
    char path[PATH_MAX];
    if (!path_of(fd, path)) return 0;
    int error = fault("write", path);
    if (error) { errno = error; return 1; }
    undo(fd, path, offset, length);
    return 0;
}

ssize_t write(int fd, const void *data, size_t length) {
    off_t at = lseek(fd, 0, SEEK_CUR);
    return at >= 0 && refused(fd, at, length) ? -1 : REAL(write)(fd, data, length);
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) {
    return refused(fd, at, length) ? -1 : REAL(pwrite)(fd, data, length, at);
}
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) {
    return refused(fd, at, length) ? -1 : REAL(pwrite64)(fd, data, length, at);
}

static void shortened(int fd, off_t length) {
    char path[PATH_MAX];
    struct stat found;
    if (path_of(fd, path) && !fstat(fd, &found) && found.st_size > length) undo(fd, path, length, found.st_size - length);
}

int ftruncate(int fd, off_t length) { shortened(fd, length); return REAL(ftruncate)(fd, length); }
int ftruncate64(int fd, off64_t length) { shortened(fd, length); return REAL(ftruncate64)(fd, length); }

/* Take down what a renaming replaces: the old content of the new name, and the new one's under the old name. */
int rename(const char *from, const char *to) {
    const char *below = getenv("FAULTS_BELOW");
    if (below && !strncmp(to, below, strlen(below)) && journal != -1) {
        char head[2 * PATH_MAX + 40], old[65536];
        int fd = open(to, O_RDONLY);
        ssize_t had = fd < 0 ? -1 : read(fd, old, sizeof old);
        if (fd >= 0) close(fd);
        snprintf(head, sizeof head, "R %zd %s\n", had, to);
        put(head, old, had < 0 ? 0 : had);
    }
    return REAL(rename)(from, to);
}
