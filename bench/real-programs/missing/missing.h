/* What POSIX has and wasi-libc has not, for programs that only want to call it: missing.c makes each fail with ENOSYS. */
#ifndef MISSING_H
#define MISSING_H
#include <stdio.h>
#include <sys/types.h>

#define L_tmpnam 20
int system(const char *command);
char *tmpnam(char *name);
FILE *tmpfile(void);
FILE *popen(const char *command, const char *mode);
int pclose(FILE *stream);
int chmod(const char *path, mode_t mode);
int fchmod(int fd, mode_t mode);
int chown(const char *path, uid_t owner, gid_t group);
int fchown(int fd, uid_t owner, gid_t group);
mode_t umask(mode_t mask);
uid_t getuid(void);
uid_t geteuid(void);
int mkstemp(char *name);
int execvp(const char *file, char *const arguments[]);

#endif
