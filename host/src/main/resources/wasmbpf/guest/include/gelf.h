/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * gelf.h for wasm-bpf guests: the part of libelf that reads sections, segments and symbols of 64-bit little-endian files,
 * so that tools can look functions up. The file is read whole; nothing outside it is ever touched.
 */
#ifndef WASM_BPF_GELF_H
#define WASM_BPF_GELF_H

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef Elf64_Ehdr GElf_Ehdr;
typedef Elf64_Shdr GElf_Shdr;
typedef Elf64_Sym GElf_Sym;
typedef Elf64_Phdr GElf_Phdr;
typedef Elf64_Addr GElf_Addr;
typedef Elf64_Word GElf_Word;
typedef Elf64_Xword GElf_Xword;
typedef Elf64_Half GElf_Half;

#define GELF_ST_BIND(info) ELF64_ST_BIND(info)
#define GELF_ST_TYPE(info) ELF64_ST_TYPE(info)

typedef enum { ELF_C_NULL, ELF_C_READ, ELF_C_READ_MMAP } Elf_Cmd;
typedef enum { ELF_K_NONE, ELF_K_AR, ELF_K_COFF, ELF_K_ELF } Elf_Kind;
typedef enum { ELF_T_BYTE } Elf_Type;

typedef struct {
    void *d_buf;
    Elf_Type d_type;
    unsigned d_version;
    size_t d_size;
    int64_t d_off;
    size_t d_align;
} Elf_Data;

struct Elf;
typedef struct {
    struct Elf *elf;
    size_t index;
    Elf_Data data;
} Elf_Scn;

typedef struct Elf {
    unsigned char *bytes;
    size_t size;
    Elf64_Ehdr head;
    size_t sections; /* 0: none, or not in the file */
    size_t segments;
    Elf_Scn *scn;
} Elf;

static inline unsigned elf_version(unsigned version)
{
    return version == EV_CURRENT || version == EV_NONE ? EV_CURRENT : EV_NONE;
}

static inline const char *elf_errmsg(int error)
{
    (void)error;
    return "not a readable ELF file of 64 bits";
}

static inline int elf_errno(void)
{
    return 1;
}

static inline int elf_end(Elf *elf)
{
    if (elf) {
        free(elf->bytes);
        free(elf->scn);
        free(elf);
    }
    return 0;
}

/* Whether size bytes at offset are in the file. */
static inline int wasm_bpf__elf_has(const Elf *elf, uint64_t offset, uint64_t size)
{
    return offset <= elf->size && size <= elf->size - offset;
}

/* The file of a descriptor, from its start. NULL if it is none of ELF's. */
static inline Elf *elf_begin(int fd, Elf_Cmd cmd, Elf *ref)
{
    Elf *elf = (Elf *)calloc(1, sizeof(*elf));
    off_t size = lseek(fd, 0, SEEK_END);
    (void)cmd;
    (void)ref;
    if (!elf || size < (off_t)sizeof(elf->head) || lseek(fd, 0, SEEK_SET) < 0)
        goto bad;
    elf->bytes = (unsigned char *)malloc((size_t)size);
    if (!elf->bytes)
        goto bad;
    while (elf->size < (size_t)size) {
        ssize_t n = read(fd, elf->bytes + elf->size, (size_t)size - elf->size);
        if (n <= 0)
            goto bad;
        elf->size += (size_t)n;
    }
    memcpy(&elf->head, elf->bytes, sizeof(elf->head));
    if (memcmp(elf->head.e_ident, ELFMAG, SELFMAG) || elf->head.e_ident[EI_CLASS] != ELFCLASS64 ||
        elf->head.e_ident[EI_DATA] != ELFDATA2LSB)
        goto bad;
    if (elf->head.e_shentsize == sizeof(Elf64_Shdr) &&
        wasm_bpf__elf_has(elf, elf->head.e_shoff, (uint64_t)elf->head.e_shnum * sizeof(Elf64_Shdr)))
        elf->sections = elf->head.e_shnum;
    if (elf->head.e_phentsize == sizeof(Elf64_Phdr) &&
        wasm_bpf__elf_has(elf, elf->head.e_phoff, (uint64_t)elf->head.e_phnum * sizeof(Elf64_Phdr)))
        elf->segments = elf->head.e_phnum;
    elf->scn = (Elf_Scn *)calloc(elf->sections + 1, sizeof(*elf->scn));
    if (!elf->scn)
        goto bad;
    for (size_t i = 0; i < elf->sections; i++) {
        elf->scn[i].elf = elf;
        elf->scn[i].index = i;
    }
    return elf;
bad:
    elf_end(elf);
    return NULL;
}

