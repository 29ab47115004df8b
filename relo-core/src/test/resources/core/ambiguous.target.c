#include "core.h"

struct local_root { int a; };
struct local_root___2 { int pad; int a; };
enum color { RED, GREEN };
enum color___2 { RED___2 = 2, GREEN___2 };
struct local_root *k1; struct local_root___2 *k2; enum color *k5; enum color___2 *k6;
