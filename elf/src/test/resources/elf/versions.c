// A shared library with versioned symbols, a weak one, an indirect function, and a USDT note written by hand.
int answer_old(void) { return 41; }
int answer_new(void) { return 42; }
__asm__(".symver answer_old,answer@LIB_1.0");
__asm__(".symver answer_new,answer@@LIB_2.0");

__attribute__((weak)) int weak_one(void) { return 1; }
int exported_data = 5;
static int hidden_helper(int x) { return x * 3; }
unsigned short probe_semaphore __attribute__((section(".probes")));

static int (*choose(void))(int) { return hidden_helper; }
int chosen(int) __attribute__((ifunc("choose")));

extern int puts(const char *);

int traced(int n)
{
    __asm__ volatile("990: nop\n"
                     ".pushsection .note.stapsdt,\"?\",\"note\"\n"
                     ".balign 4\n"
                     ".4byte 992f-991f, 994f-993f, 3\n"
                     "991: .asciz \"stapsdt\"\n"
                     "992: .balign 4\n"
                     "993: .8byte 990b\n"
                     ".8byte 0\n"
                     ".8byte probe_semaphore\n"
                     ".asciz \"library\"\n"
                     ".asciz \"traced\"\n"
                     ".asciz \"-4@%0\"\n"
                     "994: .balign 4\n"
                     ".popsection" :: "r"(n));
    return puts("traced");
}