static inline Elf_Kind elf_kind(Elf *elf)
{
    return elf ? ELF_K_ELF : ELF_K_NONE;
}

static inline GElf_Ehdr *gelf_getehdr(Elf *elf, GElf_Ehdr *to)
{
    if (!elf)
        return NULL;
    *to = elf->head;
    return to;
}

static inline GElf_Shdr *gelf_getshdr(Elf_Scn *scn, GElf_Shdr *to)
{
    if (!scn)
        return NULL;
    memcpy(to, scn->elf->bytes + scn->elf->head.e_shoff + scn->index * sizeof(*to), sizeof(*to));
    return to;
}

static inline GElf_Phdr *gelf_getphdr(Elf *elf, int index, GElf_Phdr *to)
{
    if (!elf || index < 0 || (size_t)index >= elf->segments)
        return NULL;
    memcpy(to, elf->bytes + elf->head.e_phoff + (size_t)index * sizeof(*to), sizeof(*to));
    return to;
}

static inline int elf_getphdrnum(Elf *elf, size_t *count)
{
    *count = elf->segments;
    return 0;
}

static inline int elf_getshdrnum(Elf *elf, size_t *count)
{
    *count = elf->sections;
    return 0;
}

static inline int elf_getshdrstrndx(Elf *elf, size_t *index)
{
    *index = elf->head.e_shstrndx;
    return 0;
}

static inline Elf_Scn *elf_getscn(Elf *elf, size_t index)
{
    return elf && index < elf->sections ? &elf->scn[index] : NULL;
}

static inline size_t elf_ndxscn(Elf_Scn *scn)
{
    return scn->index;
}

static inline Elf_Scn *elf_nextscn(Elf *elf, Elf_Scn *scn)
{
    return elf_getscn(elf, scn ? scn->index + 1 : 1);
}

/* The section's bytes as one piece: then NULL. */
static inline Elf_Data *elf_getdata(Elf_Scn *scn, Elf_Data *data)
{
    GElf_Shdr head;
    if (!scn || data || !gelf_getshdr(scn, &head))
        return NULL;
    if (head.sh_type == SHT_NOBITS || !wasm_bpf__elf_has(scn->elf, head.sh_offset, head.sh_size))
        return NULL;
    memset(&scn->data, 0, sizeof(scn->data));
    scn->data.d_buf = scn->elf->bytes + head.sh_offset;
    scn->data.d_size = (size_t)head.sh_size;
    scn->data.d_version = EV_CURRENT;
    return &scn->data;
}

static inline Elf_Data *elf_rawdata(Elf_Scn *scn, Elf_Data *data)
{
    return elf_getdata(scn, data);
}

static inline GElf_Sym *gelf_getsym(Elf_Data *data, int index, GElf_Sym *to)
{
    if (!data || index < 0 || (size_t)index >= data->d_size / sizeof(*to))
        return NULL;
    memcpy(to, (char *)data->d_buf + (size_t)index * sizeof(*to), sizeof(*to));
    return to;
}

static inline char *elf_strptr(Elf *elf, size_t section, size_t offset)
{
    Elf_Data *data = elf_getdata(elf_getscn(elf, section), NULL);
    if (!data || offset >= data->d_size || !memchr((char *)data->d_buf + offset, 0, data->d_size - offset))
        return NULL;
    return (char *)data->d_buf + offset;
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_GELF_H */
