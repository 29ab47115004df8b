// Compiled for machines of other byte order and word size: only headers, symbols and relocations matter.
extern int external(int);
int table[3] = {1, 2, 3};
int *pointer = &table[1];
int *before = table - 1;

int use(int n)
{
    return external(n) + *pointer;
}
