/* Formats of 64-bit Linux, for arguments that have 64 bits in a module too; format.expected is what a native build prints. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define warn(...) fprintf(stderr, __VA_ARGS__)

int main(void)
{
    int64_t size = -5;
    uint64_t sent = 3ULL << 40, address = 0xffffffff81000000ULL;
    time_t when = 7;
    long small = -9;
    char buffer[8] = "eight", line[100];
    double half = 1.5;

    printf("nothing\n");
    printf("%d %6ld|%-8zd|%zu %s %.2f %p\n", 1, when, size, sent, buffer, half, address);
    printf("%*lu %s %5.*f %% %lx %lld %hhd\n", 20, sent, "x", 2, half, address, (long long)sent, 300);
    printf("%ld %ld %lu %c %s\n", small, size, (unsigned long)7, 'c', buffer);
    printf("%jd %ju %05ld %#lx %+ld\n", (intmax_t)size, (uintmax_t)sent, size, sent, when);
    printf("%1$ld %2$d\n", 5L, 4);
    printf("%ld\n", size++);
    printf("%ld %s\n", size, size > 0 ? "more" : "less");
    printf("%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d %ld %ld\n", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4,
           5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, sent, size);
    snprintf(line, sizeof(line), "%ld %d", sent, 2);
    puts(line);
    sprintf(line, "%lu %d %ld", sent, 2, 9L);
    puts(line);
    snprintf(line, 5, "%lu", sent);
    puts(line);
    printf(buffer);
    printf("\n");
    fflush(stdout);
    warn("%ld of %s\n", size, buffer);
    dprintf(1, "%ld and %d\n", sent, 3);
    return 0;
}
