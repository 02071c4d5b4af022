/* Preloaded into the program, it counts the calls that change files, over all threads, and lets one of them fail or kills the
   program in its place.

   FAULT_AT     number of the call, from 1; 0 for none
   FAULT_HOW    "kill"; the number of an error (errno); the same with "+": from this call on all calls fail that need room
                on the disk; or "signal" and a number: the program gets this signal, and the call is made
   FAULT_COUNT  a file to which the number of calls is written at the end
   FAULT_OF     "memory": requests for memory are counted in place of calls that change files, and from FAULT_AT on all of
                them are refused; "reads": calls that read files, folders and facts about them are counted, in and below the
                folder of work, and fail by FAULT_HOW, with a "+" from this call on

   It can also set the clock:

   FAULT_CLOCK     by how many seconds the clock goes on each time that it is read, and the second at which it begins
   FAULT_CLOCK_OF  "wall" for the time of day alone, "every" for the clock that only goes forward elsewhere too */

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static atomic_long calls;

static int faults_are_of(const char *what) {
    const char *of = getenv("FAULT_OF");
    return of && !strcmp(of, what);
}

static int of_memory(void) { return faults_are_of("memory"); }

static int of_reads(void) { return faults_are_of("reads"); }

/* Counts a call, which needs room on the disk or not; true if it is to fail, with errno set. */
static int fails(int needs_room) {
    const char *at = getenv("FAULT_AT"), *how = getenv("FAULT_HOW");
    if (of_memory() || of_reads()) return 0;
    long number = atomic_fetch_add(&calls, 1) + 1;
    if (!at || !how || atol(at) == 0) return 0;
    int lasts = strchr(how, '+') != NULL;
    if (lasts ? number < atol(at) || !needs_room : number != atol(at)) return 0;
    if (!strcmp(how, "kill")) {
        kill(getpid(), SIGKILL);
        pause();
    }
    if (!strncmp(how, "signal", 6)) {
        kill(getpid(), atoi(how + 6));
        return 0;
    }
    errno = atoi(how);
    return 1;
}

