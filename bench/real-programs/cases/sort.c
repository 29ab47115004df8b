/* For clang: no header, loops, doubles, a jump table, calls by pointer. */
int printf(const char *, ...);
struct node { struct node *next; int value; };
static int less(const int *a, const int *b) { return *a < *b; }
void sort(int *v, int n, int (*before)(const int *, const int *)) {
  for (int i = 1; i < n; i++)
    for (int j = i; j > 0 && before(&v[j], &v[j - 1]); j--) { int t = v[j]; v[j] = v[j - 1]; v[j - 1] = t; }
}
int sum(struct node *list) { int s = 0; for (; list; list = list->next) s += list->value; return s; }
const char *word(int n) {
  switch (n) { case 0: return "zero"; case 1: return "one"; case 2: return "two"; case 3: return "three"; case 5: return "five"; default: return "many"; }
}
int main(int argc, char **argv) {
  int a[100]; double mean = 0;
  for (int i = 0; i < 100; i++) a[i] = i * 7919 % 1000;
  sort(a, 100, less);
  for (int i = 0; i < 100; i++) mean += a[i] / 100.0;
  struct node list[3] = {{&list[1], a[0]}, {&list[2], a[1]}, {0, argc}};
  return printf("%s %f %d\n", word(argc), mean, sum(list));
}
