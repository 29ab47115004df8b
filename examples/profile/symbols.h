/* Names for addresses: of the kernel by /proc/kallsyms, of a process by /proc/PID/maps and its files' symbol tables.
 * What of that was not given to the module (wasm-bpf --dir) leaves addresses, or offsets in files. */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include <ctype.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct symbol {
    uint64_t start;
    uint64_t size; /* 0: up to the next */
    char *name;
};

struct symbols {
    struct symbol *all; /* by start and name */
    size_t count, room;
};

struct segment {
    uint64_t address, offset, size;
};

/* A file, read once. */
struct binary {
    char *path;
    struct segment *segments;
    size_t segment_count;
    struct symbols symbols;
    struct binary *next;
};

/* A range of a process that code runs in. */
struct mapping {
    uint64_t start, end, offset;
    char *path; /* or [vdso] and the like; "" if it is no file's */
};

struct process {
    int pid;
    struct mapping *mappings;
    size_t count;
    struct process *next;
};

static void add_symbol(struct symbols *to, uint64_t start, uint64_t size, const char *name)
{
    if (to->count == to->room) {
        size_t room = to->room ? to->room * 2 : 1024;
        struct symbol *all = realloc(to->all, room * sizeof(*all));

        if (!all)
            return;
        to->all = all;
        to->room = room;
    }
    to->all[to->count] = (struct symbol){ .start = start, .size = size, .name = strdup(name) };
    if (to->all[to->count].name)
        to->count++;
}

/* Of names for one place the last is taken, so read before __read. */
static int by_start(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;

    return x->start != y->start ? (x->start > y->start) - (x->start < y->start) : strcmp(x->name, y->name);
}

static void sort_symbols(struct symbols *symbols)
{
    if (symbols->count)
        qsort(symbols->all, symbols->count, sizeof(*symbols->all), by_start);
}

static const char *symbol_at(const struct symbols *symbols, uint64_t address)
{
    size_t low = 0, high = symbols->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (symbols->all[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low)
        return NULL;
    const struct symbol *s = &symbols->all[low - 1];

    return s->size && address - s->start >= s->size ? NULL : s->name;
}

/* How many functions it names; 0 if it cannot be read, or hides its addresses. */
static size_t read_kernel_symbols(struct symbols *to)
{
    FILE *file = fopen("/proc/kallsyms", "r");
    char line[512], name[256], type;
    unsigned long long start;

    if (!file)
        return 0;
    while (fgets(line, sizeof(line), file)) {
        if (sscanf(line, "%llx %c %255s", &start, &type, name) == 3 && start && tolower(type) == 't')
            add_symbol(to, start, 0, name);
    }
    fclose(file);
    sort_symbols(to);
    return to->count;
}

static void read_table(struct binary *binary, Elf *elf, Elf_Scn *section, const GElf_Shdr *head)
{
    Elf_Data *data = elf_getdata(section, NULL);
    GElf_Sym symbol;

    for (int i = 0; gelf_getsym(data, i, &symbol); i++) {
        const char *name = elf_strptr(elf, head->sh_link, symbol.st_name);

        if (GELF_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_value && name && *name)
            add_symbol(&binary->symbols, symbol.st_value, symbol.st_size, name);
    }
}

static void read_binary(struct binary *binary)
{
    int fd = open(binary->path, O_RDONLY);
    Elf *elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
    size_t segments = 0;
    Elf_Scn *section = NULL;
    GElf_Shdr head;
    GElf_Phdr segment;

    if (fd >= 0)
        close(fd);
    if (!elf)
        return;
    elf_getphdrnum(elf, &segments);
    binary->segments = calloc(segments + 1, sizeof(*binary->segments));
    for (size_t i = 0; binary->segments && i < segments; i++) {
        if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_LOAD)
            binary->segments[binary->segment_count++] =
                (struct segment){ .address = segment.p_vaddr, .offset = segment.p_offset, .size = segment.p_filesz };
    }
    while ((section = elf_nextscn(elf, section))) {
        if (gelf_getshdr(section, &head) && (head.sh_type == SHT_SYMTAB || head.sh_type == SHT_DYNSYM))
            read_table(binary, elf, section, &head);
    }
    elf_end(elf);
    sort_symbols(&binary->symbols);
}

static struct binary *binary_of(const char *path)
{
    static struct binary *binaries;

    for (struct binary *b = binaries; b; b = b->next) {
        if (!strcmp(b->path, path))
            return b;
    }
    struct binary *b = calloc(1, sizeof(*b));

    if (!b)
        return NULL;
    b->path = strdup(path);
    b->next = binaries;
    binaries = b;
    if (b->path && path[0] == '/')
        read_binary(b);
    return b;
}

static void read_mappings(struct process *process)
{
    char file[64], line[1024];
    FILE *maps;

    snprintf(file, sizeof(file), "/proc/%d/maps", process->pid);
    maps = fopen(file, "r");
    while (maps && fgets(line, sizeof(line), maps)) {
        unsigned long long start, end, offset;
        char flags[5];
        int path = 0;

        line[strcspn(line, "\n")] = '\0';
        if (sscanf(line, "%llx-%llx %4s %llx %*s %*s %n", &start, &end, flags, &offset, &path) < 4 || flags[2] != 'x')
            continue;
        struct mapping *all = realloc(process->mappings, (process->count + 1) * sizeof(*all));

        if (!all)
            break;
        process->mappings = all;
        all[process->count].path = strdup(path ? line + path : "");
        if (!all[process->count].path)
            break;
        all[process->count].start = start;
        all[process->count].end = end;
        all[process->count++].offset = offset;
    }
    if (maps)
        fclose(maps);
}

static struct process *process_of(int pid)
{
    static struct process *processes;

    for (struct process *p = processes; p; p = p->next) {
        if (p->pid == pid)
            return p;
    }
    struct process *p = calloc(1, sizeof(*p));

    if (!p)
        return NULL;
    p->pid = pid;
    p->next = processes;
    processes = p;
    read_mappings(p);
    return p;
}

/* The function, or the file and the offset in it, or the address. */
static void user_name(int pid, uint64_t address, char *text, size_t size)
{
    struct process *process = process_of(pid);

    for (size_t i = 0; process && i < process->count; i++) {
        const struct mapping *m = &process->mappings[i];

        if (address < m->start || address >= m->end)
            continue;
        uint64_t offset = address - m->start + m->offset;
        const char *slash = strrchr(m->path, '/'), *base = slash ? slash + 1 : m->path;
        struct binary *binary = *m->path ? binary_of(m->path) : NULL;
        const char *name = NULL;

        for (size_t s = 0; binary && !name && s < binary->segment_count; s++) {
            const struct segment *segment = &binary->segments[s];

            if (offset >= segment->offset && offset - segment->offset < segment->size)
                name = symbol_at(&binary->symbols, offset - segment->offset + segment->address);
        }
        if (name)
            snprintf(text, size, "%s", name);
        else if (*base)
            snprintf(text, size, "%s+0x%llx", base, (unsigned long long)offset);
        else
            snprintf(text, size, "[anon]");
        return;
    }
    snprintf(text, size, "0x%llx", (unsigned long long)address);
}

static void kernel_name(const struct symbols *kernel, uint64_t address, char *text, size_t size)
{
    const char *name = symbol_at(kernel, address);

    if (name)
        snprintf(text, size, "%s", name);
    else
        snprintf(text, size, "0x%llx", (unsigned long long)address);
}

#endif