__attribute__((destructor)) static void report(void) {
    const char *file = getenv("FAULT_COUNT");
    long number = atomic_load(&calls);
    FILE *out = file ? fopen(file, "w") : NULL;
    if (!out) return;
    fprintf(out, "%ld\n", number);
    fclose(out);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* Counts a call that reads, or opens something to read it; true if it is to fail, with errno set. */
static int fails_to_read(int opens) {
    const char *at = getenv("FAULT_AT"), *how = getenv("FAULT_HOW");
    long number = atomic_fetch_add(&calls, 1) + 1;
    if (!at || !how || atol(at) == 0) return 0;
    int lasts = strchr(how, '+') != NULL, error = atoi(how);
    if (lasts ? number < atol(at) : number != atol(at)) return 0;
    // Only a call that opens something can find too many files open.
    if (error == EMFILE && !opens) return 0;
    errno = error;
    return 1;
}

/* Whether a path is in or below the folder of work, and reads are what faults are of. */
static int is_read(const char *path) {
    char here[4096];
    if (!of_reads() || !path || !*path) return 0;
    return *path != '/' || (getcwd(here, sizeof here) && !strncmp(path, here, strlen(here)));
}

/* Files and folders that were opened by a path in or below the folder of work. */
static atomic_char files_read[1024];
static _Atomic(DIR *) folders_read[64];

static int is_file_read(int file) { return of_reads() && file >= 0 && file < 1024 && files_read[file]; }

static _Atomic(DIR *) *folder_read(DIR *folder) {
    for (int i = 0; i < 64; i++)
        if (folders_read[i] == folder) return &folders_read[i];
    return NULL;
}

ssize_t read(int file, void *bytes, size_t n) {
    return is_file_read(file) && fails_to_read(0) ? -1 : NEXT(read)(file, bytes, n);
}
ssize_t pread64(int file, void *bytes, size_t n, off64_t at) {
    return is_file_read(file) && fails_to_read(0) ? -1 : NEXT(pread64)(file, bytes, n, at);
}
int statx(int at, const char *path, int flags, unsigned mask, struct statx *found) {
    // The program asks without a path whether there is such a call, and the compiler takes it that there is a path.
    const char *volatile given = path;
    const char *name = given;
    int counts = name && *name ? is_read(name) : is_file_read(at);
    return counts && fails_to_read(0) ? -1 : NEXT(statx)(at, path, flags, mask, found);
}
DIR *opendir(const char *path) {
    if (is_read(path) && fails_to_read(1)) return NULL;
    DIR *folder = NEXT(opendir)(path), *none = NULL;
    for (int i = 0; folder && is_read(path) && i < 64; i++, none = NULL)
        if (atomic_compare_exchange_strong(&folders_read[i], &none, folder)) break;
    return folder;
}
int closedir(DIR *folder) {
    _Atomic(DIR *) *place = folder_read(folder);
    if (place) *place = NULL;
    return NEXT(closedir)(folder);
}
struct dirent64 *readdir64(DIR *folder) {
    return of_reads() && folder_read(folder) && fails_to_read(0) ? NULL : NEXT(readdir64)(folder);
}

static int changes(int flags) { return (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC); }

#define OPEN(name)                                                                    \
    int name(const char *path, int flags, ...) {                                      \
        va_list rest;                                                                 \
        va_start(rest, flags);                                                        \
        mode_t mode = va_arg(rest, mode_t);                                           \
        va_end(rest);                                                                 \
        if (changes(flags) && fails(flags & O_CREAT)) return -1;                      \
        int reads = !changes(flags) && is_read(path);                                 \
        if (reads && fails_to_read(1)) return -1;                                     \
        int file = NEXT(name)(path, flags, mode);                                     \
        if (file >= 0 && file < 1024) files_read[file] = reads;                       \
        return file;                                                                  \
    }
OPEN(open)
OPEN(open64)

ssize_t write(int file, const void *bytes, size_t n) {
    return file > 2 && fails(1) ? -1 : NEXT(write)(file, bytes, n);
}
ssize_t writev(int file, const struct iovec *parts, int n) {
    return file > 2 && fails(1) ? -1 : NEXT(writev)(file, parts, n);
}
ssize_t pwrite64(int file, const void *bytes, size_t n, off64_t at) {
    return fails(1) ? -1 : NEXT(pwrite64)(file, bytes, n, at);
}
int ftruncate64(int file, off64_t n) { return fails(1) ? -1 : NEXT(ftruncate64)(file, n); }
int fsync(int file) { return fails(0) ? -1 : NEXT(fsync)(file); }
int fdatasync(int file) { return fails(0) ? -1 : NEXT(fdatasync)(file); }
int rename(const char *from, const char *to) { return fails(0) ? -1 : NEXT(rename)(from, to); }
int link(const char *from, const char *to) { return fails(1) ? -1 : NEXT(link)(from, to); }
int linkat(int a, const char *from, int b, const char *to, int flags) {
    return fails(1) ? -1 : NEXT(linkat)(a, from, b, to, flags);
}
int unlink(const char *path) { return fails(0) ? -1 : NEXT(unlink)(path); }
int mkdir(const char *path, mode_t mode) { return fails(1) ? -1 : NEXT(mkdir)(path, mode); }
int rmdir(const char *path) { return fails(0) ? -1 : NEXT(rmdir)(path); }

/* Counts a request for memory; true if it is refused. */
static int is_refused(void) {
    if (!of_memory()) return 0;
    const char *at = getenv("FAULT_AT");
    long number = atomic_fetch_add(&calls, 1) + 1;
    if (!at || atol(at) == 0 || number < atol(at)) return 0;
    errno = ENOMEM;
    return 1;
}

/* The names under which the C library has these functions itself: dlsym asks for memory too. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t n);
void *__libc_memalign(size_t alignment, size_t n);

void *malloc(size_t n) { return is_refused() ? NULL : __libc_malloc(n); }
void *calloc(size_t n, size_t size) { return is_refused() ? NULL : __libc_calloc(n, size); }
void *realloc(void *old, size_t n) { return is_refused() ? NULL : __libc_realloc(old, n); }
int posix_memalign(void **found, size_t alignment, size_t n) {
    *found = is_refused() ? NULL : __libc_memalign(alignment, n);
    return *found ? 0 : ENOMEM;
}

/* The time in seconds by the clock that was set; 0 if this one is not. */
static int is_set(int wall, time_t *seconds) {
    static atomic_long reads;
    const char *clock = getenv("FAULT_CLOCK"), *of = getenv("FAULT_CLOCK_OF");
    long step, start;
    if (!clock || !of || (!wall && strcmp(of, "every")) || sscanf(clock, "%ld %ld", &step, &start) != 2) return 0;
    *seconds = start + step * atomic_fetch_add(&reads, 1);
    return 1;
}

int clock_gettime(clockid_t which, struct timespec *now) {
    time_t seconds;
    int wall = which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE;
    int mine = wall || which == CLOCK_MONOTONIC || which == CLOCK_MONOTONIC_COARSE || which == CLOCK_BOOTTIME;
    if (!mine || !is_set(wall, &seconds)) return NEXT(clock_gettime)(which, now);
    *now = (struct timespec){.tv_sec = seconds, .tv_nsec = 0};
    return 0;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    time_t seconds;
    if (!is_set(1, &seconds)) return NEXT(gettimeofday)(now, zone);
    *now = (struct timeval){.tv_sec = seconds, .tv_usec = 0};
    return 0;
}
time_t time(time_t *now) {
    time_t seconds;
    if (!is_set(1, &seconds)) return NEXT(time)(now);
    if (now) *now = seconds;
    return seconds;
}
