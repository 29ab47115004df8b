#include <errno.h>
#include <stddef.h>
#include "missing.h"

static int unsupported(void)
{
    errno = ENOSYS;
    return -1;
}

int system(const char *command) { return command ? unsupported() : 0; }
char *tmpnam(char *name) { unsupported(); return NULL; }
FILE *tmpfile(void) { unsupported(); return NULL; }
FILE *popen(const char *command, const char *mode) { unsupported(); return NULL; }
int pclose(FILE *stream) { return unsupported(); }
int mkstemp(char *name) { return unsupported(); }
int execvp(const char *file, char *const arguments[]) { return unsupported(); }

/* Files have no owner and no mode here: nothing to do. */
int chmod(const char *path, mode_t mode) { return 0; }
int fchmod(int fd, mode_t mode) { return 0; }
int chown(const char *path, uid_t owner, gid_t group) { return 0; }
int fchown(int fd, uid_t owner, gid_t group) { return 0; }
mode_t umask(mode_t mask) { return 0; }
uid_t getuid(void) { return 0; }
uid_t geteuid(void) { return 0; }
