# A switch through a table, as clang 21 writes it: the second function of the section jumps by table at offset 16.
        .section raw_tp,"ax",@progbits
        .globl first
        .type first,@function
first:
        r0 = 0
        exit
        .size first, 16
        .globl second
        .type second,@function
second:
        r1 = TABLE ll
        r0 = 1
        exit
        r0 = 2
        exit
        .size second, 48
        .section .jumptables,"",@progbits
        .quad 1
        .quad 2
        .globl TABLE
        .type TABLE,@object
TABLE:
        .quad 32
        .quad 48
        .quad 32
        .size TABLE, 24
        .section license,"aw",@progbits
        .asciz "GPL"
